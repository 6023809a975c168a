"""A recurrent cell run over a sequence, one step after the other.

Cells are written as their papers write them, one step at a time; torch's own fused layers, which
give the same numbers faster, are what other rooms train and run.
"""

from __future__ import annotations

from typing import Protocol

import torch
from torch import Tensor

State = tuple[Tensor, ...]


class Cell(Protocol):
    """One step: ``x_t [B, D]`` and the state before it -> the state after it, whose first part is
    ``h_t [B, H]``. Without a state it begins with zeros."""

    def __call__(self, x: Tensor, state: State | None = None) -> State: ...


def unroll(cell: Cell, inputs: Tensor, state: State | None = None) -> tuple[Tensor, State]:
    """``inputs [B, T, D]``, T > 0 -> every ``h_t``, ``[B, T, H]``, and the last state."""
    hidden = []
    for x in inputs.unbind(1):
        state = cell(x, state)
        hidden.append(state[0])
    assert state is not None
    return torch.stack(hidden, 1), state
