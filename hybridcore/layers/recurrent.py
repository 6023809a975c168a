"""What an LSTM held at every step, recovered from a fused run.

Hochreiter & Schmidhuber 1997, with the forget gate of Gers et al. 2000, as torch computes it:

    i, f, o = sigmoid(W x_t + U h_{t-1} + b),   g = tanh(W x_t + U h_{t-1} + b)
    c_t = f * c_{t-1} + i * g,                  h_t = o * tanh(c_t)

``nn.LSTM`` returns ``h_t`` alone. Its inputs and outputs are known once it has run, so every
pre-activation is one batched product over time, with no second pass through the recurrence; only
``c_t`` is scanned, elementwise.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn


@dataclass(frozen=True)
class LSTMTrace:
    """Gates and states of one layer in one direction; every array is float32 ``[T, H]``.

    ``i``, ``f``, ``o`` lie in 0..1, ``g`` and ``h`` in -1..1, ``c`` is unbounded.
    """

    i: np.ndarray
    f: np.ndarray
    g: np.ndarray
    o: np.ndarray
    c: np.ndarray
    h: np.ndarray


@torch.inference_mode()
def lstm_trace(
    lstm: nn.LSTM, inputs: Tensor, hidden: Tensor,
    *, first_h: Tensor | None = None, first_c: Tensor | None = None,
) -> LSTMTrace:
    """Gates and cell states of a one-layer, one-direction ``lstm`` that has run.

    Args:
        inputs: ``[T, D]``, what it was given.
        hidden: ``[T, H]``, what it returned.
        first_h, first_c: ``[H]``, the state that it started from (zeros if not given).
    """
    size = lstm.hidden_size
    start = hidden.new_zeros(size) if first_h is None else first_h
    before = torch.cat([start[None], hidden[:-1]])  # h_{t-1}, [T, H]
    weights = dict(lstm.named_parameters())
    bias = weights["bias_ih_l0"] + weights["bias_hh_l0"]
    z = torch.addmm(bias, inputs, weights["weight_ih_l0"].T)
    z.addmm_(before, weights["weight_hh_l0"].T)  # [T, 4H]
    z[:, : 2 * size].sigmoid_()  # torch stacks i, f, g, o
    z[:, 2 * size : 3 * size].tanh_()
    z[:, 3 * size :].sigmoid_()
    i, f, g, o = (part.numpy() for part in z.cpu().split(size, dim=1))
    c = i * g
    cell = np.zeros(size, np.float32) if first_c is None else first_c.cpu().numpy().copy()
    for t in range(len(c)):  # the one part that is a recurrence; elementwise, so cheap
        cell = c[t] = c[t] + f[t] * cell
    return LSTMTrace(i=i, f=f, g=g, o=o, c=c, h=hidden.cpu().numpy())
