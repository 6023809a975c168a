"""The networks of the paper, as they were published.

Shi et al. 2015, section 4.1: films of Moving-MNIST as 16-channel maps (patches of 4 x 4 px), ten
frames read and ten said. Peepholes are one number a channel, the lowest layer of the forecaster has
no input, and a 1 x 1 convolution joins the hidden maps of all its layers: only so do the numbers of
parameters come out as printed. They are here to be counted and to learn from; the networks that
the room runs are in :mod:`hybridcore.nowcast.networks`.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from hybridcore.layers.conv_lstm import ConvLSTM
from hybridcore.layers.unrolled import State, unroll

PATCH_CHANNELS = 16
# Maps of every layer -> the number of parameters that the paper prints in table 1.
PARAMETERS = {(256,): 13_524_496, (128, 128): 10_042_896, (128, 64, 64): 7_585_296}


class EncoderForecaster(nn.Module):
    """``films [B, T, 16, h, w]`` -> logits of the frames to come, ``[B, frames, 16, h, w]``.

    channels: maps of every layer, from the lowest up; kernel: px.
    """

    def __init__(self, *, channels: tuple[int, ...] = (128, 64, 64), kernel: int = 5) -> None:
        super().__init__()
        below = (PATCH_CHANNELS, *channels[:-1])
        self.encoder, self.forecaster = (nn.ModuleList([
            ConvLSTM(inputs=inputs, channels=own, kernel=kernel)
            for inputs, own in zip(lowest, channels, strict=True)])
            for lowest in (below, (0, *below[1:])))
        self.say = nn.Conv2d(sum(channels), PATCH_CHANNELS, 1)

    def forward(self, films: Tensor, frames: int = 10) -> Tensor:
        memory: list[State] = []
        inputs = films
        for layer in self.encoder:
            inputs, state = unroll(layer, inputs)
            memory.append(state)
        hidden, inputs = [], films[:, :1].expand(-1, frames, -1, -1, -1)
        for layer, state in zip(self.forecaster, memory, strict=True):
            inputs, _ = unroll(layer, inputs, state)
            hidden.append(inputs)
        joined = torch.cat(hidden, 2)  # [B, frames, all channels, h, w]
        said: Tensor = self.say(joined.flatten(0, 1))
        return said.unflatten(0, joined.shape[:2])
