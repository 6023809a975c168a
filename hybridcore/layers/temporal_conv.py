"""Temporal convolutional network.

Paper: Bai, Kolter & Koltun, *An Empirical Evaluation of Generic Convolutional and Recurrent
Networks for Sequence Modeling*, 2018 (arXiv 1803.01271). A residual block holds two causal
dilated convolutions, each with weight norm, ReLU and dropout (section 3.3, figure 1); block ``l``
has dilation ``2 ** l``. Receptive field with two convolutions a block: ``1 + 2 (k - 1)(2^L - 1)``.

Deviations: dropout is elementwise, not by channel; the network can be run chunk by chunk, because
each convolution hands on the tail of its input (``(k - 1) * dilation`` steps) as its state.
"""

from __future__ import annotations

from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.parametrizations import weight_norm

TCNState = list[Tensor]


class CausalConv(nn.Module):
    """Dilated convolution that sees nothing of the future: ``[B, C, T] -> [B, C', T]``."""

    def __init__(self, in_channels: int, channels: int, *, kernel: int, dilation: int) -> None:
        super().__init__()
        self.tail = (kernel - 1) * dilation
        conv = nn.Conv1d(in_channels, channels, kernel, dilation=dilation)
        nn.init.normal_(conv.weight, 0.0, 0.02)
        self.conv = weight_norm(conv)

    def forward(self, x: Tensor, past: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """``past`` is the tail of the steps before ``x`` (zeros at the start)."""
        if past is None:
            past = x.new_zeros(x.shape[0], x.shape[1], self.tail)
        x = torch.cat([past, x], dim=2)  # [B, C, tail + T]
        return self.conv(x), x[..., x.shape[2] - self.tail :]


class TemporalBlock(nn.Module):
    """Two causal convolutions and the residual around them."""

    def __init__(
        self, in_channels: int, channels: int, *, kernel: int, dilation: int, dropout: float
    ) -> None:
        super().__init__()
        self.first = CausalConv(in_channels, channels, kernel=kernel, dilation=dilation)
        self.second = CausalConv(channels, channels, kernel=kernel, dilation=dilation)
        self.match = nn.Conv1d(in_channels, channels, 1) if in_channels != channels else None
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor, state: TCNState | None = None) -> tuple[Tensor, TCNState]:
        past1, past2 = state or (None, None)
        y, tail1 = self.first(x, past1)
        y, tail2 = self.second(self.dropout(F.relu(y)), past2)
        y = self.dropout(F.relu(y))
        residual = x if self.match is None else self.match(x)
        return F.relu(y + residual), [tail1, tail2]


class TemporalConvNet(nn.Module):
    """``[B, T, D] -> [B, T, channels]``, causal.

    ``state`` is what an earlier call returned for the steps before; with it, chunks of any length
    give the same answer as the whole sequence.
    """

    def __init__(
        self, *, inputs: int, channels: int, levels: int, kernel: int = 3, dropout: float = 0.1
    ) -> None:
        super().__init__()
        self.kernel, self.levels = kernel, levels
        self.blocks = nn.ModuleList(
            TemporalBlock(
                inputs if level == 0 else channels, channels,
                kernel=kernel, dilation=2**level, dropout=dropout,
            )
            for level in range(levels)
        )

    @property
    def receptive_field(self) -> int:
        """Steps that one output can see, itself included."""
        return 1 + 2 * (self.kernel - 1) * (2**self.levels - 1)

    @torch.no_grad()
    def start_as_average(self, channels: int, share: float = 0.5) -> float:
        """Begin with the first ``channels`` as causal averages of the same inputs, if those are
        not negative: every block adds ``share`` of the mean that its first convolution sees.

        The inputs must be as many as the channels. Returns how much a constant input grows.
        """
        same = torch.arange(channels)
        for block in self.blocks:
            assert isinstance(block, TemporalBlock)
            for causal in (block.first, block.second):
                conv = cast(nn.Conv1d, causal.conv)
                weight: Tensor = 0.1 * conv.weight
                weight[:channels] *= 0.1
                if causal is block.first:
                    weight[same, same] = 1 / self.kernel
                else:
                    weight[same, same, -1] = share
                conv.weight = cast(nn.Parameter, weight)  # weight norm takes it apart
                cast(Tensor, conv.bias)[:channels] = 0
        return (1 + share) ** self.levels

    def forward(self, x: Tensor, state: TCNState | None = None) -> tuple[Tensor, TCNState]:
        x = x.transpose(1, 2)  # [B, D, T]
        tails: TCNState = []
        for level, block in enumerate(self.blocks):
            x, new = block(x, state[2 * level : 2 * level + 2] if state else None)
            tails += new
        return x.transpose(1, 2), tails
