"""The table of onsets, which a person may change."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from hybridcore.sound.bank import Bank
from hybridcore.sound.events import Onset
from hybridcore.sound.materials import ACTIONS, MATERIALS
from hybridcore.sound.predict import find_onsets
from hybridcore.sound.table import LOUDEST, NEAREST, SOFTEST, from_table, to_table
from pages.sound import KEY
from pages.sound.watched import Watched


def fill_table(watched: Watched, threshold: float, again: bool) -> None:
    """Put what the network found into the table where the clip or the threshold is new.

    Args:
        again: also where they are not: a person's changes are dropped.
    """
    basis = (watched.clip.digest, threshold)
    if again or st.session_state.get(f"{KEY}.basis") != basis:
        st.session_state[f"{KEY}.basis"] = basis
        set_onsets(find_onsets(watched.prediction, threshold))


def set_onsets(onsets: Sequence[Onset]) -> None:
    """Put onsets into the table; a new key makes the editor start from them."""
    before = st.session_state.get(f"{KEY}.table", {"round": 0})
    st.session_state[f"{KEY}.table"] = {
        "onsets": to_table(onsets), "round": before["round"] + 1}


def edit_onsets(watched: Watched, bank: Bank) -> list[Onset]:
    """The table; returns the onsets in it, in order of time."""
    shown, duration = st.session_state[f"{KEY}.table"], watched.clip.info.duration
    names = sorted({*MATERIALS, *(e.material for e in bank.exemplars if e.material)})
    edited = st.data_editor(
        shown["onsets"], key=f"{KEY}.editor.{shown['round']}", num_rows="dynamic",
        hide_index=True, height=290, column_config={
            "time": st.column_config.NumberColumn(
                "time, s", min_value=0.0, max_value=duration - 0.001,  # at its end nothing is heard
                step=0.001, format="%.3f", required=True),
            "strength": st.column_config.NumberColumn(
                "strength, dB", min_value=SOFTEST, max_value=LOUDEST, step=0.5, format="%.1f"),
            "action": st.column_config.SelectboxColumn("action", options=list(ACTIONS)),
            "material": st.column_config.SelectboxColumn("material", options=names),
            "sound": st.column_config.SelectboxColumn(
                "sound", options=[NEAREST, *(e.name for e in bank.exemplars)], default=NEAREST),
            "confidence": st.column_config.NumberColumn("sure", format="percent", disabled=True),
        })
    return [onset for onset in from_table(edited) if onset.time < duration]
