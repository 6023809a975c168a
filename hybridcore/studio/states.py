"""An LSTM from inside: gates and states of one unit as lines, of many as heat maps."""

from __future__ import annotations

import plotly.graph_objects as go
import streamlit as st

from hybridcore import figures
from hybridcore.studio.player import timeline_layout
from hybridcore.system import States

_SHOWN, _MOST = 32, 128  # units in the heat maps, at first and at most


def gates_and_states(states: States, *, key: str) -> None:
    """Let one unit be chosen and show it, and the first units below it; ``key``: the player's."""
    if states.note:
        st.caption(states.note)
    most = min(_MOST, len(states.units))
    left, right = st.columns([1, 3])
    count = most if most <= 8 else right.slider(
        "Units shown", 8, most, min(_SHOWN, most), key=f"{key}.units")
    unit = left.selectbox(f"Unit, {states.order}", states.units.tolist(), key=f"{key}.unit",
                          format_func=states.names)
    over = "time" if states.over_time else "the words"
    lines = figures.unit_lines(states.trace, states.x, unit)
    st.plotly_chart(_following(lines, states, key), key=f"{key}.unit.lines",
                    alt=f"Gates and states of unit {unit} over {over}")
    chosen = states.units[:count]
    maps = figures.gate_maps(
        states.trace, states.x, chosen, [states.names(int(u)) for u in chosen],
        where="%{x:.2f} s" if states.over_time else "“%{x}”")
    st.plotly_chart(_following(maps, states, key), key=f"{key}.gates",
                    alt=f"Heat maps of gates and states over {over}")


def _following(figure: go.Figure, states: States, key: str) -> go.Figure:
    return timeline_layout(figure, key) if states.over_time else figure
