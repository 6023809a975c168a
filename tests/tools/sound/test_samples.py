"""The rendered sample clips with their true sound."""

import json
from pathlib import Path

import numpy as np
import pytest

from hybridcore.media import Clip, read_sound
from hybridcore.sound.cochleagram import RATE
from hybridcore.sound.samples import SAMPLES
from hybridcore.system import Sample
from tools.sound.samples import RECIPES


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda s: s.key)
def test_samples_ship_with_their_truth(sample: Sample, tmp_path: Path) -> None:
    path = sample.path(tmp_path)
    info = Clip.open(path).info
    assert (info.height, info.width) == (360, 640)
    truth = json.loads(path.with_suffix(".json").read_text())
    sound = read_sound(path, RATE)
    assert bool(truth) == (sample.key != "still") == bool(np.abs(sound).max() > 1e-3)
    assert sample.thumbnail.stat().st_size < 40_000


def test_every_sample_has_its_recipe(tmp_path: Path) -> None:
    assert list(RECIPES) == [sample.path(tmp_path).stem for sample in SAMPLES]
