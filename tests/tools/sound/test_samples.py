"""The rendered sample clips with their true sound."""

import json
from pathlib import Path

import numpy as np
import pytest

from hybridcore.answers import finish, look, shared_model
from hybridcore.media import Clip, read_sound
from hybridcore.sound.cochleagram import RATE
from hybridcore.sound.learn.metrics import TOLERANCE
from hybridcore.sound.samples import SAMPLES
from hybridcore.sound.system import SYSTEM
from hybridcore.system import Sample
from hybridcore.training.metrics import f1, match_times
from tools.sound.samples import RECIPES, SIZE


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda s: s.key)
def test_samples_ship_with_their_truth(sample: Sample, tmp_path: Path) -> None:
    path = sample.path(tmp_path)
    info = Clip.open(path).info
    assert (info.height, info.width) == SIZE
    truth = json.loads(path.with_suffix(".json").read_text())
    sound = read_sound(path, RATE)
    assert bool(truth) == (sample.key != "still") == bool(np.abs(sound).max() > 1e-3)
    assert sample.thumbnail.stat().st_size < 40_000


def test_every_sample_has_its_recipe(tmp_path: Path) -> None:
    assert list(RECIPES) == [sample.path(tmp_path).stem for sample in SAMPLES]


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda s: s.key)
def test_what_is_struck_in_a_sample_is_heard(sample: Sample, tmp_path: Path) -> None:
    """As the page opens them: with the first model and its own threshold."""
    path, (reader,), kind = sample.path(tmp_path), SYSTEM.reads, SYSTEM.kinds[0].key
    clip, options = reader.open(path), SYSTEM.defaults(kind)
    outputs = look(SYSTEM, reader, clip, options)
    answer = finish(SYSTEM, shared_model(SYSTEM), outputs, clip, kind, options)
    made = np.array([onset.time for onset in answer.result.onsets])
    true = np.array([onset["time"] for onset in json.loads(path.with_suffix(".json").read_text())])
    if not len(true):
        assert not len(made)
        return
    right = len(match_times(made, true, TOLERANCE))
    assert f1(right, len(made) - right, len(true) - right) >= 0.9
