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


def count_seek(key: str) -> None:
    """Callback of an element on whose choice the player ``key`` is to seek."""
    st.session_state[_name(key)] = st.session_state.get(_name(key), 0) + 1


def seek_to(key: str, time: float | None) -> Seek | None:
    """Where the player ``key`` is to seek: the time (s) of what is chosen, None where nothing is.

    It moves when a choice was counted since the last time, and not because ``time`` changed.
    """
    count = st.session_state.get(_name(key), 0)
    return Seek(time, count) if count and time is not None else None


def forget_seeks(key: str) -> None:
    """Another video was chosen: nothing in it has been sought yet."""
    st.session_state.pop(_name(key), None)


def _name(key: str) -> str:
    return f"{key}.seeks"
