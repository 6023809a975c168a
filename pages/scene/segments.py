"""The table of segments; choosing a row moves the player there."""

from __future__ import annotations

from functools import partial

import streamlit as st

from hybridcore.scene import figures
from hybridcore.scene.model import Kind
from hybridcore.scene.result import SceneResult
from hybridcore.studio.seeking import count_seek
from pages.scene import KEY


def chosen_start(result: SceneResult, kind: Kind) -> float | None:
    """When the segment begins whose row is chosen, s."""
    rows = st.session_state.get(_key(kind), {}).get("selection", {}).get("rows", [])
    segments = result.segments(kind)
    return segments[rows[0]].start if rows and rows[0] < len(segments) else None


def show_segments(result: SceneResult, kind: Kind) -> None:
    """The table of one model's segments."""
    st.dataframe(
        figures.segment_table(result, kind), hide_index=True, height=260, key=_key(kind),
        selection_mode="single-row", on_select=partial(count_seek, KEY))


def _key(kind: Kind) -> str:
    return f"{KEY}.segments.{kind}"
