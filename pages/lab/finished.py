"""Are recurrent networks finished? What was published, and what this project measured."""

from __future__ import annotations

import streamlit as st

from hybridcore.lab import answers, figures, published
from hybridcore.lab.measured import measured
from hybridcore.studio.timeline import CONFIG


def are_they_finished() -> None:
    """Both tables, and the answer."""
    found = measured()
    st.header("Are recurrent networks finished?")
    st.markdown(answers.answer(found))
    left, right = st.columns([2.2, 1])
    left.plotly_chart(figures.reached(found), config=CONFIG, key="lab.reached",
                      alt="Loss of every network on every task, as a share of that of guessing")
    right.plotly_chart(figures.costs(found), config=CONFIG, key="lab.costs",
                       alt="Microseconds that a new frame costs every network")
    st.markdown("**Measured by this project**")
    st.table(answers.rows(found), hide_index=True)
    st.caption(answers.how(found))
    st.markdown(f"**Published, not measured here:** [{published.SOURCE}]({published.URL})")
    st.table(published.rows(), hide_index=True)
