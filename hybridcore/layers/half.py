"""Layers whose weights stay in float16 when sentences are decoded on a CPU.

A step of decoding multiplies large matrices by the few states of a beam, so it takes as long as the
weights take to be read from memory. Weights that are saved in float16 lose nothing when they stay
in it: FBGEMM (Khudia et al., arXiv 2101.05615) reads half as much and sums in float32. With a
beam of five that is five times as fast as float32. Where torch has no FBGEMM (it is for x86), or a
gradient is asked for, everything is computed in float32 as before.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import linear

HALF = "fbgemm" in torch.backends.quantized.supported_engines


class HalfMatrix:
    """``x [N, ..., in] -> x W^T + b [N, ..., out]``, float32; ``weight [out, in]`` as it is now."""

    def __init__(self, weight: Tensor, bias: Tensor | None = None) -> None:
        self._weight, self._bias = weight.detach(), None if bias is None else bias.detach()
        self._packed = None
        if HALF and weight.device.type == "cpu":
            self._packed = torch.ops.quantized.linear_prepack_fp16(
                self._weight.float(), self._bias)

    def __call__(self, x: Tensor) -> Tensor:
        if self._packed is None:
            return linear(x, self._weight, self._bias)
        return torch.ops.quantized.linear_dynamic_fp16(x, self._packed)


class HalfLinear(nn.Linear):
    """A linear layer that shares the weights of another and decodes with :class:`HalfMatrix`."""

    def __init__(self, layer: nn.Linear) -> None:
        super().__init__(layer.in_features, layer.out_features, layer.bias is not None,
                         device="meta")
        self.weight, self.bias = layer.weight, layer.bias
        self._matrix = HalfMatrix(layer.weight, layer.bias)

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(x) if torch.is_grad_enabled() else self._matrix(x)


class HalfLSTMCell(nn.LSTMCell):
    """An LSTM cell that shares the weights of another and decodes with one :class:`HalfMatrix`:
    input and hidden state go through it side by side."""

    def __init__(self, cell: nn.LSTMCell) -> None:
        super().__init__(cell.input_size, cell.hidden_size, device="meta")
        self.weight_ih, self.weight_hh = cell.weight_ih, cell.weight_hh
        self.bias_ih, self.bias_hh = cell.bias_ih, cell.bias_hh
        self._matrix = HalfMatrix(
            torch.cat([cell.weight_ih, cell.weight_hh], 1), cell.bias_ih + cell.bias_hh)

    def forward(
        self, x: Tensor, state: tuple[Tensor, Tensor] | None = None
    ) -> tuple[Tensor, Tensor]:
        if state is None or torch.is_grad_enabled():
            return super().forward(x, state)
        h, c = state
        return lstm_state(self._matrix(torch.cat([x, h], -1)), c)


def lstm_state(gates: Tensor, c: Tensor) -> tuple[Tensor, Tensor]:
    """h and c ``[..., H]`` after a step, from its gates before their nonlinearities
    ``[..., 4 H]`` (torch's order: i, f, g, o) and ``c`` before it."""
    i, f, g, o = gates.chunk(4, -1)
    c = f.sigmoid() * c + i.sigmoid() * g.tanh()
    return o.sigmoid() * c.tanh(), c


def halve(module: nn.Module) -> None:
    """Put such layers in place of the linear ones and the LSTM cells in ``module``.

    The weights have to be final: what they become later is not seen.
    """
    for name, child in module.named_children():
        if type(child) is nn.Linear:
            setattr(module, name, HalfLinear(child))
        elif type(child) is nn.LSTMCell:
            setattr(module, name, HalfLSTMCell(child))
        else:
            halve(child)
