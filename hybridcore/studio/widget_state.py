"""What a widget says at a moment when its state may be gone, or belong to what was there before.

A browser answers the page that it sees, and the server may be further: the page was left, the file
or the model changed, the list became shorter. Then a callback finds no state under its key, or the
text of an option that is no longer there. Nobody chose anything then.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Container, Sequence
from typing import Any

import streamlit as st


def position(key: str, count: int) -> int | None:
    """The position in [0, count) kept under a key; None where there is none of these."""
    value = st.session_state.get(key)
    # Streamlit gives the title of an option, a text, where the option is no longer there.
    return value if isinstance(value, int) and 0 <= value < count else None


def nearest_position(key: str, count: int) -> int:
    """As :func:`position`, or the last one for a list that became shorter, otherwise the first."""
    value = st.session_state.get(key)
    return max(0, min(value, count - 1)) if isinstance(value, int) else 0


def choice(key: str, choices: Container[Any]) -> Any | None:
    """The value kept under a key; None where it is none of the choices."""
    value = st.session_state.get(key)
    return value if value is not None and value in choices else None


def event(key: str, name: str) -> Any | None:
    """A part of what a component or a table says; None where it says nothing."""
    return (st.session_state.get(key) or {}).get(name)


def listed_choice(
    label: str, titles: Sequence[str], *, key: str, kept: str, then: Callable[[], None]
) -> int:
    """Let a person choose one of ``titles`` from a list.

    Each list has a widget of its own. A browser names what is chosen by its title, and goes on to
    answer for the titles that it knows while others are drawn: of one widget for all lists, that
    would be a choice that nobody made.

    Args:
        key: that of the widget begins so; the whole one is kept under it.
        kept: the key under which the position is kept, which has to be that of a title.
        then: called when a person has chosen, and the position is kept.

    Returns:
        The position.
    """
    state, widget = st.session_state, f"{key}.{zlib.crc32(repr(titles).encode()):08x}"
    state[widget], state[key] = state[kept], widget

    def take() -> None:
        at = position(widget, len(titles)) if state.get(key) == widget else None
        if at is not None:
            state[kept] = at
            then()

    at: int = st.selectbox(label, range(len(titles)), format_func=titles.__getitem__, key=widget,
                           on_change=take)
    return at
