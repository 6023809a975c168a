"""What a person sets: the model, how it decodes, and how the sentence begins."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import streamlit as st
from torch import Tensor

from hybridcore.caption.decode import MOST_WORDS, Options
from hybridcore.caption.model import KINDS, Kind
from hybridcore.caption.networks import NAMES
from hybridcore.caption.predict import shared_captioner
from hybridcore.caption.result import CaptionResult
from hybridcore.studio.inputs import plain
from hybridcore.studio.seeking import forget_seeks
from pages.caption import KEY

_slider = partial(st.slider, persist_state="session")


@dataclass(frozen=True)
class Decoding:
    """How sentences are made; draw: words are drawn at random instead of searched for."""

    kind: Kind
    options: Options
    draw: bool

    def say(self, cells: Tensor) -> list[CaptionResult]:
        """Caption what the encoder saw, ``[N, 49, 2560]``."""
        return shared_captioner().say(cells, self.kind, self.options, draw=self.draw)


def chosen_model() -> Kind:
    """The model, known before its widget is drawn."""
    kind: Kind = st.session_state.get(f"{KEY}.model", "attend")
    return kind


def controls() -> Decoding:
    """Two rows of widgets, and which words of the beginning are not known."""
    first = st.columns([4, 3, 2, 2, 2], vertical_alignment="bottom")
    kind: Kind = first[0].segmented_control(
        "Model", KINDS, format_func=lambda k: NAMES[k], default="attend", required=True,
        key=f"{KEY}.model", persist_state="session")
    draw = first[1].segmented_control(
        "Decoding", ("Beam search", "Sampling"), default="Beam search", required=True,
        key=f"{KEY}.mode", persist_state="session") == "Sampling"
    more: dict[str, Any] = {}
    with first[2]:
        beam = _slider("Sentences" if draw else "Beam", 1, 10, 5, key=f"{KEY}.beam")
    with first[3]:
        if draw:
            more["temperature"] = _slider("Temperature", 0.1, 2.0, 0.8, 0.05,
                                          key=f"{KEY}.temperature")
        else:
            more["alpha"] = _slider("Length", 0.0, 2.0, 0.7, 0.1, key=f"{KEY}.alpha", help="0 "
                                    "takes the likeliest sentence, a short one; more favours "
                                    "longer ones.")
    with first[4]:
        if draw:
            more["nucleus"] = _slider("Nucleus", 0.05, 1.0, 0.9, 0.05, key=f"{KEY}.nucleus")
        else:
            more["most_words"] = _slider("Most words", 4, MOST_WORDS, MOST_WORDS,
                                         key=f"{KEY}.most")
    prefix = _first_words(kind, draw)
    seed = st.session_state.setdefault(f"{KEY}.seed", 0)
    return Decoding(kind, Options(beam=beam, prefix=prefix, seed=seed, **more), draw)


def _first_words(kind: Kind, draw: bool) -> tuple[int, ...]:
    """The row below: the beginning of the sentence, as the model's numbers of its words."""
    words, again = st.columns([5, 1], vertical_alignment="bottom")
    text = words.text_input(
        "First words", key=f"{KEY}.prefix", placeholder="Type how the sentence begins, and the "
        "network goes on; or choose another word beside the picture")
    prefix, unknown = shared_captioner().prefix(text, kind)
    if draw:
        again.button("Draw again", icon=":material/casino:", width="stretch", on_click=_draw_again)
    else:
        again.button("Start over", icon=":material/restart_alt:", width="stretch",
                     disabled=not text, on_click=start_over)
    if unknown:
        st.caption(":material/warning: Not among the words that this model knows, so left out: "
                   f"**{plain(', '.join(unknown))}**")
    return prefix


def start_over(prefix: str = "") -> None:
    """Begin with ``prefix`` and show the best sentence."""
    st.session_state.update({f"{KEY}.prefix": prefix, f"{KEY}.rank": 0})


def start_anew() -> None:
    """Another picture or video was chosen."""
    start_over()
    for name in ("segment", "frame"):
        st.session_state.pop(f"{KEY}.{name}", None)
    forget_seeks(KEY)


def _draw_again() -> None:
    st.session_state[f"{KEY}.seed"] += 1
