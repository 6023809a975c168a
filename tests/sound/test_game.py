"""The two clips of a trial: which of them is real."""

from pathlib import Path

import numpy as np
import pytest

from hybridcore.errors import MediaError
from hybridcore.media import Clip, read_sound
from hybridcore.sound.cochleagram import RATE
from hybridcore.sound.game import (
    ENOUGH,
    SECONDS,
    Answer,
    Trial,
    interval,
    times_fooled,
    trial_files,
    verdict,
)
from tests.media.films import film


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


@pytest.mark.parametrize("start", [0.0, 4.0, 6.5, 11.0])
@pytest.mark.parametrize(("heard", "shown"), [
    ([(0, 2)], (0, 8)),  # the track ends long before the pictures do
    ([(0, 3), (9, 12)], (0, 12)),  # a recorder that was muted for a while
    ([(0, 12)], (0, 4)),  # a picture that stands still while the sound goes on
    ([(1.0, 1.2)], (0, 12)),  # one blow
])
def test_the_real_one_is_heard(
    heard: list[tuple[float, float]], shown: tuple[float, float], start: float, tmp_path: Path
) -> None:
    seconds = max(heard[-1][1], shown[1])
    sound = np.zeros(round(heard[-1][1] * RATE), np.float32)
    rng = np.random.default_rng(0)
    for begin, end in heard:
        piece = sound[round(begin * RATE) : round(end * RATE)]
        piece[:] = rng.normal(0, 0.1, len(piece))
    times = [k / 5 for k in range(round(5 * shown[1]))]
    path = film(tmp_path / "in.mp4", times=[*times, seconds - 0.2], sound=sound, sound_rate=RATE)
    clip, made = Clip.open(path), rng.normal(0, 0.1, round(seconds * RATE)).astype(np.float32)
    real, fake = trial_files(Trial("a", start, True), clip, made, tmp_path)
    least = 0.4 * min(SECONDS, sum(end - begin for begin, end in heard))
    for piece in (read_sound(real, RATE), read_sound(fake, RATE)):
        assert (np.abs(piece) > 0.01).mean() * SECONDS > least
        assert len(piece) / RATE == pytest.approx(SECONDS, abs=0.3)


def test_a_clip_that_is_silent_takes_no_part(tmp_path: Path) -> None:
    clip = Clip.open(film(tmp_path / "in.mp4", sound=np.zeros(RATE, np.float32), sound_rate=RATE))
    with pytest.raises(MediaError, match="silent"):
        trial_files(Trial("a", 0.0, True), clip, np.ones(RATE, np.float32), tmp_path)


def test_only_the_made_sound_taken_for_real_fools() -> None:
    trial = Trial("stick", 0.0, True)
    assert times_fooled([Answer(trial, True), Answer(trial, False), Answer(trial, True)]) == 2


def test_an_interval_comes_with_enough_answers() -> None:
    answers = [Answer(Trial("stick", 0.0, True), k % 2 == 0) for k in range(ENOUGH)]
    assert interval(answers[:-1]) is None
    low, high, _ = interval(answers)
    assert low == pytest.approx(0.2366, abs=1e-3)  # Wilson, 5 of 10
    assert high == pytest.approx(0.7634, abs=1e-3)


def test_it_is_said_at_once_which_was_real_and_how_often_one_was_right() -> None:
    answers = [Answer(Trial("a", 0.0, True), False), Answer(Trial("a", 0.0, False), True)]
    assert verdict(answers[:1]) == "The first was real: you were right. So far right 1 of 1."
    assert verdict(answers) == "The second was real: you were fooled. So far right 1 of 2."
