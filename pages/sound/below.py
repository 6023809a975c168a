"""Under the page: the sounds by themselves, and the game."""

from __future__ import annotations

import streamlit as st

from hybridcore.media import Clip
from hybridcore.sound.cochleagram import RATE
from hybridcore.sound.predict import own_sound
from hybridcore.studio.page import Page
from pages.sound.which_is_real import play_game


def show_below(page: Page) -> None:
    """The sounds, then the game."""
    _hear_alone(page)
    st.header("Which is real?")
    play_game(page)


def _hear_alone(page: Page) -> None:
    """What was made and, where there is one, the clip's own sound, without the pictures."""
    assert page.answer is not None
    assert isinstance(page.source, Clip)
    with st.expander("Listen without the picture", icon=":material/headphones:", on_change="rerun",
                     key=page.name("alone")) as expander:
        if not expander.open:
            return  # a sound of minutes goes to the browser only where it is asked for
        st.caption("Generated sound")
        st.audio(page.answer.result.sound, sample_rate=RATE)
        if page.outputs.own_onsets is not None:
            st.caption("Original sound")
            st.audio(own_sound(page.source), sample_rate=RATE)
