"""The app that test_states.py drives: a player, and an LSTM from inside that goes with it.

The environment names the clip (HYBRIDCORE_TEST_CLIP) and its frame times (..._TIMES, npy).
"""

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import streamlit as st
import torch
from torch import nn

from hybridcore.layers.recurrent import lstm_trace
from hybridcore.studio.player import synced_player
from hybridcore.studio.seeking import asked, be_heard
from hybridcore.studio.states import gates_and_states
from hybridcore.system import States
from hybridcore.view import Event, PlayerView, Strip

st.set_page_config(page_title="States", layout="wide")
UNITS = 8


@st.cache_resource
def build() -> tuple[PlayerView, States]:
    times = np.load(os.environ["HYBRIDCORE_TEST_TIMES"])
    torch.manual_seed(0)
    lstm = nn.LSTM(3, UNITS, batch_first=True)
    inputs = torch.randn(len(times), 3)
    trace = lstm_trace(lstm, inputs, lstm(inputs[None])[0][0])
    h = trace.h.copy()  # two units are on together, one of them once more
    h[62:66, :2] = h[100:104, 1] = 0.9
    trace = replace(trace, h=h)
    codes = np.repeat([0, 1], [len(times) // 2, len(times) - len(times) // 2])
    view = PlayerView(times=times, video=Path(os.environ["HYBRIDCORE_TEST_CLIP"]), size=(320, 180),
                      strips=[Strip("Model", codes, ("a", "b"), ("#0072b2", "#d55e00"))])
    return view, States(trace, times, np.arange(UNITS)[::-1], "the last ones first")


view, states = build()


@st.fragment
def shown() -> None:
    synced_player(view, key="clip", seek=asked("clip"), events=[
        Event(float(view.times[k]), f"event at {k}") for k in (20, 40)])


@st.fragment
def inside() -> None:
    be_heard("clip")
    gates_and_states(states, key="clip")


shown()  # in a fragment of its own, as on the pages
inside()
