"""The head of a page: its title, one sentence of what it does, and its models by their cards."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

import streamlit as st

from hybridcore.errors import HybridCoreError
from hybridcore.studio.cards import Card, show_card


def page_header(title: str, text: str, cards: Iterable[Card]) -> None:
    """Show the head of a page.

    Args:
        title: what the page is about.
        text: a sentence or two below it.
        cards: of the models, shown on a click. They may be read as they are asked for: one that is
            missing ends the list, and the page says what is wrong where it needs the model.
    """
    head, about = st.columns([5, 1], vertical_alignment="bottom")
    head.title(title)
    head.caption(text)
    with about.popover("About", icon=":material/info:", width="stretch"), \
            suppress(HybridCoreError):
        for card in cards:
            show_card(card)
