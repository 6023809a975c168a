"""Long short-term memory: a cell that keeps what its gates let in.

Hochreiter & Schmidhuber, *Long Short-Term Memory*, Neural Computation 1997, with the forget gate of
Gers, Schmidhuber & Cummins, *Learning to Forget*, Neural Computation 2000:

    i, f, o = sigmoid(W x_t + U h_{t-1} + b),   g = tanh(W x_t + U h_{t-1} + b)
    c_t = f * c_{t-1} + i * g,                  h_t = o * tanh(c_t)

Deviations: no peepholes. The bias of the forget gate may begin above zero, so that it remembers
before it has learned to (Jozefowicz, Zaremba & Sutskever, ICML 2015). Gates are stacked i, f, g, o,
as in ``nn.LSTM``.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from hybridcore.layers.unrolled import State


class LSTM(nn.Module):
    """``x_t [B, D]``, ``(h_{t-1}, c_{t-1})``, each ``[B, H]`` -> ``(h_t, c_t)``."""

    def __init__(self, *, inputs: int, hidden: int, forget_bias: float = 0.0) -> None:
        super().__init__()
        self.hidden = hidden
        self.from_input = nn.Linear(inputs, 4 * hidden)
        self.from_hidden = nn.Linear(hidden, 4 * hidden)
        with torch.no_grad():
            self.from_input.bias[hidden : 2 * hidden] += forget_bias

    def forward(self, x: Tensor, state: State | None = None) -> State:
        h, c = state or (x.new_zeros(len(x), self.hidden),) * 2
        i, f, g, o = (self.from_input(x) + self.from_hidden(h)).chunk(4, 1)  # [B, H] each
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        return o.sigmoid() * c.tanh(), c
