"""Seeking by another element of the page: a table's row, a list's entry, a small picture."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st


@dataclass(frozen=True)
class Seek:
    """A wish to move the video, made by another element of the page.

    Attributes:
        time: seconds; the player shows the frame that is on screen at that time.
        nonce: any number that differs from the last wish, so that the same time can be asked twice.
    """

    time: float
    nonce: int


def seek(key: str, time: float | None) -> None:
    """Ask the player ``key`` to go to a time, s; None asks for nothing. For callbacks."""
    if time is not None:
        last = asked(key)
        st.session_state[_name(key)] = Seek(time, 1 if last is None else last.nonce + 1)


def asked(key: str) -> Seek | None:
    """What the player ``key`` was asked last; it obeys once a wish."""
    wish: Seek | None = st.session_state.get(_name(key))
    return wish


def forget_seeks(key: str) -> None:
    """Another video was chosen: nothing in it has been sought yet."""
    st.session_state.pop(_name(key), None)


def _name(key: str) -> str:
    return f"{key}.seek"
