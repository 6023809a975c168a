"""The rendered sample clips with their true sound."""

import json

import numpy as np
import pytest

from hybridcore.cards import ASSETS
from hybridcore.media import Clip, read_sound
from hybridcore.sound.cochleagram import RATE
from hybridcore.sound.samples import SAMPLES, SoundSample
from tools.sound.samples import RECIPES


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda s: s.name)
def test_samples_ship_with_their_truth(sample: SoundSample) -> None:
    folder = ASSETS / "samples"
    info = Clip.open(folder / f"{sample.name}.mp4").info
    assert (info.height, info.width) == (360, 640)
    truth = json.loads((folder / f"{sample.name}.json").read_text())
    sound = read_sound(folder / f"{sample.name}.mp4", RATE)
    assert bool(truth) == sample.struck == bool(np.abs(sound).max() > 1e-3)
    assert (folder / f"{sample.name}.jpg").stat().st_size < 40_000


def test_every_sample_has_its_recipe() -> None:
    assert list(RECIPES) == [sample.name for sample in SAMPLES]
