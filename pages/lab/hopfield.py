"""A Hopfield network that remembers digits: damage one, and watch the energy fall."""

from __future__ import annotations

import numpy as np
import streamlit as st

from hybridcore.lab import memory_figures
from hybridcore.lab.recall import SIDE, Recall, damaged, recall
from hybridcore.layers.hopfield import Rule
from hybridcore.studio.timeline import CONFIG
from hybridcore.studio.widget_state import event
from hybridcore.text import percent

_AT_FIRST = (0, 1, 3, 7)
_RULES: dict[Rule, str] = {"hebb": "Hebb", "pseudo-inverse": "Pseudo-inverse"}
_EMPTY = -1
_TURNED = "lab.turned"  # cells that were clicked, by what they were clicked in


@st.fragment
def hopfield() -> None:
    """Which digits are stored, one of them damaged or drawn, and what comes of it."""
    left, right = st.columns([1, 2.6], gap="medium")
    with left:
        stored = st.multiselect("Stored digits", range(10), default=_AT_FIRST, key="stored",
                                bind="query-params")
        if not stored:
            st.info("Store at least one digit.", icon=":material/info:")
            return
        digit = st.selectbox(
            "Begin with", [*range(10), _EMPTY], index=3, key="digit", bind="query-params",
            format_func=lambda digit: "nothing: draw" if digit == _EMPTY else str(digit))
        share = st.slider("Damaged, %", 0, 60, 25, key="damage", bind="query-params") / 100
        rule: Rule = st.segmented_control(
            "Rule", list(_RULES), default="pseudo-inverse", required=True, key="rule",
            format_func=_RULES.__getitem__, bind="query-params")
        begin = digit, share
        turned = st.session_state.setdefault(_TURNED, {}).get(begin, frozenset())
        st.button("As it was", icon=":material/restart_alt:", disabled=not turned, on_click=_forget,
                  args=(begin,))
    state = np.full(SIDE**2, -1, np.int8) if digit == _EMPTY else damaged(digit, share, seed=0)
    state[list(turned)] *= -1
    found = recall(state, tuple(sorted(stored)), rule)
    last = len(found.states) - 1
    with right:
        st.markdown(_sentence(found, digit, len(stored)))
        name = f"{begin} {sorted(turned)} {stored} {rule}"
        at = st.slider("Changes so far", 0, last, last, key=f"lab.at {name}") if last else 0
        # Another chart after each click, in which nothing is selected yet.
        key = f"lab.recall {name}"
        st.plotly_chart(memory_figures.recall(found, at), config=CONFIG, key=key,
                        on_select=lambda: _turn(key, begin), selection_mode="points",
                        alt="The state of the network on its way to rest, and its energy")


def _sentence(found: Recall, digit: int, stored: int) -> str:
    changes = len(found.states) - 1
    fell = f"{changes} units change and the energy falls from {found.energies[0]:.1f} to " \
           f"{found.energies[-1]:.1f}" if changes else "Nothing changes: this is a valley"
    if found.agree < 1:
        end = (f"it rests in a valley that nobody stored, most like **{found.digit}** "
               f"({percent(found.agree)} of its cells)")
        if stored > 1:
            end += ": digits are alike, and Hebb's rule mixes what is alike"
    else:
        end = f"it rests at **{found.digit}**"
        if digit not in (found.digit, _EMPTY):
            end += f", though it began as {digit}"
    return f"{fell}; {end}."


def _forget(begin: tuple[int, float]) -> None:
    st.session_state[_TURNED].pop(begin, None)


def _turn(key: str, begin: tuple[int, float]) -> None:
    turned = st.session_state[_TURNED]
    for point in (event(key, "selection") or {}).get("points", []):
        named = point.get("customdata")
        if named is not None:
            cell = int(next(iter(named.values())) if isinstance(named, dict) else named[0])
            turned[begin] = turned.get(begin, frozenset()) ^ {cell}
