"""What the future adds: forwards, backwards and both ways on the same sine."""

from __future__ import annotations

import pandas as pd
import streamlit as st
from torch import nn

from hybridcore.cards import load_card
from hybridcore.lab import future, memory_figures
from hybridcore.lab.racers import parameters_of
from hybridcore.studio.cards import show_card
from hybridcore.studio.problems import stop_on_problem
from hybridcore.studio.timeline import CONFIG

_EDGE = 10  # steps at either end


def what_it_adds() -> None:
    """A sine in noise, three answers, and their errors at every step."""
    left, right = st.columns([1, 2.6], gap="medium")
    with left:
        noise = st.slider("Noise", 0.0, 1.0, future.NOISE, 0.1, key="noise", bind="query-params",
                          help=f"Standard deviation; learned with {future.NOISE}.")
        seed = st.number_input("Sine", 0, 9999, 3, key="sine", bind="query-params")
        with st.popover("About", icon=":material/info:", type="tertiary"):
            show_card(load_card(future.CARD))
    with right, stop_on_problem():
        networks = _networks()
        errors = future.errors(noise)
    with left:
        st.dataframe(pd.DataFrame([{
            "reads": future.TITLES[key], "parameters": parameters_of(networks[key]),
            "error": float(values.mean()), "first 10": float(values[:_EDGE].mean()),
            "last 10": float(values[-_EDGE:].mean()),
        } for key, values in errors.items()]), hide_index=True, column_config={
            name: st.column_config.NumberColumn(format="%.3f")
            for name in ("error", "first 10", "last 10")})
        st.caption("Mean squared error on 1,000 new sines; of the noise itself: "
                   f"{noise**2:.2f}.")
    with right:
        st.markdown(sentence({key: float(values.mean()) for key, values in errors.items()}))
        st.plotly_chart(memory_figures.heard(future.hear(networks, int(seed), noise)),
                        config=CONFIG, key="lab.heard",
                        alt="A sine with noise, and what each network says of it")
        st.plotly_chart(memory_figures.error_steps(errors), config=CONFIG, key="lab.errors",
                        alt="Mean squared error of each network at every step")


def sentence(errors: dict[str, float]) -> str:
    """What both ways are worth, by the mean errors of each."""
    alone = min(errors["forwards"], errors["backwards"])
    return (f"With the future the error falls from {alone:.3f} to {errors['both']:.3f}, "
            f"{alone / max(errors['both'], 1e-9):.1f} times less: at every step it knows what "
            "comes before and what comes after. The price is to wait for the end, so it is for "
            "what was recorded, not for what happens now.")


@st.cache_resource(show_spinner=False)
def _networks() -> nn.ModuleDict:
    return future.load()
