"""A sentence over its picture, word by word, without a rerun for each word.

The word under the cursor (or with the focus) decides which map lies on the picture and what the
cards beside it say; the browser has all of them. Python hears of a word that is clicked, and of a
label that is chosen in a card.
"""

from __future__ import annotations

from collections.abc import Callable
from weakref import WeakKeyDictionary

from hybridcore.studio.component import SHOWN, declare, serve
from hybridcore.studio.widget_state import event
from hybridcore.view import SentenceView

_component = declare("sentence", *SHOWN, "keys.js", "sentence.js")
_payloads: WeakKeyDictionary[SentenceView, bytes] = WeakKeyDictionary()


def sentence_picture(
    view: SentenceView, *, key: str, selected: int, on_word: Callable[[int], None],
    on_pick: Callable[[int, str], None], alone: bool = True,
) -> None:
    """Show the sentence over its picture.

    Args:
        view: what to show.
        key: unique on the page.
        selected: the word that is chosen.
        on_word: called with the position, in [0, T), of a word that is clicked.
        alone: whether it is what a stage shows; beside a player it is not.
        on_pick: called with a word's position and the label that was chosen on its card.
    """
    if view not in _payloads:
        _payloads[view] = view.to_bytes()
    payload = serve(_payloads[view], "application/octet-stream", f"{key}.payload")

    def picked() -> None:
        choice = event(key, "pick")
        if choice:
            on_pick(int(choice["word"]), str(choice["label"]))

    def clicked() -> None:
        word = event(key, "word")
        if word and word["sentence"] == payload:
            on_word(int(word["at"]))

    _component(
        key=key,
        data={
            "picture": serve(view.picture, "image/jpeg", f"{key}.picture"),
            "size": view.size,
            "payload": payload,
            "selected": selected,
            "alt": view.alt,
            "alone": alone,
        },
        default={"word": None},
        on_word_change=clicked,
        on_pick_change=picked,
    )
