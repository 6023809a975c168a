"""ConvLSTM: an LSTM whose products are convolutions, so that its memory is a map.

Shi et al., *Convolutional LSTM Network: A Machine Learning Approach for Precipitation Nowcasting*,
NeurIPS 2015, equation 3:

    i = sigmoid(W_xi * X_t + W_hi * H_{t-1} + W_ci . C_{t-1} + b_i)
    f = sigmoid(W_xf * X_t + W_hf * H_{t-1} + W_cf . C_{t-1} + b_f)
    C_t = f . C_{t-1} + i . tanh(W_xc * X_t + W_hc * H_{t-1} + b_c)
    o = sigmoid(W_xo * X_t + W_ho * H_{t-1} + W_co . C_t + b_o)
    H_t = o . tanh(C_t)

``*`` is a convolution, ``.`` the product of single numbers. A peephole ``W_c`` is one number a
channel: that is how the numbers of parameters of the paper's networks come out. A layer can do
without an input, as the lowest one of a forecaster does.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn

from hybridcore.layers.unrolled import State


class Step(NamedTuple):
    """What one step gives: the state after it, ``H_t`` and ``C_t``, and its gates ``i``, ``f`` and
    ``o`` in 0..1; each ``[B, C, h, w]``."""

    hidden: Tensor
    cell: Tensor
    input: Tensor
    forget: Tensor
    output: Tensor


class ConvLSTM(nn.Module):
    """``X_t [B, D, h, w]``, ``(H_{t-1}, C_{t-1})``, each ``[B, C, h, w]`` -> ``(H_t, C_t)``.

    inputs: D; 0: there is no input, and the maps are as large as those of the state.

    Raises:
        ValueError: the kernel has no middle.
    """

    def __init__(
        self, *, inputs: int, channels: int, kernel: int = 5, peepholes: bool = True
    ) -> None:
        super().__init__()
        if kernel % 2 == 0:
            raise ValueError("the kernel of a ConvLSTM must be odd")
        self.channels = channels
        middle = kernel // 2
        self.from_input = nn.Conv2d(inputs, 4 * channels, kernel, padding=middle, bias=False) \
            if inputs else None
        self.from_hidden = nn.Conv2d(channels, 4 * channels, kernel, padding=middle)
        self.peepholes = nn.Parameter(torch.zeros(3, channels, 1, 1)) if peepholes else None

    def forward(self, x: Tensor, state: State | None = None) -> State:
        """``x``: of a layer without input, whatever has the size of its maps."""
        step = self.step(x, state)
        return step.hidden, step.cell

    def step(self, x: Tensor, state: State | None = None) -> Step:
        """:meth:`forward`, with its gates."""
        if state is None:
            state = (x.new_zeros(len(x), self.channels, *x.shape[2:]),) * 2
        h, c = state
        gates = self.from_hidden(h)
        if self.from_input is not None:
            gates = gates + self.from_input(x)
        i, f, g, o = gates.chunk(4, 1)  # [B, C, h, w] each
        if self.peepholes is not None:
            i, f = i + self.peepholes[0] * c, f + self.peepholes[1] * c
        i, f = i.sigmoid(), f.sigmoid()
        c = f * c + i * g.tanh()
        if self.peepholes is not None:
            o = o + self.peepholes[2] * c
        o = o.sigmoid()
        return Step(o * c.tanh(), c, i, f, o)
