"""ConvLSTM, CNN -> LSTM and a recurrent convolution on the same bouncing digit."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st
from torch import nn

from hybridcore.cards import Card, load_card
from hybridcore.lab import forecasters, memory_figures
from hybridcore.lab.bouncing import films
from hybridcore.lab.forecasters import TITLES
from hybridcore.lab.racers import parameters_of
from hybridcore.studio.cards import show_card
from hybridcore.studio.problems import stop_on_problem
from hybridcore.studio.timeline import CONFIG
from hybridcore.text import percent

_FRAMES, _SEEN = 20, 10  # of a film, and those that are shown before the networks go on alone
_SHOWN = 9  # frames side by side


def memory_as_a_map() -> None:
    """A film, what each network says comes next, and what each holds."""
    left, right = st.columns([1, 2.6], gap="medium")
    with left:
        digit = st.selectbox("Digit", range(10), 3, key="bouncing", bind="query-params")
        seed = st.number_input("Film", 0, 9999, 1, key="film", bind="query-params")
        alone = st.toggle("On their own after frame 10", key="alone", bind="query-params",
                          help="From there on each network goes on from what it said itself.")
        frame = st.slider("Frame", 2, _FRAMES, _SEEN + 1, key="frame", bind="query-params")
        with st.popover("About", icon=":material/info:", type="tertiary"):
            show_card(load_card(forecasters.CARD))
    with right, stop_on_problem():
        networks = _networks()
        film, said = _foretold(digit, int(seed), alone)
    with left:
        errors = {key: float(((answer - film)[_SEEN:] ** 2).mean()) for key, answer in said.items()}
        st.dataframe(pd.DataFrame([{
            "network": TITLES[key], "parameters": parameters_of(networks[key]),
            "error here": errors[key]} for key in TITLES]), hide_index=True,
            column_config={"error here": st.column_config.NumberColumn(format="%.4f")})
        st.caption(difference(load_card(forecasters.CARD)))
    first = int(np.clip(frame - 1 - _SHOWN // 2, 0, _FRAMES - _SHOWN))
    part = slice(first, first + _SHOWN)
    held = forecasters.memories(networks, film[: frame - 1])
    with right:
        st.plotly_chart(
            memory_figures.film({"truth": film[part], **{
                    TITLES[key].replace(" ", "<br>", 1): answer[part]
                    for key, answer in said.items()}},
                                first + 1, frame),
            config=CONFIG, key="lab.film", alt="The film, and what each network says of it")
        st.caption(f"What each holds after frame {frame - 1}: maps of the ConvLSTM, which move "
                   "with the digit; beside them the steps of the recurrent convolution over this "
                   "one frame; below, the numbers of the LSTM, which have no place.")
        one, other = st.columns([2, 1])
        one.plotly_chart(memory_figures.maps(held.maps, height=110), config=CONFIG, key="lab.maps",
                         alt="Hidden maps of the ConvLSTM")
        other.plotly_chart(memory_figures.maps(held.states, height=110), config=CONFIG,
                           key="lab.steps", alt="States of the recurrent convolution")
        st.plotly_chart(memory_figures.vector(held.vector), config=CONFIG, key="lab.vector",
                        alt="Hidden state of the LSTM")


def difference(card: Card) -> str:
    """What the difference is, with the figures of the card."""
    share = {title: next(metric["value"] for metric in card["metrics"]
                         if metric["name"] == f"{title}: error, the next frame")
             for title in TITLES.values()}
    count = card["metrics"][0]["count"]
    told = ", ".join(f"{title} {percent(value / 100)}" for title, value in share.items())
    return ("A ConvLSTM remembers in maps, so that what it learned at one place it knows at all; "
            "CNN → LSTM flattens every frame and has to learn each place by itself. A recurrent "
            "convolution recurs over one frame, to see further in space: it cannot know where the "
            f"digit goes. Error of the next frame on {count} films of unseen digits, of that of "
            f"repeating the last one: {told}.")


@st.cache_resource(show_spinner=False)
def _networks() -> nn.ModuleDict:
    return forecasters.load()


@st.cache_data(max_entries=64, show_spinner=False)
def _foretold(digit: int, seed: int, alone: bool) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    film = films(np.random.default_rng(seed), 1, _FRAMES, test=True, digit=digit)[0]
    return film, {key: forecasters.foretell(network, film, _SEEN if alone else None)
                  for key, network in _networks().items()}
