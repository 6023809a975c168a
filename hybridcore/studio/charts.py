"""The charts of a system: those beside the player, and those of "Look inside"."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from hybridcore import figures
from hybridcore.errors import HybridCoreError
from hybridcore.studio.player import timeline_layout
from hybridcore.studio.problems import show_problem
from hybridcore.studio.seeking import seek
from hybridcore.studio.states import gates_and_states
from hybridcore.system import Answer, At, Chart, System

_TABLE_HEIGHT = 260  # px


def draw_charts(system: System, answer: Answer[Any, Any], at: At, key: str) -> None:
    """The charts that stand below the player."""
    for chart in system.charts:
        if not chart.inside:
            _draw(chart, system, answer, at, key)


def show_facts(system: System, answer: Answer[Any, Any], at: At) -> None:
    """Numbers worth a place of their own, in a row."""
    facts = system.facts(answer, at)
    for column, fact in zip(st.columns(len(facts)) if facts else (), facts, strict=True):
        column.metric(fact.title, fact.value, fact.note or None, delta_color="off",
                      delta_arrow="off")


def look_inside(system: System, answer: Answer[Any, Any], at: At, key: str) -> None:
    """A tab for every chart inside, the LSTM's states and the data flow; only the open one is
    computed."""
    tabs: dict[str, Callable[[], None]] = {
        chart.title: partial(_draw, chart, system, answer, at, key)
        for chart in system.charts if chart.inside
    }
    if system.states is not None:
        tabs["Gates and states"] = partial(_states, system, answer, at)
    if system.flow is not None:
        tabs["Data flow"] = partial(_flow, system, answer, at)
    if not tabs:
        return
    st.subheader("Look inside")
    opened = st.tabs(list(tabs), on_change="rerun", key=f"{system.key}.tabs")
    for tab, show in zip(opened, tabs.values(), strict=True):
        if tab.open:
            with tab:
                try:
                    show()
                except HybridCoreError as error:  # the other tabs stay
                    show_problem(error)


def _draw(chart: Chart, system: System, answer: Answer[Any, Any], at: At, key: str) -> None:
    drawn = _drawn(key, chart.key, at.item, at.word, at.frame if chart.at_frame else 0, chart,
                   answer, at)
    if not chart.inside and drawn is not None:
        st.markdown(f"**{chart.title}**")
    if chart.note:
        st.caption(chart.note)
    name = f"{system.key}.chart.{chart.key}"
    if drawn is None:
        if chart.inside:
            st.caption("There is nothing to show for this model or input.")
    elif isinstance(drawn, pd.DataFrame):
        _table(drawn, name, system)
    else:
        figure = timeline_layout(drawn, system.key) if chart.over_time else drawn
        st.plotly_chart(figure, key=name, alt=chart.alt)


def _table(table: pd.DataFrame, name: str, system: System) -> None:
    if "start" not in table.columns:
        st.dataframe(table, hide_index=True)
        return

    def choose() -> None:
        rows = st.session_state[name]["selection"]["rows"]
        if rows and rows[0] < len(table):
            seek(system.key, float(table["start"].iloc[rows[0]]))

    st.dataframe(table, hide_index=True, height=_TABLE_HEIGHT, key=name,
                 selection_mode="single-row", on_select=choose)


@st.cache_resource(max_entries=128, show_spinner=False)
def _drawn(
    key: str, chart: str, item: int, word: int, frame: int, _chart: Chart,
    _answer: Answer[Any, Any], _at: At,
) -> go.Figure | pd.DataFrame | None:
    return _chart.draw(_answer, _at)


def _states(system: System, answer: Answer[Any, Any], at: At) -> None:
    assert system.states is not None
    states = system.states(answer, at)
    if states is None:
        st.caption("There is no LSTM in this model, or it did not read this input.")
    else:
        gates_and_states(states, key=system.key)


def _flow(system: System, answer: Answer[Any, Any], at: At) -> None:
    assert system.flow is not None
    st.caption("The shapes are those of the tensors that this very input made on its way; blue "
               "stations hold weights that this project trained.")
    st.plotly_chart(figures.data_flow(system.flow(answer, at)), key=f"{system.key}.flow",
                    alt="Tensors of this input on their way through the network")
