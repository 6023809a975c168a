"""Soft attention: a weighted mean whose weights follow the cells."""

import torch

from hybridcore.layers.attention import SpatialAttention


def test_map_sums_to_one_and_output_is_the_weighted_mean() -> None:
    torch.manual_seed(0)
    attention = SpatialAttention(dim=8, hidden=5)
    cells = torch.randn(2, 3, 10, 8)
    attended, weights = attention(cells)
    assert attended.shape == (2, 3, 8)
    torch.testing.assert_close(weights.sum(-1), torch.ones(2, 3))
    expected = (weights[..., None] * cells).sum(-2)
    torch.testing.assert_close(attended, expected)


def test_shuffling_the_cells_shuffles_the_map() -> None:
    torch.manual_seed(0)
    attention = SpatialAttention(dim=8, hidden=5)
    cells, order = torch.randn(10, 8), torch.randperm(10)
    attended, weights = attention(cells)
    other, moved = attention(cells[order])
    torch.testing.assert_close(moved, weights[order])
    torch.testing.assert_close(other, attended)
