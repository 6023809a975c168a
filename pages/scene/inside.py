"""Look inside: attention, gates and states, the models side by side, groups, data flow."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from hybridcore.cards import load_card
from hybridcore.layers.recurrent import LSTMTrace
from hybridcore.scene import figures
from hybridcore.scene.model import Kind, SceneConfig
from hybridcore.scene.predict import load_model, lstm_internals
from hybridcore.scene.result import SceneResult
from hybridcore.studio.player import show_timeline, timeline_layout
from hybridcore.studio.states import gates_and_states
from pages.scene import KEY
from pages.scene.labelled import Labelled


@st.fragment
def look_inside(labelled: Labelled, kind: Kind) -> None:
    """The tabs."""
    result, name = labelled.result, labelled.clip.digest
    attention, gates, models, groups, flow = st.tabs(
        ["Attention", "Gates and states", "Models side by side", "Groups", "Data flow"])
    with attention:
        st.caption("Brighter is where the network looked; the map sums to one over 5 x 5 cells.")
        st.plotly_chart(_attention_strip(name, kind, labelled), key=f"{KEY}.attention",
                        alt="Frames of the clip under their attention maps")
    with gates:
        _lstm(name, result)
    with models:
        st.caption("How sure each model is of the scene that the LSTM's segments name.")
        show_timeline(figures.comparison(result), KEY, "comparison",
                      "Probability of the segment's scene under each model")
    with groups:
        show_timeline(figures.group_areas(result), KEY, "groups",
                      "Share of indoor, outdoor natural and outdoor built over time")
    with flow:
        config = SceneConfig(**load_card(f"scene_{kind}")["config"])
        st.plotly_chart(figures.data_flow(result, kind, config), key=f"{KEY}.flow",
                        alt="Tensors of this clip on their way through the network")


def _lstm(name: str, result: SceneResult) -> None:
    st.caption("The first 100 units sum the evidence for one scene each, with weights that all "
               "scenes share; the others are free to hold what the network found useful.")
    trace = _trace(name, result)
    gates_and_states(
        figures.units_by_cuts(trace, result.cut_frames("lstm")),
        lambda unit: timeline_layout(figures.unit_lines(trace, result, unit), KEY),
        lambda units: timeline_layout(figures.gate_maps(trace, result, units), KEY),
        key=KEY, label="Unit, those that change most at cuts first",
        name=lambda unit: figures.unit_name(unit, result), most=128)


@st.cache_resource(max_entries=8, show_spinner=False)
def _trace(name: str, _result: SceneResult) -> LSTMTrace:
    return lstm_internals(load_model("lstm"), _result)


@st.cache_data(max_entries=8, show_spinner="Drawing the attention")
def _attention_strip(name: str, kind: Kind, _labelled: Labelled) -> go.Figure:
    result = _labelled.result
    at = np.unique(np.linspace(0, len(result) - 1, 10).round().astype(int))
    size = (90, max(40, round(90 * result.width / result.height)))
    track = result.tracks[kind]
    return figures.attention_strip(
        _labelled.clip.frames_at(result.times[at].tolist(), size), track.attention[at],
        result.times[at], [result.scene_names[i] for i in track.top[0][at, 0]])
