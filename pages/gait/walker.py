"""One walker: the choice among all, and what was measured of this one."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from hybridcore.gait.result import Walk
from pages.gait import KEY

_MOST_BUTTONS = 6  # more walkers are chosen from a list


def choose_walker(walks: Sequence[Walk]) -> Walk | None:
    """The walker to look at; None where nobody walks."""
    if not walks:
        return None
    found, key = {walk.id: walk for walk in walks}, f"{KEY}.walker"
    options = list(found)
    if len(walks) > _MOST_BUTTONS:
        chosen = st.selectbox("Walker", options, format_func=lambda k: found[k].name, key=key)
    else:
        chosen = st.segmented_control("Walker", options, format_func=lambda k: found[k].name,
                                      key=key, default=options[0], required=True)
    return found[chosen]


def show_numbers(walk: Walk) -> None:
    """Steps, view and identity of one walker in a row."""
    rhythm, best = walk.rhythm, walk.matches[0] if walk.matches else None
    who = "nobody enrolled" if best is None else best.name if best.accepted else "nobody known"
    cells = st.columns(5)
    cadence = rhythm.cadence
    cells[0].metric("Cadence", "unknown" if cadence is None else f"{cadence:.0f} steps/min")
    cells[1].metric("Cycles", len(rhythm.cycles))
    cells[2].metric("Left-right symmetry",
                    "unknown" if rhythm.symmetry is None else f"{rhythm.symmetry:.2f}")
    cells[3].metric("View", "unknown" if walk.view is None else f"{walk.view}°")
    cells[4].metric("Who", who, None if best is None else f"distance {best.distance:.2f}",
                    delta_color="off", delta_arrow="off")
    for note in walk.notes:
        st.caption(f":material/info: {note}")
