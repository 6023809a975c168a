"""A sentence over its picture: hover a word and see where the network looked, choose another."""

from __future__ import annotations

import numpy as np
import streamlit as st

from hybridcore.caption import figures
from hybridcore.caption.predict import shared_captioner
from hybridcore.caption.result import CaptionResult, Inside
from hybridcore.figures import attention_bytes
from hybridcore.media.picture import jpeg
from hybridcore.studio.sentence import sentence_picture
from hybridcore.view import Heat, Line, Panel, SentenceView, Series
from pages.caption import KEY
from pages.caption.controls import start_over
from pages.caption.seen import SIDE


def show_sentence(
    picture: np.ndarray, name: str, result: CaptionResult, given: int
) -> tuple[Inside, int]:
    """The sentence over its picture, and the list of the others below.

    Args:
        picture: uint8 ``[h, w, 3]``.
        name: of the picture, for those who cannot see it.
        given: how many of its first words a person gave.

    Returns:
        What stood behind the sentence shown, and the position of the word that is chosen in it.
    """
    place, below = st.container(), st.container()
    rank = below.selectbox(
        "Sentence shown, the best first", range(len(result.captions)), key=f"{KEY}.rank",
        format_func=lambda k: f"{result.captions[k].text} "
                              f"({result.captions[k].log_probability:.1f} nats)")
    inside = shared_captioner().look_inside(result, result.captions[rank].numbers)

    def go_on(at: int, word: str) -> None:
        start_over(" ".join([*inside.words[:at], word]))

    with place:
        word = sentence_picture(
            _view_of(picture, name, inside, given), key=f"{KEY}.sentence",
            selected=_most_focused(inside), on_pick=go_on)
    if inside.attention is None:
        place.caption("Show and Tell sees the picture once, before the first word; it has no map.")
    return inside, word


def _most_focused(inside: Inside) -> int:
    """The word before which the network looked most at one place; the end does not count."""
    if inside.attention is None:
        return 0
    return int(inside.attention[: max(1, len(inside.words) - 1)].max((1, 2)).argmax())


def _view_of(picture: np.ndarray, name: str, inside: Inside, given: int) -> SentenceView:
    """What the browser needs of one sentence."""
    rows = [[figures.spelled(word) for word in row] for row in inside.alternatives]
    labels = sorted({word for row in rows for word in row})
    index = np.array([[labels.index(word) for word in row] for row in rows])
    count = np.arange(len(inside.words))
    lines = [
        Line("said", [figures.spelled(w) for w in inside.words], count),
        Line("probability", [f"{p:.1%}" for p in inside.probabilities], count),
        Line("entropy", [f"{bits:.1f} bits" for bits in inside.entropy], count),
    ]
    if inside.gate is not None:
        lines.append(Line("gate β, how much picture", [f"{b:.2f}" for b in inside.gate], count))
    overlays = [] if inside.attention is None else [
        Heat("Attention", attention_bytes(inside.attention))]
    others = Series("it could have been (choose one to go on from there)", labels, index,
                    inside.alternative_probabilities, pick=True)
    return SentenceView(
        picture=jpeg(picture, SIDE), size=(picture.shape[1], picture.shape[0]),
        words=inside.words, probabilities=inside.probabilities, overlays=overlays,
        overlay=overlays[0].name if overlays else None, given=given,
        panels=[Panel("This word", [others], lines)], alt=f"The picture {name}",
    )
