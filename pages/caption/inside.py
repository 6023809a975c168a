"""Look inside a sentence; only the tab that is open is computed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from hybridcore.caption import figures
from hybridcore.caption.decode import Options
from hybridcore.caption.predict import shared_captioner
from hybridcore.caption.result import CaptionResult, Inside
from hybridcore.errors import HybridCoreError
from hybridcore.studio.problems import show_problem
from hybridcore.studio.states import gates_and_states
from pages.caption import KEY
from pages.caption.alignment import show_alignment
from pages.caption.comparison import compare_models


@st.fragment
def look_inside(
    picture: np.ndarray, result: CaptionResult, inside: Inside, word: int, options: Options
) -> None:
    """Attention, alternatives, LSTM, beams, models, alignment, data flow."""
    tabs: dict[str, Callable[[], None]] = {
        "Attention": partial(
            _chart, "Attention", "Where the network looked before each word: 7 x 7 cells; each map "
            "sums to one and is drawn from its own darkest to its own brightest cell.",
            partial(figures.attention_strip, picture, inside)),
        "Alternatives": partial(
            _chart, "Alternatives", "The ten likeliest words at every step; the one that was said "
            "is framed.", partial(figures.alternatives, inside)),
        "Certainty": partial(
            _chart, "Certainty", "How sure the network was of each word, how much of the picture "
            "it let in, and the entropy of all that it could have said.",
            partial(figures.certainty, inside)),
        "Gates and states": partial(_lstm, inside, word),
        "Beam tree": partial(
            _chart, "Beam tree", "Every word that was followed. The thick way is the best "
            "sentence; a larger dot is a likelier word, given those before it.",
            partial(figures.beam_tree, result.tree)),
        "Models side by side": partial(compare_models, result, options),
        "Alignment": partial(show_alignment, picture, result),
        "Data flow": partial(
            _chart, "Data flow", "The tensors of this picture on their way through the network.",
            partial(figures.data_flow, result, inside,
                    shared_captioner().models[result.kind].config,
                    (picture.shape[1], picture.shape[0]))),
    }
    if inside.attention is None:
        del tabs["Attention"]
    opened = st.tabs(list(tabs), on_change="rerun", key=f"{KEY}.tabs")
    for tab, show in zip(opened, tabs.values(), strict=True):
        if not tab.open:
            continue
        with tab:
            try:
                show()
            except HybridCoreError as error:  # one model's weights are missing: the others stay
                show_problem(error)


def _chart(name: str, text: str, draw: Callable[[], go.Figure]) -> None:
    st.caption(text)
    st.plotly_chart(draw(), key=f"{KEY}.{name}", alt=text)


def _lstm(inside: Inside, word: int) -> None:
    gates_and_states(
        figures.units_by_word(inside.trace, word),
        lambda unit: figures.unit_lines(inside, unit, word),
        lambda units: figures.gate_maps(inside, units, word),
        key=KEY, shown=32, most=128, over="the words",
        label=f"Unit, those that “{figures.spelled(inside.words[word])}” changed most first")
