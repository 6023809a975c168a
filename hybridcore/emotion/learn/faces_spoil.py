"""Single faces changed while a network learns: moved, turned, mirrored, spoilt, covered."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor

from hybridcore.emotion.face import standardised

_TURN, _ZOOM, _SHIFT = math.radians(12), 0.16, 0.08
_BLUR, _NOISE, _COVER = 0.2, 0.2, 0.4  # shares of the faces


def changed(crops: Tensor, side: int) -> Tensor:
    """Grey ``[N, S, S]``, 0..255 -> ``[N, 3, side, side]`` as the network sees them, each changed
    in its own way."""
    count = len(crops)
    x = crops[:, None].float()
    blurred = torch.rand(count) < _BLUR
    if blurred.any():
        small = int(torch.randint(16, 33, ()))
        low = F.interpolate(x[blurred], (small, small), mode="area")
        x[blurred] = F.interpolate(low, x.shape[2:], mode="bilinear", align_corners=False)
    places = F.affine_grid(_moves(count), [count, 1, side, side], align_corners=False)
    x = standardised(F.grid_sample(x, places, padding_mode="border", align_corners=False))
    noise = 0.15 * torch.rand(count, 1, 1, 1) * (torch.rand(count, 1, 1, 1) < _NOISE)
    x = x + noise * torch.randn_like(x)
    return (x * _uncovered(count, side)).expand(-1, 3, -1, -1)


def _moves(count: int) -> Tensor:
    """Matrices ``[N, 2, 3]`` that turn, zoom, mirror and shift."""
    angle = _TURN * (2 * torch.rand(count) - 1)
    zoom = torch.exp(_ZOOM * (2 * torch.rand(count) - 1))
    mirror = 1 - 2 * (torch.rand(count) < 0.5).float()
    cos, sin = zoom * torch.cos(angle), zoom * torch.sin(angle)
    shift = 2 * _SHIFT * (2 * torch.rand(count, 2) - 1)
    return torch.stack([torch.stack([mirror * cos, -sin, shift[:, 0]], 1),
                        torch.stack([mirror * sin, cos, shift[:, 1]], 1)], 1)


def _uncovered(count: int, side: int) -> Tensor:
    """``[N, 1, side, side]``: 0 in a rectangle of some faces, 1 elsewhere."""
    at = (torch.arange(side) + 0.5) / side
    size = 0.1 + 0.35 * torch.rand(count, 2)
    size[torch.rand(count) >= _COVER] = 0
    centre = torch.rand(count, 2)
    inside = ((at - centre[..., None]).abs() < size[..., None] / 2).float()  # [N, 2, side]
    return 1 - inside[:, 0, None, None] * inside[:, 1, None, :, None]
