"""Memory surgery: an LSTM's memory changed by hand, and what it would have said from there on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, get_args

import numpy as np
import streamlit as st

from hybridcore.layers.influence import Reading, probabilities_from, trace_of
from hybridcore.layers.recurrent import LSTMTrace
from hybridcore.layers.surgery import (
    Change,
    ClampCell,
    ClampGate,
    Cover,
    Freeze,
    Gate,
    Wipe,
    operate,
)
from hybridcore.studio.follow import frame_followed
from hybridcore.studio.memory_figures import changed_run
from hybridcore.studio.timeline import show_timeline
from hybridcore.studio.why import choose_label
from hybridcore.system import Answer, At, System
from hybridcore.text import percent
from hybridcore.why import Why

_GATES = {"i": "input gate i", "f": "forget gate f", "g": "candidate g", "o": "output gate o"}
_MOST = 3.0  # of a cell state that is clamped


def show_surgery(
    system: System, answer: Answer[Any, Any], at: At, key: str,
    span: tuple[float, float] | None = None,
) -> None:
    """The part of the page: what to change, and both runs. key: of the answer."""
    assert system.why is not None
    why = system.why(answer, replace(at, frame=frame_followed(system.key)))
    reading = None if why is None else why.readings[0]
    if why is None or reading is None or reading.lstm is None:
        st.caption("This model has no memory that could be changed by hand: choose an LSTM.")
        return
    trace = _trace(f"{key} {at.item}", reading)
    change = choose_change(why, reading, trace, key=f"{system.key}.surgery")
    label = choose_label(why, key=f"{system.key}.surgery")
    before, after = (_of_frames(why, reading, run) for run in (trace, operate(trace, [change])))
    first, last = float(why.times[change.first]), float(why.times[change.last])
    figure = changed_run(why.times, before, after, label, why.labels, why.said, (first, last))
    codes = why.said.of(before), why.said.of(after)
    different = float((codes[0] != codes[1])[change.first :].mean())
    st.markdown(f"From {first:.2f} s on, {percent(different)} of frames are called otherwise.")
    show_timeline(figure, system.key, "surgery.run",
                  "What the LSTM said, and what it says with its memory changed", span)


def choose_change(why: Why, reading: Reading, trace: LSTMTrace, *, key: str) -> Change:
    """Let somebody choose what is done to the memory, and when."""
    count = len(reading)
    makers: dict[str, Callable[[int, int], Change]] = {
        "Wipe the memory": lambda first, last: Wipe(first, first),
        "Freeze the memory": Freeze,
        "Cover frames": lambda first, last: Cover(first, last, blank=reading.blank.cpu().numpy()),
        "Clamp a gate": lambda first, last: _gate(first, last, trace, key),
        "Clamp a unit": lambda first, last: _cell(first, last, trace, key),
    }
    left, right = st.columns([1, 2], vertical_alignment="bottom")
    what = left.selectbox("What is done", list(makers), key=f"{key}.what")
    begin = min(why.frame or count // 2, count - 1)  # at first
    _forget_outside(f"{key}.at", f"{key}.span", count)
    with right:
        if what == "Wipe the memory":
            first = last = st.slider("At frame", 0, count - 1, begin, key=f"{key}.at")
        else:
            end = min(count - 1, begin + count // 10)
            first, last = st.slider("At frames", 0, count - 1, (begin, end), key=f"{key}.span")
    return makers[what](first, last)


def _gate(first: int, last: int, trace: LSTMTrace, key: str) -> ClampGate:
    gate, unit, value = st.columns(3, vertical_alignment="bottom")
    name: Gate = gate.selectbox("Gate", get_args(Gate), key=f"{key}.gate",
                                format_func=_GATES.__getitem__)
    units = [None, *range(trace.h.shape[1])]
    chosen = unit.selectbox("Of", units, key=f"{key}.gate.unit", format_func=_unit)
    low = -1.0 if name == "g" else 0.0
    level = value.slider("Value", low, 1.0, 0.0, 0.05, key=f"{key}.gate.{name}")
    return ClampGate(first, last, name, level, chosen)


def _cell(first: int, last: int, trace: LSTMTrace, key: str) -> ClampCell:
    unit, value = st.columns(2, vertical_alignment="bottom")
    busiest = np.argsort(-trace.c.std(0)).tolist()
    chosen = unit.selectbox("Unit, the most active first", busiest, key=f"{key}.unit",
                            format_func=_unit)
    level = value.slider("Cell state", -_MOST, _MOST, 0.0, 0.1, key=f"{key}.cell")
    return ClampCell(first, last, int(chosen), level)


def _unit(unit: int | None) -> str:
    return "all units" if unit is None else f"unit {unit}"


def _forget_outside(at: str, span: str, count: int) -> None:
    """Another input may be shorter."""
    state = st.session_state
    for name in (at, span):
        if name in state and np.max(state[name]) >= count:
            del state[name]


@st.cache_resource(max_entries=16, show_spinner=False)
def _trace(key: str, _reading: Reading) -> LSTMTrace:
    return trace_of(_reading)


def _of_frames(why: Why, reading: Reading, trace: LSTMTrace) -> np.ndarray:
    """Probabilities ``[T, C]`` that a run of the LSTM gives every frame."""
    steps = [reading.step_of(frame) for frame in range(len(reading))]
    return probabilities_from(reading, trace)[steps] * why.share[:, None]
