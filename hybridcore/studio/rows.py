"""Tables whose rows are places in time: choosing one takes the player there."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from hybridcore.studio.address import presenting
from hybridcore.studio.seeking import seek
from hybridcore.studio.widget_state import event

_HEIGHT = 260  # px
_ON_STAGE = 8  # rows


def table(rows: pd.DataFrame, *, name: str, player: str) -> None:
    """A table; one with a column ``start``, s, moves the player of that key. On a stage the first
    rows, in large letters."""
    if presenting():
        st.table(rows.head(_ON_STAGE), hide_index=True)
        return
    if "start" not in rows.columns:
        st.dataframe(rows, hide_index=True)
        return

    def choose() -> None:
        # Wherever in its row somebody clicks.
        cells = (event(name, "selection") or {}).get("cells")
        if cells and cells[0][0] < len(rows):
            seek(player, float(rows["start"].iloc[cells[0][0]]))

    st.dataframe(rows, hide_index=True, height=_HEIGHT, key=name, selection_mode="single-cell",
                 on_select=choose)
