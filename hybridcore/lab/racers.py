"""The networks that race: each reads a sequence and says something at every step.

All have the same shape, ``[B, T, D] -> [B, T, O]``: a recurrence or convolution of as many units as
the number of parameters allows, and a linear layer. Torch's fused layers run where it has them;
they are equal to the cells of :mod:`hybridcore.layers` (a test says so).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, log2

import torch
from torch import Tensor, nn

from hybridcore.layers.ind_rnn import IndRNN
from hybridcore.layers.jordan import Jordan
from hybridcore.layers.temporal_conv import TemporalConvNet
from hybridcore.layers.unrolled import unroll

_KERNEL = 5  # of the TCN
_FEWEST = 2  # units


@dataclass(frozen=True)
class Start:
    """How a network begins. orthogonal: the matrix from step to step keeps lengths (Saxe,
    McClelland & Ganguli, ICLR 2014). forget_bias: of an LSTM."""

    orthogonal: bool = False
    forget_bias: float = 1.0


class Fused(nn.Module):
    """One of torch's recurrent layers, and what it says."""

    def __init__(self, layer: nn.RNNBase, outputs: int, start: Start) -> None:
        super().__init__()
        self.layer = layer
        self.say = nn.Linear(layer.hidden_size * (1 + layer.bidirectional), outputs)
        size = layer.hidden_size
        with torch.no_grad():
            for name, value in layer.named_parameters():
                if start.orthogonal and name.startswith("weight_hh"):
                    for gate in value.split(size):
                        nn.init.orthogonal_(gate)
                if isinstance(layer, nn.LSTM) and name.startswith("bias_ih"):
                    value[size : 2 * size] += start.forget_bias

    def forward(self, inputs: Tensor) -> Tensor:
        said: Tensor = self.say(self.layer(inputs)[0])
        return said


class JordanRacer(nn.Module):
    """Jordan's network; its state are its outputs."""

    def __init__(self, inputs: int, hidden: int, outputs: int) -> None:
        super().__init__()
        self.cell = Jordan(inputs=inputs, hidden=hidden, outputs=outputs)

    def forward(self, inputs: Tensor) -> Tensor:
        said: Tensor = self.cell.say(unroll(self.cell, inputs)[0])
        return said


class IndRacer(nn.Module):
    """Two layers of independent units, as one alone cannot mix them."""

    def __init__(self, inputs: int, hidden: int, outputs: int, length: int) -> None:
        super().__init__()
        self.first = IndRNN(inputs=inputs, hidden=hidden, length=length)
        self.second = IndRNN(inputs=hidden, hidden=hidden, length=length)
        self.say = nn.Linear(hidden, outputs)

    def forward(self, inputs: Tensor) -> Tensor:
        said: Tensor = self.say(unroll(self.second, unroll(self.first, inputs)[0])[0])
        return said


class TCNRacer(nn.Module):
    """A TCN that sees the whole sequence from its end."""

    def __init__(self, inputs: int, hidden: int, outputs: int, length: int) -> None:
        super().__init__()
        levels = max(1, ceil(log2((length - 1) / (2 * (_KERNEL - 1)) + 1)))
        self.layer = TemporalConvNet(
            inputs=inputs, channels=hidden, levels=levels, kernel=_KERNEL, dropout=0.0)
        self.say = nn.Linear(hidden, outputs)

    def forward(self, inputs: Tensor) -> Tensor:
        said: Tensor = self.say(self.layer(inputs)[0])
        return said


@dataclass(frozen=True)
class Racer:
    """A kind of network. build: (inputs, units, outputs, length, start) -> module. rate: of
    learning. causal: it sees nothing of the future."""

    key: str
    title: str
    build: Callable[[int, int, int, int, Start], nn.Module]
    rate: float = 3e-3
    causal: bool = True


def _fused(layer: Callable[..., nn.RNNBase], **how: bool) -> Callable[..., nn.Module]:
    return lambda d, h, o, length, start: Fused(layer(d, h, batch_first=True, **how), o, start)


RACERS = (
    Racer("elman", "Elman", _fused(nn.RNN), rate=1e-3),
    Racer("jordan", "Jordan", lambda d, h, o, length, start: JordanRacer(d, h, o), rate=1e-3),
    Racer("lstm", "LSTM", _fused(nn.LSTM)),
    Racer("gru", "GRU", _fused(nn.GRU)),
    Racer("brnn", "Bidirectional LSTM", _fused(nn.LSTM, bidirectional=True), causal=False),
    Racer("indrnn", "IndRNN", lambda d, h, o, length, start: IndRacer(d, h, o, length)),
    Racer("tcn", "TCN", lambda d, h, o, length, start: TCNRacer(d, h, o, length)),
)


def parameters_of(network: nn.Module) -> int:
    """How many numbers it learns."""
    return sum(parameter.numel() for parameter in network.parameters())


def with_budget(
    racer: Racer, *, inputs: int, outputs: int, length: int, budget: int, start: Start
) -> nn.Module:
    """A network of a kind with as many units as ``budget`` parameters allow, at least two."""
    def count(units: int) -> int:
        with torch.device("meta"):
            return parameters_of(racer.build(inputs, units, outputs, length, Start()))

    low, high = _FEWEST, _FEWEST + 1
    while count(high) <= budget:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if count(middle) <= budget else (low, middle)
    return racer.build(inputs, low, outputs, length, start)
