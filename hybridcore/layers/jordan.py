"""Jordan's network: what was said is remembered, not what was thought.

Jordan, *Serial Order: A Parallel Distributed Processing Approach*, 1986 (ICS report 8604):

    h_t = tanh(W x_t + U s_t + b)
    y_t = V h_t + c
    s_{t+1} = decay s_t + y_t          the state units: outputs, and a fading trace of themselves

Deviations: tanh in place of the logistic function; gradients flow through all steps.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from hybridcore.layers.unrolled import State


class Jordan(nn.Module):
    """``x_t [B, D]``, ``(h_{t-1} [B, H], s_t [B, O])`` -> ``(h_t, s_{t+1})``; :meth:`say` gives
    ``y_t [B, O]`` of ``h_t``."""

    def __init__(self, *, inputs: int, hidden: int, outputs: int, decay: float = 0.5) -> None:
        super().__init__()
        self.outputs, self.decay = outputs, decay
        self.from_input = nn.Linear(inputs, hidden)
        self.from_said = nn.Linear(outputs, hidden, bias=False)
        self.say = nn.Linear(hidden, outputs)

    def forward(self, x: Tensor, state: State | None = None) -> State:
        said = state[1] if state else x.new_zeros(len(x), self.outputs)
        h = torch.tanh(self.from_input(x) + self.from_said(said))
        return h, self.decay * said + self.say(h)
