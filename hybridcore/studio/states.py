"""An LSTM from inside: many units as maps, one of them as lines, and spans as patterns."""

from __future__ import annotations

import streamlit as st

from hybridcore import figures
from hybridcore.layers.correlates import LEAST, goes_with
from hybridcore.studio.patterns import show_pattern
from hybridcore.studio.timeline import CONFIG, show_timeline
from hybridcore.studio.unit_maps import unit_maps
from hybridcore.system import States

_SHOWN, _MOST = 32, 128  # units in the maps, at first and at most


def gates_and_states(
    states: States, *, key: str, word: int = 0, span: tuple[float, float] | None = None
) -> None:
    """Maps of the first units, the sums and lines of the one chosen, and what a brushed span has in
    common with others.

    Args:
        key: the player's.
        word: where to stand, in states that run over words.
        span: seconds over which the player's strips run.
    """
    _forget_missing(states, key)
    names = unit_names(states)
    if states.note:
        st.caption(states.note)
    most = min(_MOST, len(states.units))
    # What is shown unless somebody chooses: the address does not name it.
    st.session_state[f"{key}.inside"] = {
        "unit": int(states.units[0]), "units": min(_SHOWN, most)}
    left, right = st.columns([1, 3])
    count = most if most <= 8 else right.slider(
        "Units shown", 8, most, min(_SHOWN, most), key=f"{key}.units")
    unit = left.selectbox(f"Unit, {states.order}", states.units.tolist(), key=f"{key}.unit",
                          format_func=names.__getitem__)
    chosen = states.units[:count]

    def choose(row_unit: int) -> None:
        st.session_state[f"{key}.unit"] = row_unit

    st.caption(
        "Click a row to choose its unit. Drag across a span to see which units stay on throughout "
        "it, and where else they do." + (
            " “Correlates with” names the output that a unit's state goes with most, in this clip "
            f"alone (|r| of {LEAST} or more)." if states.signals else ""))
    brushed = unit_maps(
        states, chosen, [names[int(u)] for u in chosen], key=f"{key}.gates", unit=unit,
        name=names[unit], timeline=key if states.over_time else None, step=word, on_unit=choose)
    if brushed is not None:
        show_pattern(states, names, brushed, key=key)
    over = "time" if states.over_time else "the words"
    lines = figures.unit_lines(states.trace, states.x, unit)
    alt = f"Gates and states of {names[unit]} over {over}"
    if states.over_time:
        show_timeline(lines, key, "unit.lines", alt, span)
    else:
        st.plotly_chart(lines, key=f"{key}.unit.lines", alt=alt, config=CONFIG)


def unit_names(states: States) -> dict[int, str]:
    """What each unit is called: by its system, and by what its state goes with in this answer."""
    found = goes_with(states.trace.h, states.signals)
    return {
        unit: f"{states.names(unit)}, correlates with {found[unit][0]} (r = {found[unit][1]:.2f})"
        if unit in found and found[unit][0] not in states.names(unit) else states.names(unit)
        for unit in states.units.tolist()
    }


def _forget_missing(states: States, key: str) -> None:
    """A link or another input may ask for what is not there."""
    state, most = st.session_state, min(_MOST, len(states.units))
    if state.get(f"{key}.unit") not in {None, *states.units.tolist()}:
        del state[f"{key}.unit"]
    if not 8 <= state.get(f"{key}.units", 8) <= max(most, 8):
        del state[f"{key}.units"]
