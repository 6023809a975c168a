"""Look inside the sound: cochleagrams, loudness, gates and states, data flow."""

from __future__ import annotations

import numpy as np
import streamlit as st

from hybridcore.figures import gate_maps, unit_lines
from hybridcore.layers.recurrent import LSTMTrace
from hybridcore.sound import figures
from hybridcore.sound.cochleagram import RATE, cochleagram_numpy
from hybridcore.sound.networks import FramePrediction, recurrent_trace
from hybridcore.sound.predict import shared_maker
from hybridcore.sound.result import SoundResult
from hybridcore.studio.player import show_timeline, timeline_layout
from hybridcore.studio.states import gates_and_states
from pages.sound import KEY
from pages.sound.watched import Watched


def look_inside(watched: Watched, result: SoundResult) -> None:
    """The tabs."""
    heard, gates, flow = st.tabs(["Cochleagram and loudness", "Gates and states", "Data flow"])
    with heard:
        _heard(watched, result)
    with gates:
        _lstm(watched)
    with flow:
        st.plotly_chart(figures.data_flow(watched.prediction, shared_maker().model.config),
                        key=f"{KEY}.flow", alt="Tensors of this clip on their way")


def _heard(watched: Watched, result: SoundResult) -> None:
    """The sound that was made and the clip's own, to hear and to see."""
    for text, sound in (("Made", result.sound), ("The clip's own", watched.real)):
        if sound is not None and sound.any():
            st.caption(text)
            st.audio(sound, sample_rate=RATE)
    real = None if watched.real is None else cochleagram_numpy(watched.real)
    show_timeline(figures.cochleagrams(result, real), KEY, "cochleagram",
                  "Cochleagrams over time")
    show_timeline(figures.loudness_lines(result, real), KEY, "loudness", "Loudness over time")
    show_timeline(figures.waveforms(result, watched.real), KEY, "waveform", "Waveforms")


def _lstm(watched: Watched) -> None:
    times = watched.prediction.times
    trace = _trace(watched.clip.digest, watched.prediction)
    units = np.argsort(-np.abs(np.diff(trace.c, axis=0)).max(0, initial=0))
    gates_and_states(
        units,
        lambda unit: timeline_layout(unit_lines(trace, times, unit), KEY),
        lambda some: timeline_layout(gate_maps(
            trace, times, some, [f"unit {unit}" for unit in some], where="%{x:.2f} s"), KEY),
        key=KEY, label="Unit, those that move most first", shown=min(48, len(units)),
        most=len(units))


@st.cache_resource(max_entries=8, show_spinner=False)
def _trace(name: str, _prediction: FramePrediction) -> LSTMTrace:
    return recurrent_trace(shared_maker().model, _prediction)
