"""Look inside one walk: the LSTM, the embedding, the view, the ground, another walk, data flow."""

from __future__ import annotations

import streamlit as st

from hybridcore.figures import unit_lines
from hybridcore.gait import figures
from hybridcore.gait.gallery import Gallery
from hybridcore.gait.predict import shared_recognizer
from hybridcore.gait.result import Walk
from hybridcore.layers.recurrent import LSTMTrace
from hybridcore.studio.player import show_timeline, timeline_layout
from hybridcore.studio.states import gates_and_states
from pages.gait import KEY
from pages.gait.followed import Followed


@st.fragment
def look_inside(followed: Followed, walk: Walk, gallery: Gallery) -> None:
    """Gates and states, embedding map, view, stance, comparison, data flow."""
    gates, where, view, floor, against, flow = st.tabs(
        ["Gates and states", "Embedding map", "View", "Stance and swing", "Compare two walks",
         "Data flow"])
    with gates:
        _lstm(followed, walk)
    with where:
        st.caption("Walks that lie close walk alike; a star is a walk of this clip.")
        st.plotly_chart(figures.embedding_map(followed.result, gallery), key=f"{KEY}.map",
                        alt="Enrolled walks and those of this clip in a plane")
    with view:
        st.plotly_chart(figures.view_bars(walk), key=f"{KEY}.view", alt="Probability of each angle")
    with floor:
        st.caption("What touches the ground, over time: level streaks are a foot that stands, "
                   "slopes are a foot that swings.")
        show_timeline(figures.stance(walk, followed.duration(walk)), KEY, "stance",
                      "Where feet touch the ground over time")
    with against:
        _compare(followed, walk)
    with flow:
        st.plotly_chart(figures.data_flow(walk, shared_recognizer().model.config),
                        key=f"{KEY}.flow", alt="Tensors of this walk on their way")


def _lstm(followed: Followed, walk: Walk) -> None:
    if walk.identity is None:
        st.caption("The network did not read this walk; the notes above say why.")
        return
    trace = _trace(followed.key, walk.id, walk)
    times = walk.used_times[walk.identity.at]
    gates_and_states(
        figures.busiest_units(trace),
        lambda unit: timeline_layout(unit_lines(trace, times, unit), KEY),
        lambda units: timeline_layout(figures.gate_maps(trace, times, units), KEY),
        key=KEY, label="Unit, those that swing most first")


def _compare(followed: Followed, walk: Walk) -> None:
    others = {w.id: w for w in followed.result.walks if w.id != walk.id}
    if not others:
        st.caption("There is only one walk here.")
        return
    other = st.selectbox("Compare with", list(others), key=f"{KEY}.other",
                         format_func=lambda number: others[number].name)
    st.plotly_chart(figures.compare(walk, others[other]), key=f"{KEY}.compare",
                    alt="Two gait energy images and their difference")


@st.cache_resource(max_entries=8, show_spinner=False)
def _trace(key: str, chosen: int, _walk: Walk) -> LSTMTrace:
    assert _walk.identity is not None
    return shared_recognizer().trace(_walk.identity)
