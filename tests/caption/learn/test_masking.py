"""Taking cells away from a sentence: against plain computations, and on the model that ships."""

import numpy as np
import pytest
import torch
from skimage import data
from sklearn.datasets import load_sample_images

from hybridcore.caption.grid import SIDE, encode_grid
from hybridcore.caption.learn.masking import losses, without
from hybridcore.caption.model import CaptionConfig, Kind
from hybridcore.caption.networks import build, load_model
from hybridcore.encoder.encoder import Encoder
from hybridcore.media.picture import resize

SMALL = CaptionConfig(
    vocabulary=17, cell_dim=12, features=10, attention=6, embedding=8, hidden=9)


def small(kind: Kind) -> torch.nn.Module:
    torch.manual_seed(4)
    return build(kind, SMALL).eval().requires_grad_(False)


@pytest.fixture
def cells() -> torch.Tensor:
    return torch.rand(1, 9, 12, generator=torch.Generator().manual_seed(1)) * 6


def test_cells_give_way_to_the_mean_cell(cells: torch.Tensor) -> None:
    model = small("attend")
    masked = cells.repeat(2, 1, 1)
    masked[0, [2, 5]] = cells[0].mean(0)
    masked[1, [0, 8]] = cells[0].mean(0)
    plain, found = model.read(masked), without(model, cells, torch.tensor([[2, 5], [0, 8]]))
    torch.testing.assert_close(found.features, plain.features)
    torch.testing.assert_close(found.keys, plain.keys)


def test_nothing_is_lost_where_all_cells_are_alike(cells: torch.Tensor) -> None:
    same = cells[:, :1].repeat(1, 9, 1)
    lost = losses(small("attend"), same, np.random.default_rng(0), count=3)
    assert len(lost.attended) == len(lost.random) > 0
    np.testing.assert_allclose(np.r_[lost.attended, lost.random], 0, atol=1e-4)


def test_all_cells_taken_are_the_same_at_random_or_not(cells: torch.Tensor) -> None:
    lost = losses(small("attend"), cells, np.random.default_rng(0), count=9)
    np.testing.assert_allclose(lost.attended, lost.random, atol=1e-4)
    assert np.abs(lost.attended).max() > 1e-4


def test_a_model_without_attention_is_refused(cells: torch.Tensor) -> None:
    with pytest.raises(ValueError, match="no attention"):
        losses(small("tell"), cells, np.random.default_rng(0))


def test_the_model_that_ships_uses_what_it_attends_to() -> None:
    pictures = [data.astronaut(), data.chelsea(), data.coffee(), data.rocket(),
                *load_sample_images().images]
    frames = np.stack([resize(np.asarray(picture), SIDE) for picture in pictures])
    grids = encode_grid(Encoder.load("cpu"), frames).flatten(2).transpose(1, 2)
    model, rng = load_model("attend"), np.random.default_rng(0)
    lost = [losses(model, grid[None], rng) for grid in grids]
    attended = np.concatenate([one.attended for one in lost])
    scattered = np.concatenate([one.random for one in lost])
    assert attended.mean() > 1.5 * max(0.0, scattered.mean())
    assert attended.mean() > 0.02
