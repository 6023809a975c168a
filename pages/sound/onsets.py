"""The table of onsets, which a person may change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from hybridcore.sound.bank import Bank
from hybridcore.sound.events import Onset
from hybridcore.sound.materials import ACTIONS, MATERIALS
from hybridcore.sound.predict import find_onsets
from hybridcore.sound.table import LOUDEST, NEAREST, SOFTEST, from_table, to_table
from hybridcore.studio.page import Page
from pages.sound.hit import edit_hit


def edit_onsets(page: Page) -> dict[str, Any]:
    """The option ``onsets``: what the network predicts, as far as a person leaves it as it is."""
    left, right = st.columns([3, 2])
    with left:
        row = st.container(horizontal=True, vertical_alignment="center")
        row.markdown("**Onsets** · edit, add or delete them; the sound follows at once")
        again = row.button("Reset to the network's onsets", icon=":material/undo:")
        basis = (page.source.digest, page.kind, page.options["threshold"])
        if again or st.session_state.get(page.name("basis")) != basis:
            st.session_state[page.name("basis")] = basis
            prediction = page.outputs.by_kind[page.kind]
            set_onsets(page, find_onsets(prediction, page.options["threshold"]))
        onsets = _table(page, page.options["bank"])
    with right:
        edit_hit(page, onsets, set_onsets)
    return {"onsets": onsets}


def set_onsets(page: Page, onsets: Sequence[Onset]) -> None:
    """Put onsets into the table; a new key makes the editor start from them."""
    before = st.session_state.get(page.name("table"), {"round": 0})
    st.session_state[page.name("table")] = {
        "onsets": to_table(onsets), "round": before["round"] + 1}


def _table(page: Page, bank: Bank) -> list[Onset]:
    """The onsets in the table, in order of time."""
    shown, duration = st.session_state[page.name("table")], page.outputs.duration
    names = sorted({*MATERIALS, *(e.material for e in bank.exemplars if e.material)})
    edited = st.data_editor(
        shown["onsets"], key=page.name(f"editor.{shown['round']}"), num_rows="dynamic",
        hide_index=True, height=290, column_config={
            "time": st.column_config.NumberColumn(
                "time (s)", min_value=0.0, max_value=duration - 0.001,  # its end is silent
                step=0.001, format="%.3f", required=True),
            "strength": st.column_config.NumberColumn(
                "strength (dB)", min_value=SOFTEST, max_value=LOUDEST, step=0.5, format="%.1f"),
            "action": st.column_config.SelectboxColumn("action", options=list(ACTIONS)),
            "material": st.column_config.SelectboxColumn("material", options=names),
            "sound": st.column_config.SelectboxColumn(
                "sound", options=[NEAREST, *(e.name for e in bank.exemplars)], default=NEAREST),
            "confidence": st.column_config.NumberColumn(
                "confidence", format="%.1f %%", disabled=True),
        })
    return [onset for onset in from_table(edited) if onset.time < duration]
