"""A sentence over its picture, word by word, without a rerun for each word.

The word under the cursor (or with the focus) decides which map lies on the picture and what the
cards beside it say; the browser has all of them. Python hears of a word that is clicked, and of a
label that is chosen in a card.
"""

from __future__ import annotations

from collections.abc import Callable
from weakref import WeakKeyDictionary

import streamlit as st

from hybridcore.studio.component import SHOWN, declare, nothing, serve
from hybridcore.view import SentenceView

_component = declare("sentence", *SHOWN, "sentence.js")
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
