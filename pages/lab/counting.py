"""An LSTM that counts: type a string, and see which unit holds the number."""

from __future__ import annotations

import numpy as np
import streamlit as st
from torch import nn

from hybridcore.cards import load_card
from hybridcore.lab import counters, memory_figures
from hybridcore.lab.counters import Counted, Counter
from hybridcore.lab.grammars import GRAMMARS, MOST, Grammar
from hybridcore.studio.cards import show_card
from hybridcore.studio.problems import stop_on_problem
from hybridcore.studio.states import gates_and_states
from hybridcore.studio.timeline import CONFIG
from hybridcore.system import States
from hybridcore.text import percent

_GRAMMARS = {grammar.key: grammar for grammar in GRAMMARS}


def counting() -> None:
    """A grammar, a string, every unit along it, and the gates of one."""
    left, right = st.columns([1, 2.6], gap="medium")
    with left:
        grammar = _GRAMMARS[st.segmented_control(
            "Strings", list(_GRAMMARS), default="brackets", required=True, key="strings",
            format_func=lambda key: _GRAMMARS[key].title, bind="query-params")]
        text = st.text_input("Your own string", grammar.example, max_chars=MOST,
                             key=f"text-{grammar.key}", bind="query-params")
        st.caption(f"{grammar.about} Learned from strings in which at most {grammar.deepest} are "
                   "open: try more.")
    with right, stop_on_problem():
        network = _networks()[grammar.key]
        assert isinstance(network, Counter)
        found = counters.count(network, grammar, "".join(text.split()))
    order = np.argsort(-np.abs(found.goes_with))
    with left:
        unit = st.selectbox(
            "Unit", order.tolist(), key=f"lab.unit.{grammar.key}.{found.text}",
            format_func=lambda unit: f"unit {unit}, r = {found.goes_with[unit]:.2f}",
            help="r: how its cell state goes with the number of open ones along this string.")
        with st.popover("About", icon=":material/info:", type="tertiary"):
            show_card(load_card(counters.CARD))
    with right:
        st.markdown(_sentence(found, grammar))
        st.plotly_chart(memory_figures.counted(found, unit, grammar.answers), config=CONFIG,
                        key="lab.counted",
                        alt="How many are open along the string, and the cell state of every unit")
    st.header("Gates and states")
    gates_and_states(States(
        found.trace, list(found.text), order, "the best counter first", over_time=False,
        signals={"the number of open ones": found.depth.astype(float)}), key="lab.counting")


def _sentence(found: Counted, grammar: Grammar) -> str:
    unit, right = found.counter, found.said == found.answers
    r = found.goes_with[unit]
    if abs(r) >= _COUNTS:
        which = f"**Unit {unit} counts**: its cell state goes with the number of open ones"
    else:
        which = f"No unit counts by itself; unit {unit} comes nearest"
    said = "Every answer is right" if right.all() else \
        f"{percent(float(right.mean()))} of the answers are right, the first wrong one is where " \
        f"{found.depth[right.argmin()]} are open"
    return f"{which} (r = {r:.2f}). {said}; the last one: {grammar.answers[found.said[-1]]}."


_COUNTS = 0.9  # |r| from which a unit is said to count


@st.cache_resource(show_spinner=False)
def _networks() -> nn.ModuleDict:
    return counters.load()
