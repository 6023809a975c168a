"""The training of one sound model."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from hybridcore.sound.learn.data import batches
from hybridcore.sound.learn.fit import FitConfig, loss_of, robust_loss, weights
from hybridcore.sound.model import SoundConfig, SoundModel
from tests.sound.learn.test_data import example


def test_the_loss_hardly_minds_an_outlier() -> None:
    true = torch.zeros(10, 42)
    near, far = true + 0.01, true.clone()
    far[0] += 5
    assert (robust_loss(true, true) == 0).all()
    assert robust_loss(far, true).mean() < 10 * robust_loss(near, true).mean()


def test_frames_count_more_where_nothing_is_struck_for_a_while() -> None:
    one = example("2015-01-01-10-00-00-1", np.array([1.0, 1.8, 6.0]))
    one.weight[60] = 0.5
    counted = weights(one, FitConfig(quiet=3))
    assert counted[[10, 100, 200, 40, 60, 182]] == pytest.approx([1, 4, 4, 1, 0.5, 1])


def test_nothing_is_learned_of_a_sound_that_is_not_known() -> None:
    torch.manual_seed(0)
    model = SoundModel(config=SoundConfig(dim=8, hidden=8, level=4, appearance=4)).eval()
    silent = example("camera-1", np.empty(0))
    silent = replace(silent, strokes=np.tile(silent.strokes, 2),
                     cochleagram=np.full_like(silent.cochleagram, np.nan))
    batch = next(batches([silent], size=2, length=32, rng=np.random.default_rng(0)))
    output = model(batch.strokes, batch.appearance)
    loss_of(output, batch, model.lookahead, FitConfig()).backward()
    assert all(torch.isfinite(p.grad).all() for p in model.parameters() if p.grad is not None)
    assert model.onset.weight.grad.abs().max() > 0
    for head in (model.strength, model.sound):
        assert head.weight.grad.abs().max() == 0
