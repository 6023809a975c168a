"""Encoder grids kept as bytes: they lie in 0..6 (ReLU6), so steps of 6/255 lose next to nothing."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

GRID_MAX = 6.0


def pack_grid(grid: Tensor) -> np.ndarray:
    """``[N, C, h, w]`` in 0..6 -> uint8 ``[N, h * w, C]``."""
    cells = grid.flatten(2).transpose(1, 2)
    return (cells * (255 / GRID_MAX)).round().to(torch.uint8).cpu().numpy()


def unpack_grid(cells: np.ndarray) -> Tensor:
    """uint8 of any shape -> float32 in 0..6."""
    return torch.from_numpy(cells).float().mul_(GRID_MAX / 255)
