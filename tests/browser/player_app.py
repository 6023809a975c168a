"""The app that test_player.py drives: one player, two charts that follow it, counted reruns.

The environment names the clip (HYBRIDCORE_TEST_CLIP) and its frame times (..._TIMES, npy).
"""

import os
from pathlib import Path

import numpy as np
import plotly.graph_objects as go
import streamlit as st
from plotly.subplots import make_subplots

from hybridcore.studio.player import synced_player
from hybridcore.studio.seeking import Seek
from hybridcore.studio.timeline import timeline_layout
from hybridcore.view import Line, Panel, PlayerView, Series, Strip
from tests.browser import player_overlays

LABELS = ["kitchen", "corridor", "garden", "street at night", "living room", "library"]
COLOURS = ["#0072b2", "#d55e00", "#009e73", "#b5548f", "#b07d00", "#5b6770"]

st.set_page_config(page_title="Player", layout="wide")


def softmax(logits: np.ndarray) -> np.ndarray:
    power = np.exp(logits - logits.max(axis=1, keepdims=True))
    return power / power.sum(axis=1, keepdims=True)


@st.cache_resource
def build_view() -> tuple[PlayerView, np.ndarray]:
    times = np.load(os.environ["HYBRIDCORE_TEST_TIMES"])
    count = len(times)
    random = np.random.default_rng(7)
    part = np.arange(count) / count
    centres = (np.arange(len(LABELS)) + 0.5) / len(LABELS)
    smooth = softmax(
        -(((part[:, None] - centres) / 0.09) ** 2) + random.normal(size=(count, 6)) / 5
    )
    noisy = softmax(np.log(smooth + 1e-3) + random.normal(size=(count, 6)))

    def bars(name: str, probability: np.ndarray, hollow: bool) -> Series:
        index = np.argsort(-probability, axis=1)[:, :5]
        value = np.take_along_axis(probability, index, axis=1)
        return Series(name, LABELS, index, value, hollow=hollow, colours=COLOURS)

    def strip(name: str, probability: np.ndarray) -> Strip:
        return Strip(name, probability.argmax(1), LABELS, COLOURS, probability.max(1))

    groups = np.where(np.isin(smooth.argmax(1), [2, 3]), 1, 0)
    view = PlayerView(
        video=Path(os.environ["HYBRIDCORE_TEST_CLIP"]),
        times=times,
        strips=[strip("Recurrent", smooth), strip("Frame only", noisy)],
        overlays=[
            player_overlays.attention(count), player_overlays.scene(count),
            player_overlays.rain(count), player_overlays.bodies(count),
        ],
        panels=[
            Panel(
                "This frame",
                series=[bars("Recurrent model", smooth, False), bars("Frame only", noisy, True)],
                lines=[Line("Group", ["indoors", "outdoors"], groups)],
            )
        ],
        cuts=[float(times[count // 3]), float(times[2 * count // 3])],
        size=(320, 180),
        alt="Numbered frames",
    )
    return view, smooth


view, probability = build_view()
st.session_state.full = st.session_state.get("full", 0) + 1
st.title("Scene labelling")
st.caption("What this frame shows, remembered from the frames before")


@st.fragment
def watch() -> None:
    st.session_state.part = st.session_state.get("part", 0) + 1
    with st.container(horizontal=True):
        if st.button("Jump to the middle"):
            nonce = st.session_state.get("nonce", 0) + 1
            st.session_state.nonce = nonce
            st.session_state.wish = Seek(float(view.times[len(view.times) // 2]), nonce)
        st.button("Rerun this part")
    frame = synced_player(view, key="clip", seek=st.session_state.get("wish"))
    st.text(f"frame={frame} part={st.session_state.part} full={st.session_state.full}")


watch()

lines = go.Figure(
    [
        go.Scatter(x=view.times, y=probability[:, k], name=LABELS[k], line_color=COLOURS[k])
        for k in range(3)
    ]
)
lines.update_layout(height=260, margin={"t": 20, "b": 30}, hovermode="x")
st.plotly_chart(timeline_layout(lines, "clip"), key="lines")

heat = make_subplots(rows=2, cols=1, shared_xaxes=True, vertical_spacing=0.06)
heat.add_heatmap(z=(255 * probability.T).astype(np.uint8), y=LABELS, row=1, col=1)
heat.add_heatmap(z=(255 * probability.T[::-1]).astype(np.uint8), row=2, col=1, showscale=False)
heat.update_layout(height=340, margin={"t": 20, "b": 30})
st.plotly_chart(timeline_layout(heat, "clip", x="frame"), key="heat")
st.button("Rerun the page")
