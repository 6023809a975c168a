"""Elman's simple recurrent network: the hidden layer remembers itself.

Elman, *Finding Structure in Time*, Cognitive Science 1990:

    h_t = tanh(W x_t + b + U h_{t-1} + c)

Deviations: tanh in place of the logistic function, as everywhere today; gradients flow through all
steps, where Elman copied the hidden layer and trained one step at a time. Parameters have the names
and the order of ``nn.RNN``.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from hybridcore.layers.unrolled import State


class Elman(nn.Module):
    """``x_t [B, D]``, ``(h_{t-1} [B, H],)`` -> ``(h_t,)``."""

    def __init__(self, *, inputs: int, hidden: int) -> None:
        super().__init__()
        self.hidden = hidden
        self.from_input = nn.Linear(inputs, hidden)
        self.from_hidden = nn.Linear(hidden, hidden)

    def forward(self, x: Tensor, state: State | None = None) -> State:
        (h,) = state or (x.new_zeros(len(x), self.hidden),)
        return (torch.tanh(self.from_input(x) + self.from_hidden(h)),)
