"""Neural abstraction pyramid: pictures at falling size and rising meaning, which talk to each other
again and again.

Behnke & Rojas, *Neural Abstraction Pyramid: A Hierarchical Image Understanding Architecture*, IJCNN
1998; Behnke, *Hierarchical Neural Networks for Image Interpretation*, LNCS 2766, 2003. The maps of
level l at step t come from the level below, its own neighbours and the level above, all one step
earlier:

    a_l(t) = f( W_up * a_{l-1}(t-1) + W_side * a_l(t-1) + W_down * a_{l+1}(t-1) + b )

Level 0 is the picture, the same at every step; ``W_up`` halves the size, ``W_down`` doubles it.
Deviations: f is tanh; all projections are plain convolutions, learned by gradients.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn


class AbstractionPyramid(nn.Module):
    """Pictures ``[B, inputs, h, w]`` -> maps of every level at every step: a list over steps of
    lists over levels, ``[B, channels[l], h / 2^(l+1), w / 2^(l+1)]``; sides divide by ``2^levels``.

    channels: of every level above the picture.
    """

    def __init__(self, *, inputs: int, channels: Sequence[int], steps: int) -> None:
        super().__init__()
        self.steps, self.channels = steps, tuple(channels)
        below = (inputs, *channels[:-1])
        self.up = nn.ModuleList(
            nn.Conv2d(lower, own, 4, stride=2, padding=1)
            for lower, own in zip(below, channels, strict=True))
        self.side = nn.ModuleList(
            nn.Conv2d(own, own, 3, padding=1, bias=False) for own in channels)
        self.down = nn.ModuleList(
            nn.ConvTranspose2d(higher, own, 4, stride=2, padding=1, bias=False)
            for own, higher in pairwise(channels))

    def forward(self, pictures: Tensor) -> list[list[Tensor]]:
        maps = self._nothing(pictures)
        history = []
        for _ in range(self.steps):
            lower = [pictures, *maps[:-1]]
            told = [up(low) + side(own) for up, side, low, own in zip(
                self.up, self.side, lower, maps, strict=True)]
            for level, down in enumerate(self.down):
                told[level] = told[level] + down(maps[level + 1])
            maps = [torch.tanh(level) for level in told]
            history.append(maps)
        return history

    def _nothing(self, pictures: Tensor) -> list[Tensor]:
        batch, _, height, width = pictures.shape
        return [pictures.new_zeros(batch, own, height >> level, width >> level)
                for level, own in enumerate(self.channels, 1)]
