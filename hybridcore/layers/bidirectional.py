"""Bidirectional recurrence: one network reads forwards, another backwards.

Schuster & Paliwal, *Bidirectional Recurrent Neural Networks*, IEEE Transactions on Signal
Processing 1997: neither hears the other; what follows at a step sees both. It needs the whole
sequence before it says anything.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from hybridcore.layers.unrolled import unroll


class Bidirectional(nn.Module):
    """``[B, T, D]`` -> ``[B, T, H + H']``: what a cell remembers of all before a step, and what
    another remembers of all behind it."""

    def __init__(self, forwards: nn.Module, backwards: nn.Module) -> None:
        super().__init__()
        self.forwards, self.backwards = forwards, backwards

    def forward(self, inputs: Tensor) -> Tensor:
        before, _ = unroll(self.forwards, inputs)
        behind, _ = unroll(self.backwards, inputs.flip(1))
        return torch.cat([before, behind.flip(1)], 2)
