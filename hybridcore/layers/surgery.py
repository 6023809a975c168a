"""An LSTM run again from what a trace holds, with something in its memory changed.

Up to the first step that is touched nothing can differ, so the trace is kept as it is; from there
on the recurrence runs step by step (:mod:`hybridcore.layers.recurrent` gives the equations), with
the products over the inputs taken at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from hybridcore.layers.recurrent import LSTMTrace

Gate = Literal["i", "f", "g", "o"]
_STACKED: tuple[Gate, ...] = ("i", "f", "g", "o")  # torch's order
State = tuple[np.ndarray, np.ndarray]  # h and c, [H] each


@dataclass(frozen=True)
class Change:
    """Something that is done to an LSTM at the steps ``first`` to ``last``, both included."""

    first: int
    last: int

    def read(self, inputs: np.ndarray) -> np.ndarray:
        """The inputs ``[n, D]`` of its steps."""
        return inputs

    def begin(self, state: State) -> State:
        """The state before a step."""
        return state

    def gate(self, gates: np.ndarray) -> np.ndarray:
        """The gates i, f, g, o of a step, ``[4, H]``."""
        return gates

    def cell(self, c: np.ndarray) -> np.ndarray:
        """The cell state after a step."""
        return c

    def end(self, before: State, after: State) -> State:
        """The state that a step hands on."""
        return after


@dataclass(frozen=True)
class Wipe(Change):
    """The state is empty before every step; usually there is one."""

    def begin(self, state: State) -> State:
        h, c = state
        return np.zeros_like(h), np.zeros_like(c)


@dataclass(frozen=True)
class Freeze(Change):
    """The state stays as it was before the first step."""

    def end(self, before: State, after: State) -> State:
        return before


@dataclass(frozen=True, eq=False)
class Cover(Change):
    """The inputs are those of a frame that says nothing, ``blank`` float32 ``[D]``."""

    blank: np.ndarray

    def read(self, inputs: np.ndarray) -> np.ndarray:
        return np.broadcast_to(self.blank, inputs.shape)


@dataclass(frozen=True)
class ClampGate(Change):
    """A gate has one value: of one unit, or (None) of all."""

    name: Gate
    value: float
    unit: int | None = None

    def gate(self, gates: np.ndarray) -> np.ndarray:
        clamped = gates.copy()
        clamped[_STACKED.index(self.name), slice(None) if self.unit is None else self.unit] = \
            self.value
        return clamped


@dataclass(frozen=True)
class ClampCell(Change):
    """The cell state of a unit has one value."""

    unit: int
    value: float

    def cell(self, c: np.ndarray) -> np.ndarray:
        clamped = c.copy()
        clamped[self.unit] = self.value
        return clamped


def operate(trace: LSTMTrace, changes: Sequence[Change]) -> LSTMTrace:
    """The trace of the same run with ``changes``; without any, the trace itself.

    Raises:
        ValueError: a change lies outside the trace, or this does not know what it was computed
            from.
    """
    if not changes:
        return trace
    run, count = trace.run, len(trace.h)
    if run is None:
        raise ValueError("this trace keeps no weights")
    if any(not 0 <= change.first <= change.last < count for change in changes):
        raise ValueError(f"a change lies outside the {count} steps")
    inputs = run.inputs.copy()
    for change in changes:
        steps = slice(change.first, change.last + 1)
        inputs[steps] = change.read(inputs[steps])
    start = min(change.first for change in changes)
    parts = {name: getattr(trace, name).copy() for name in "ifgoch"}
    from_input = inputs[start:] @ run.from_input.T + run.bias  # [T - start, 4H]
    recurrent = np.ascontiguousarray(run.from_hidden.T)
    slope = np.array([0.5, 0.5, 1, 0.5], np.float32)[:, None]  # of i, f, g, o
    state = (trace.h[start - 1], trace.c[start - 1]) if start else (run.first_h, run.first_c)
    for step in range(start, count):
        on = [change for change in changes if change.first <= step <= change.last]
        for change in on:
            state = change.begin(state)
        gates = _gates((from_input[step - start] + state[0] @ recurrent).reshape(4, -1), slope)
        for change in on:
            gates = change.gate(gates)
        i, f, g, o = gates
        c = f * state[1] + i * g
        for change in on:
            c = change.cell(c)
        before, state = state, (o * np.tanh(c), c)
        for change in on:
            state = change.end(before, state)
        for name, values in zip("ifgohc", (*gates, *state), strict=True):
            parts[name][step] = values
    return LSTMTrace(**parts, run=replace(run, inputs=inputs))


def _gates(sums: np.ndarray, slope: np.ndarray) -> np.ndarray:
    """Pre-activations ``[4, H]`` in torch's order -> gates; ``slope [4, 1]``: 1 for a tanh, 1/2 for
    a sigmoid, which is a tanh of half the slope between 0 and 1."""
    return np.asarray(np.tanh(sums * slope) * slope + (1 - slope))
