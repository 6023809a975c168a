"""The two clips of a trial: which of them is real."""

from pathlib import Path

import numpy as np
import pytest

from hybridcore.media import Clip, read_sound
from hybridcore.sound.cochleagram import RATE
from hybridcore.sound.game import Answer, Trial, times_fooled, trial_files


@pytest.mark.parametrize("real_first", [True, False])
def test_the_real_one_has_the_clips_own_sound(
    real_first: bool, loud_video: Path, tmp_path: Path
) -> None:
    clip, trial = Clip.open(loud_video), Trial("stick", 0.0, real_first)
    time = np.arange(2 * RATE) / RATE
    made = (0.2 * np.sin(2 * np.pi * 440 * time)).astype(np.float32)
    pair = [read_sound(path, RATE) for path in trial_files(trial, clip, made, tmp_path)]
    real, fake = pair if real_first else pair[::-1]
    own = read_sound(loud_video, RATE)
    for heard, source in ((real, own), (fake, made)):
        shared = min(len(heard), len(source))
        assert np.corrcoef(heard[:shared], source[:shared])[0, 1] > 0.9
    other = trial_files(trial, clip, -made, tmp_path)  # of another model: not the same file
    assert set(other) - set(trial_files(trial, clip, made, tmp_path))


def test_only_the_made_sound_taken_for_real_fools() -> None:
    trial = Trial("stick", 0.0, True)
    assert times_fooled([Answer(trial, True), Answer(trial, False), Answer(trial, True)]) == 2
