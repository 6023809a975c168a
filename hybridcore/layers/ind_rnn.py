"""Independently recurrent network: every unit remembers itself alone.

Li, Li, Cook, Zhu & Gao, *Independently Recurrent Neural Network (IndRNN): Building A Longer and
Deeper RNN*, CVPR 2018:

    h_t = relu(W x_t + b + u * h_{t-1})

The gradient that reaches a step back is multiplied by ``u`` of its unit, no more, so it can be kept
from vanishing and exploding: ``|u|`` is at most ``most ** (1 / length)`` (section 3.2).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from hybridcore.layers.unrolled import State


class IndRNN(nn.Module):
    """``x_t [B, D]``, ``(h_{t-1} [B, H],)`` -> ``(h_t,)``.

    length: steps over which the gradient grows at most twofold.
    """

    def __init__(self, *, inputs: int, hidden: int, length: int) -> None:
        super().__init__()
        self.hidden, self.bound = hidden, 2.0 ** (1 / length)
        self.from_input = nn.Linear(inputs, hidden)
        self.memory = nn.Parameter(torch.rand(hidden))  # u

    def forward(self, x: Tensor, state: State | None = None) -> State:
        (h,) = state or (x.new_zeros(len(x), self.hidden),)
        u = self.memory.clamp(-self.bound, self.bound)
        return (torch.relu(self.from_input(x) + u * h),)
