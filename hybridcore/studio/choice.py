"""A blinded two-alternative forced choice between clips that differ to the eye in place alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import streamlit as st


@dataclass(frozen=True)
class Score:
    """The score of the answers so far.

    Attributes:
        name: what the answers in question have in common, such as "Correct".
        hits: how many they are.
        count: how many answers there are in all.
        interval: 95 % interval of the share of hits, 0..1, and how it was found; None while the
            answers are too few for one that says anything.
        references: shares to compare with: a label, the share, 0..1, and where it comes from.
        rows: all answers as a CSV file.
    """

    name: str
    hits: int
    count: int
    interval: tuple[float, float, str] | None
    references: Sequence[tuple[str, float, str]]
    rows: str


def two_choice(
    first: Path, second: Path, *, key: str, question: str
) -> Literal["first", "second"] | None:
    """Show two clips side by side with a button each.

    Args:
        first, second: browser-playable files, which nothing else distinguishes.
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


def show_score(score: Score, *, file_name: str) -> None:
    """The running score beside its references, and a download; a share of few answers is not
    written in percent."""
    count = f"{score.hits} of {score.count}"
    metrics = [(score.name, count if score.count else "none yet", "")]
    if score.interval is not None:
        low, high, method = score.interval
        metrics = [(score.name, f"{score.hits / score.count:.0%}", count),
                   ("95 % interval", f"{low:.0%} to {high:.0%}", method)]
    metrics += [(label, f"{part:.1%}", source) for label, part, source in score.references]
    for column, (label, value, below) in zip(st.columns(len(metrics)), metrics, strict=True):
        column.metric(label, value, below or None, delta_color="off", delta_arrow="off")
    st.download_button("Answers as CSV", score.rows, file_name, "text/csv",
                       icon=":material/download:", disabled=not score.count, on_click="ignore")
