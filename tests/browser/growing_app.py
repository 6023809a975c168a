"""The app that test_growing.py drives: a player whose view grows by a button.

The environment names the clip (HYBRIDCORE_TEST_CLIP) and its frame times (..._TIMES, npy).
"""

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import streamlit as st

from hybridcore.studio.player import synced_player
from hybridcore.studio.streaming import GrowingView
from hybridcore.view import Heat, Panel, Parts, PlayerView, Series, Strip

LABELS = ["kitchen", "garden"]
COLOURS = ["#0072b2", "#009e73"]
STEP = 20  # frames that become known at once

times = np.load(os.environ["HYBRIDCORE_TEST_TIMES"])
clip = Path(os.environ["HYBRIDCORE_TEST_CLIP"])
film = str(clip)


def known(count: int) -> PlayerView:
    codes = np.arange(count) // 30 % 2
    maps = np.broadcast_to(np.arange(count, dtype=np.uint8)[:, None, None], (count, 4, 5)).copy()
    whole = count == len(times)
    return PlayerView(
        times=times[:count], length=None if whole else float(times[-1]) + 0.1,
        strips=[Strip("Scene", codes, LABELS, COLOURS)], overlays=[Heat("Attention", maps)],
        panels=[Panel("This frame", [Series(
            "Scene", LABELS, codes[:, None], np.ones((count, 1), np.float32))])],
        size=(320, 180), alt="Numbered frames")


state = st.session_state
if "growing" not in state:
    state.growing, state.count = GrowingView(replace(known(1), strips=(), panels=())), 1
row = st.container(horizontal=True)
if row.button("Grow"):
    state.count = min(len(times), state.count + STEP)
    state.growing.update(state.count, known)
playable = row.toggle("The video is there")
if row.toggle("Another film"):
    frame = synced_player(known(1), key="clip", film="another", parts=Parts.of(known(1).to_bytes()))
elif row.toggle("Done"):
    frame = synced_player(known(len(times)), key="clip", video=clip, film=film)
else:
    frame = synced_player(state.growing.view, key="clip", video=clip if playable else None,
                          film=film, parts=state.growing.parts)
st.text(f"frame={frame} count={state.count}")
