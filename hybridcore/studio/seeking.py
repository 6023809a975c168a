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
        end: seconds; the player loops from ``time`` to the frame on screen then. None: no loop.
        play: whether it plays from there, and loops nothing but this; None: as it did.
    """

    time: float
    nonce: int
    end: float | None = None
    play: bool | None = None


def seek(
    key: str, time: float | None, end: float | None = None, *, play: bool | None = None
) -> None:
    """Ask the player ``key`` to go to a time, s, and to loop from there to ``end`` if that is
    given; None asks for nothing. ``play``: as :class:`Seek`. For callbacks."""
    if time is not None:
        state, count = st.session_state, f"{key}.seeks"
        state[count] = state.get(count, 0) + 1  # also over those that are forgotten
        state[_name(key)] = Seek(time, state[count], end, play)


def asked(key: str) -> Seek | None:
    """What the player ``key`` was asked last, for what draws it; it obeys once a wish."""
    wish: Seek | None = st.session_state.get(_name(key))
    st.session_state[f"{key}.heard"] = wish
    return wish


def be_heard(key: str) -> None:
    """Draw the page anew if the player ``key`` was asked for something since it was drawn; for
    fragments that do not hold it, of which it hears nothing otherwise."""
    wish = st.session_state.get(_name(key))
    if wish is not None and wish != st.session_state.get(f"{key}.heard"):
        st.rerun(scope="app")


def forget_seeks(key: str) -> None:
    """Another video was chosen: nothing in it has been sought yet."""
    st.session_state.pop(_name(key), None)


def _name(key: str) -> str:
    return f"{key}.seek"
