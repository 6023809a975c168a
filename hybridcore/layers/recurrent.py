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
class LSTMRun:
    """What a trace was computed from, float32: ``from_input [4H, D]`` (W), ``from_hidden [4H, H]``
    (U) and ``bias [4H]`` in torch's order i, f, g, o; ``inputs [T, D]`` (x_t); the state at the
    start, ``first_h`` and ``first_c [H]``."""

    from_input: np.ndarray
    from_hidden: np.ndarray
    bias: np.ndarray
    inputs: np.ndarray
    first_h: np.ndarray
    first_c: np.ndarray


@dataclass(frozen=True)
class LSTMTrace:
    """Gates and states of one layer in one direction; every array is float32 ``[T, H]``.

    ``i``, ``f``, ``o`` lie in 0..1, ``g`` and ``h`` in -1..1, ``c`` is unbounded. run: what they
    were computed from, if somebody is to see the sums.
    """

    i: np.ndarray
    f: np.ndarray
    g: np.ndarray
    o: np.ndarray
    c: np.ndarray
    h: np.ndarray
    run: LSTMRun | None = None


@dataclass(frozen=True)
class UnitSteps:
    """One unit at every step, as numbers that can be followed by hand; gates in the order i, f, o,
    g. ``gate = act(from_input + from_hidden + bias)``, where act is the sigmoid, and tanh for g;
    ``c = f * c_before + i * g``; ``h = o * tanh(c)``.

    from_input (w . x_t), from_hidden (u . h_{t-1}) and gates float32 ``[T, 4]``; bias ``[4]``;
    c_before (c_{t-1}), c and h ``[T]``.
    """

    from_input: np.ndarray
    from_hidden: np.ndarray
    bias: np.ndarray
    gates: np.ndarray
    c_before: np.ndarray
    c: np.ndarray
    h: np.ndarray


def unit_steps(trace: LSTMTrace, unit: int) -> UnitSteps:
    """The sums behind one unit of a trace.

    Raises:
        ValueError: the trace does not know what it was computed from.
    """
    run = trace.run
    if run is None:
        raise ValueError("this trace keeps no weights")
    rows = unit + len(run.first_h) * np.array([0, 1, 3, 2])  # torch stacks i, f, g, o
    before = np.concatenate([run.first_h[None], trace.h[:-1]])
    return UnitSteps(
        from_input=run.inputs @ run.from_input[rows].T,
        from_hidden=before @ run.from_hidden[rows].T,
        bias=run.bias[rows],
        gates=np.stack([getattr(trace, name)[:, unit] for name in "ifog"], 1),
        c_before=np.concatenate([run.first_c[unit : unit + 1], trace.c[:-1, unit]]),
        c=trace.c[:, unit], h=trace.h[:, unit],
    )


@torch.inference_mode()
def lstm_trace(
    lstm: nn.LSTM | nn.LSTMCell, inputs: Tensor, hidden: Tensor,
    *, first_h: Tensor | None = None, first_c: Tensor | None = None,
) -> LSTMTrace:
    """Gates and cell states of a one-layer, one-direction ``lstm`` that has run, or of a cell.

    Args:
        inputs: ``[T, D]``, what it was given.
        hidden: ``[T, H]``, what it returned.
        first_h, first_c: ``[H]``, the state that it started from (zeros if not given).
    """
    size = lstm.hidden_size
    start = hidden.new_zeros(size) if first_h is None else first_h
    before = torch.cat([start[None], hidden[:-1]])  # h_{t-1}, [T, H]
    weights = {name.removesuffix("_l0"): value for name, value in lstm.named_parameters()}
    bias = weights["bias_ih"] + weights["bias_hh"]
    z = torch.addmm(bias, inputs, weights["weight_ih"].T)
    z.addmm_(before, weights["weight_hh"].T)  # [T, 4H]
    z[:, : 2 * size].sigmoid_()  # torch stacks i, f, g, o
    z[:, 2 * size : 3 * size].tanh_()
    z[:, 3 * size :].sigmoid_()
    i, f, g, o = (part.numpy() for part in z.cpu().split(size, dim=1))
    c = i * g
    first = np.zeros(size, np.float32) if first_c is None else first_c.cpu().numpy().copy()
    cell = first
    for t in range(len(c)):  # the one part that is a recurrence; elementwise, so cheap
        cell = c[t] = c[t] + f[t] * cell
    run = LSTMRun(
        from_input=_array(weights["weight_ih"]), from_hidden=_array(weights["weight_hh"]),
        bias=_array(bias), inputs=_array(inputs), first_h=_array(start), first_c=first,
    )
    return LSTMTrace(i=i, f=f, g=g, o=o, c=c, h=hidden.cpu().numpy(), run=run)


def _array(values: Tensor) -> np.ndarray:
    array: np.ndarray = values.detach().cpu().numpy()
    return array
