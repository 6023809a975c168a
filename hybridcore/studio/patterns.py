"""A brushed span of an LSTM's steps: the units that stay on in it, and where else they do."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import streamlit as st

from hybridcore.layers.patterns import Place, places_like, units_on
from hybridcore.studio.rows import table
from hybridcore.studio.seeking import seek
from hybridcore.studio.unit_maps import Span
from hybridcore.system import States

_NAMED = 6  # units that are written out
_LEAST = 0.3  # hidden state from which a unit counts as on, at first


def show_pattern(states: States, names: Mapping[int, str], span: Span, *, key: str) -> None:
    """Units, threshold and places of a span of steps; ``key``: the player's."""
    first, last = span
    st.markdown(f"**{_where(states, first, last)}**")
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    threshold = left.slider(
        "A unit counts as on from a hidden state of", -1.0, 1.0, _LEAST, 0.05,
        key=f"{key}.threshold.on")
    if states.over_time:
        times = np.asarray(states.x, float)
        right.button(
            "Loop this span", icon=":material/repeat:", key=f"{key}.loop", width="stretch",
            on_click=seek, args=(key, float(times[first]), float(times[last])))
    units = units_on(states.trace.h, first, last, threshold)
    if not len(units):
        st.caption("No unit stays on throughout this span: lower the threshold or mark a shorter "
                   "span.")
        return
    more = f" and {len(units) - _NAMED} more" if len(units) > _NAMED else ""
    count = "1 unit stays" if len(units) == 1 else f"{len(units)} units stay"
    st.markdown(f"{count} on: " + "; ".join(names[int(u)] for u in units[:_NAMED]) + more)
    places = places_like(states.trace.h, units, first, last, threshold)
    if places:
        table(places_table(states, places, len(units)), name=f"{key}.places", player=key)
    else:
        st.caption("None of them stays on for as long anywhere else.")


def places_table(states: States, places: list[Place], count: int) -> pd.DataFrame:
    """One row a place: its times (s), or its words, and how many of ``count`` units are on."""
    together = [f"{place.together} of {count}" for place in places]
    if states.over_time:
        times = np.asarray(states.x, float)
        return pd.DataFrame({
            "start": [round(float(times[place.first]), 2) for place in places],
            "end": [round(float(times[place.last]), 2) for place in places],
            "units on together": together,
        })
    return pd.DataFrame({
        "words": [_words(states, place.first, place.last) for place in places],
        "units on together": together,
    })


def _where(states: States, first: int, last: int) -> str:
    if states.over_time:
        return f"From {float(states.x[first]):.2f} to {float(states.x[last]):.2f} s"
    return f"Over “{_words(states, first, last)}”"


def _words(states: States, first: int, last: int) -> str:
    return " ".join(str(word) for word in list(states.x)[first : last + 1])
