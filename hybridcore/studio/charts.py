"""The charts of a system: those beside the player, and those of "Look inside"."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from hybridcore.errors import HybridCoreError
from hybridcore.studio.address import FLOW, STATES, SURGERY, WHY, tabs
from hybridcore.studio.flow import show_flow
from hybridcore.studio.player import narrow
from hybridcore.studio.problems import show_problem
from hybridcore.studio.rows import table
from hybridcore.studio.states import gates_and_states
from hybridcore.studio.surgery import show_surgery
from hybridcore.studio.timeline import CONFIG, height_of, show_timeline
from hybridcore.studio.why import show_why
from hybridcore.system import Answer, At, Chart, System

Span = tuple[float, float] | None  # s, of the player's strips

def draw_charts(
    system: System, answer: Answer[Any, Any], at: At, key: str, span: Span = None
) -> None:
    """The charts that stand below the player, whose strips run over ``span``."""
    for chart in system.charts:
        if not chart.inside:
            _draw(chart, system, answer, at, key, span)


def show_facts(system: System, answer: Answer[Any, Any], at: At) -> None:
    """Numbers worth a place of their own."""
    for fact in system.facts(answer, at):
        st.metric(fact.title, fact.value, fact.note or None, delta_color="off",
                  delta_arrow="off", width="content")


def look_inside(
    system: System, answer: Answer[Any, Any], at: At, key: str, span: Span = None
) -> None:
    """A tab for every chart inside, why a label is said, memories that are changed, the LSTM's
    states and the data flow; only the open one is computed."""
    shows: dict[str, Callable[[], None]] = {
        chart.key: partial(_draw, chart, system, answer, at, key, span)
        for chart in system.charts if chart.inside
    }
    shows[WHY] = partial(show_why, system, answer, at, key, span)
    shows[SURGERY] = partial(show_surgery, system, answer, at, key, span)
    shows[STATES] = partial(_states, system, answer, at, span)
    shows[FLOW] = partial(show_flow, system, answer, at)
    titles = tabs(system)
    if not titles:
        return
    st.header("Look inside")
    opened = st.tabs(list(titles.values()), on_change="rerun", key=f"{system.key}.tabs")
    for tab, name in zip(opened, titles, strict=True):
        if tab.open:
            with tab:
                try:
                    shows[name]()
                except HybridCoreError as error:  # the other tabs stay
                    show_problem(error)


def _draw(
    chart: Chart, system: System, answer: Answer[Any, Any], at: At, key: str, span: Span
) -> None:
    at = replace(at, narrow=narrow())
    drawn = _drawn(key, chart.key, at.item, at.word, at.frame if chart.at_frame else 0, at.narrow,
                   chart, answer, at)
    if drawn is None and not chart.inside and not chart.empty:
        return
    if not chart.inside:
        st.markdown(f"**{chart.title}**")
    if chart.note:
        st.caption(chart.note)
    name = f"chart.{chart.key}"
    if drawn is None:
        st.caption(chart.empty or "Nothing to show for this model or input.")
    elif isinstance(drawn, pd.DataFrame):
        table(drawn, name=f"{system.key}.{name}", player=system.key)
    else:
        alt = f"{chart.alt}. {system.headline(answer)}"
        if chart.over_time:
            show_timeline(drawn, system.key, name, alt, span)
        else:
            st.plotly_chart(drawn, key=f"{system.key}.{name}", alt=alt, config=CONFIG,
                            height=height_of(drawn))


@st.cache_resource(max_entries=128, show_spinner=False)
def _drawn(
    key: str, chart: str, item: int, word: int, frame: int, narrow: bool, _chart: Chart,
    _answer: Answer[Any, Any], _at: At,
) -> go.Figure | pd.DataFrame | None:
    return _chart.draw(_answer, _at)


def _states(system: System, answer: Answer[Any, Any], at: At, span: Span) -> None:
    assert system.states is not None
    states = system.states(answer, at)
    if states is None:
        st.caption("This model has no LSTM, or it did not read this input.")
    else:
        gates_and_states(states, key=system.key, word=at.word, span=span)
