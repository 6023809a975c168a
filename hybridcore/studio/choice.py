"""A choice between two clips that look alike: which of them is the one asked for?"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import streamlit as st


def two_choice(
    first: Path, second: Path, *, key: str, question: str
) -> Literal["first", "second"] | None:
    """Show two clips side by side with a button each.

    Args:
        first, second: browser-playable files; nothing but their place tells them apart.
        key: unique for this question.

    Returns:
        Which one was chosen, in the run that follows the click; otherwise None.
    """
    st.markdown(f"**{question}**")
    chosen: Literal["first", "second"] | None = None
    left, right, _ = st.columns([2, 2, 1])
    with left:
        st.video(first.read_bytes(), alt="The first clip")
        if st.button("The first", key=f"{key} first", icon=":material/looks_one:",
                     width="stretch"):
            chosen = "first"
    with right:
        st.video(second.read_bytes(), alt="The second clip")
        if st.button("The second", key=f"{key} second", icon=":material/looks_two:",
                     width="stretch"):
            chosen = "second"
    return chosen
