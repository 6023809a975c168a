"""Heat maps of an LSTM that answer: a row chooses its unit, a drag brushes a span of steps.

The browser draws them from arrays that it fetches once; under them stand the sums of the chosen
unit at the step where the player is, which follow it without Python.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import streamlit as st

from hybridcore.figures import GATE_NAMES
from hybridcore.layers.recurrent import LSTMTrace, unit_steps
from hybridcore.packing import pack
from hybridcore.studio.component import declare, nothing, serve
from hybridcore.system import States

_LEVELS = 65535  # a value is sent as a share of the range of its map

_component = declare(
    "unit_maps", "mounts.js", "payload.js", "elements.js", "colours.js", "clock.js", "following.js",
    "sums.js", "unit_maps.js",
)

Span = tuple[int, int]


def unit_maps(
    states: States, units: np.ndarray, labels: Sequence[str], *, key: str, unit: int, name: str,
    timeline: str | None, step: int = 0, on_unit: Callable[[int], None],
) -> Span | None:
    """Show the maps and say which span of steps was brushed.

    Args:
        units: int ``[U]``, one row each; labels: their names.
        key: unique on the page.
        unit: the one chosen, of which ``name`` is shown over its sums.
        timeline: key of the player to follow and to move; None: there is none.
        step: where to stand at first.
        on_unit: called with the unit whose row was chosen.

    Returns:
        First and last step (inclusive) of the span; None while nothing is brushed.
    """
    maps = serve(pack(maps_tree(states, units, labels)), "application/octet-stream", f"{key}.maps")
    sums = None
    if states.trace.run is not None:
        sums = serve(pack(unit_tree(states.trace, unit, name)), "application/octet-stream",
                     f"{key}.sums")

    def chosen() -> None:
        row = _told(key, "row", maps)
        if row is not None:
            on_unit(int(units[row]))

    rows = np.flatnonzero(units == unit)
    span = _told(key, "span", maps)
    _component(
        key=key,
        data={
            "maps": maps, "unit": sums, "row": int(rows[0]) if len(rows) else -1, "span": span,
            "step": step, "timeline": timeline,
            "alt": "A click on a row chooses its unit; a drag marks a span.",
        },
        default={"row": None, "span": None},
        on_row_change=chosen,
        on_span_change=nothing,
    )
    return None if span is None else (int(span[0]), int(span[1]))


def maps_tree(states: States, units: np.ndarray, labels: Sequence[str]) -> dict[str, Any]:
    """The maps of ``units [U]`` for `packing.pack`; levels uint16 ``[U, T]``."""
    over_time = isinstance(states.x, np.ndarray)
    return {
        "times": np.asarray(states.x if over_time else np.arange(len(states.x)), np.float64),
        "words": None if over_time else list(states.x),
        "labels": list(labels),
        "maps": [_map(states.trace, units, letter) for letter in GATE_NAMES],
    }


def unit_tree(trace: LSTMTrace, unit: int, name: str) -> dict[str, Any]:
    """The sums of one unit for `packing.pack`, float32."""
    arrays = asdict(unit_steps(trace, unit))
    return {"label": name, **{
        what: np.ascontiguousarray(values, np.float32) for what, values in arrays.items()}}


def _map(trace: LSTMTrace, units: np.ndarray, letter: str) -> dict[str, Any]:
    values = getattr(trace, letter)[:, units].T  # [U, T]
    signed = letter not in "ifo"
    high = 1.0 if letter != "c" else float(np.abs(values).max(initial=0)) or 1.0
    low = -high if signed else 0.0
    levels = np.rint(np.clip((values - low) / (high - low), 0, 1) * _LEVELS)
    return {"name": GATE_NAMES[letter], "low": low, "high": high, "signed": signed,
            "levels": np.ascontiguousarray(levels, np.uint16)}


def _told(key: str, what: str, maps: str) -> Any:
    """What the browser said last of these maps; of others it does not count."""
    told = st.session_state.get(key, {}).get(what)
    return told["value"] if told and told["maps"] == maps else None
