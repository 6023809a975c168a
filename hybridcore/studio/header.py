"""The head of a page: its title, one sentence of what it does, and what stands behind it."""

from __future__ import annotations

import streamlit as st

from hybridcore.cards import load_card
from hybridcore.errors import HybridCoreError
from hybridcore.studio.cards import bullets, show_card
from hybridcore.studio.problems import show_problem
from hybridcore.system import System


def page_header(system: System) -> None:
    """Title, sentence, and papers, limits and model cards on a click."""
    head, about = st.columns([5, 1], vertical_alignment="bottom")
    head.title(system.title)
    head.caption(system.sentence)
    with about.popover("About", icon=":material/info:", width="stretch"):
        bullets("After", system.papers)
        bullets("What it cannot do", system.limits)
        for name in system.all_cards:
            try:
                show_card(load_card(name))
            except HybridCoreError as error:
                show_problem(error)
