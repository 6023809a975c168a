"""A sentence over its picture, word by word, without a rerun for each word.

The word under the cursor (or with the focus) decides which map lies on the picture and what the
cards beside it say; the browser has all of them. Python hears of a word that is clicked, and of a
label that is chosen in a card.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
import streamlit as st

from hybridcore.studio.component import declare, nothing, serve
from hybridcore.studio.packing import pack
from hybridcore.studio.view import Overlay, Panel, check_lengths, lengths_of, pack_parts


@dataclass(frozen=True, eq=False)
class SentenceView:
    """Everything one sentence shows; what a player has for frames, it has for T words.

    Attributes:
        picture: a JPEG file's bytes.
        size: (width, height) of the picture.
        words: T words; those in angle brackets are marks, such as ``<end>``.
        probabilities: float [T] in [0, 1], how sure each word was.
        overlays: maps over the picture, one a word.
        panels: cards on a word; the labels of a series with `pick` can be chosen.
        given: how many words at the beginning were given and not said.
        alt: what the picture shows, for those who cannot see it.

    Raises:
        ValueError: lengths do not agree.
    """

    picture: bytes
    size: tuple[int, int]
    words: Sequence[str]
    probabilities: np.ndarray
    overlays: Sequence[Overlay] = ()
    panels: Sequence[Panel] = ()
    given: int = 0
    alt: str = "Picture"

    def __post_init__(self) -> None:
        lengths = [("probabilities", len(self.probabilities))]
        check_lengths([*lengths, *lengths_of(self.overlays, self.panels)], len(self.words))

    def to_bytes(self) -> bytes:
        """All arrays and texts for the browser, in the format of `packing`."""
        return pack({
            "words": list(self.words),
            "probabilities": self.probabilities.astype(np.float32),
            "given": self.given,
            **pack_parts(self.overlays, self.panels),
        })


_component = declare(
    "sentence", "payload.js", "sprites.js", "overlays.js", "panels.js", "sentence.js",
)
_payloads: WeakKeyDictionary[SentenceView, bytes] = WeakKeyDictionary()


def sentence_picture(
    view: SentenceView, *, key: str, selected: int = 0,
    on_pick: Callable[[int, str], None] | None = None,
) -> int:
    """Show the sentence over its picture and say which word is chosen.

    Args:
        view: what to show.
        key: unique on the page.
        selected: the word that is chosen before any click.
        on_pick: called with a word's position and the label that was chosen on its card.

    Returns:
        The position, in [0, T), of the word that was last clicked in this sentence.
    """
    if view not in _payloads:
        _payloads[view] = view.to_bytes()
    payload = serve(_payloads[view], "application/octet-stream", f"{key}.payload")

    def picked() -> None:
        choice = st.session_state[key]["pick"]
        if on_pick is not None and choice:
            on_pick(int(choice["word"]), str(choice["label"]))

    before = st.session_state.get(key, {}).get("word")
    if before and before["sentence"] == payload:
        selected = int(before["at"])
    state = _component(
        key=key,
        data={
            "picture": serve(view.picture, "image/jpeg", f"{key}.picture"),
            "size": view.size,
            "payload": payload,
            "selected": selected,
            "alt": view.alt,
        },
        default={"word": None},
        on_word_change=nothing,
        on_pick_change=picked,
    )
    word = state["word"]
    return int(word["at"]) if word and word["sentence"] == payload else selected
