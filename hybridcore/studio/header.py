"""The head of a page: one row with its title, and what stands behind it on a click."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from hybridcore.cards import load_card
from hybridcore.errors import HybridCoreError
from hybridcore.studio.cards import bullets, show_card
from hybridcore.studio.problems import show_problem
from hybridcore.system import System

_STYLE = Path(__file__).with_name("page.css")


def page_style() -> None:
    """What every page looks like beyond the theme."""
    st.html(_STYLE)


def head_row(system: System) -> DeltaGenerator:
    """The row at the top of a page, with its title; the page puts choices into it."""
    row = st.container(horizontal=True, vertical_alignment="center", key="head")
    row.container(key="title", width="content").title(system.title)
    return row


def about(system: System) -> None:
    """What the system does, papers, limits and model cards, on a click."""
    with st.popover("About", icon=":material/info:", type="tertiary"):
        st.markdown(f"**{system.title}**")
        st.markdown(system.sentence)
        bullets("Based on", system.papers)
        bullets("What it cannot do", system.limits)
        for name in system.all_cards:
            try:
                show_card(load_card(name))
            except HybridCoreError as error:
                show_problem(error)
