"""Gated recurrent unit: one state, which is both memory and output.

Cho et al., *Learning Phrase Representations using RNN Encoder-Decoder for Statistical Machine
Translation*, EMNLP 2014:

    r, z = sigmoid(W x_t + b + U h_{t-1} + c)
    n = tanh(W x_t + b + r * (U h_{t-1} + c))
    h_t = (1 - z) * n + z * h_{t-1}

Deviations: as in ``nn.GRU``, the reset gate r acts after the product with U, where the paper has it
before; and z keeps, where the paper's z renews in its first version. Gates are stacked r, z, n.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from hybridcore.layers.unrolled import State


class GRU(nn.Module):
    """``x_t [B, D]``, ``(h_{t-1} [B, H],)`` -> ``(h_t,)``."""

    def __init__(self, *, inputs: int, hidden: int) -> None:
        super().__init__()
        self.hidden = hidden
        self.from_input = nn.Linear(inputs, 3 * hidden)
        self.from_hidden = nn.Linear(hidden, 3 * hidden)

    def forward(self, x: Tensor, state: State | None = None) -> State:
        (h,) = state or (x.new_zeros(len(x), self.hidden),)
        r_x, z_x, n_x = self.from_input(x).chunk(3, 1)  # [B, H] each
        r_h, z_h, n_h = self.from_hidden(h).chunk(3, 1)
        z = torch.sigmoid(z_x + z_h)
        n = torch.tanh(n_x + torch.sigmoid(r_x + r_h) * n_h)
        return ((1 - z) * n + z * h,)
