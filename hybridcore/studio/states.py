"""An LSTM from inside: gates and states of one unit as lines, of many as heat maps."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import plotly.graph_objects as go
import streamlit as st


def gates_and_states(
    units: np.ndarray,
    lines: Callable[[int], go.Figure],
    maps: Callable[[np.ndarray], go.Figure],
    *,
    key: str,
    label: str,
    name: Callable[[int], str] = str,
    shown: int = 48,
    most: int = 48,
    over: str = "time",
) -> None:
    """Let one unit be chosen and show it, and the first units below it.

    Args:
        units: int ``[H]``, numbers of the units, the most telling first.
        lines: draws one unit.
        maps: draws several units, given by their numbers.
        key: unique on the page.
        label: says how the units are ordered.
        name: of a unit in the list.
        shown, most: how many units the maps show at first and at most; where there can be more a
            slider chooses.
        over: what the x axis runs over.
    """
    if most > shown:
        left, right = st.columns([1, 3])
        count = right.slider("Units shown", 8, most, shown, step=8, key=f"{key}.units")
    else:
        left, count = st.container(), shown
    unit = left.selectbox(label, units.tolist(), key=f"{key}.unit", format_func=name)
    st.plotly_chart(lines(unit), key=f"{key}.unit.lines",
                    alt=f"Gates and states of unit {unit} over {over}")
    st.plotly_chart(maps(units[:count]), key=f"{key}.gates",
                    alt=f"Heat maps of gates and states over {over}")
