"""Soft spatial attention over a feature grid.

Additive ("concat") attention of Bahdanau et al. 2015 (arXiv 1409.0473) with the query left out:
a cell's weight depends on what the cell shows alone,

    e_i = v . tanh(W x_i),   a = softmax(e),   y = sum_i a_i x_i,

so all frames of a clip are attended at once and the recurrent layer above can run fused.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn


class SpatialAttention(nn.Module):
    """``[..., L, D]`` cells -> attended ``[..., D]`` and the map ``[..., L]`` that sums to one."""

    def __init__(self, *, dim: int, hidden: int) -> None:
        super().__init__()
        self.project = nn.Linear(dim, hidden)
        self.score = nn.Linear(hidden, 1, bias=False)

    def forward(self, cells: Tensor) -> tuple[Tensor, Tensor]:
        scores = self.score(torch.tanh(self.project(cells))).squeeze(-1)  # [..., L]
        weights = scores.softmax(-1)
        attended = torch.einsum("...l,...ld->...d", weights, cells)
        return attended, weights
