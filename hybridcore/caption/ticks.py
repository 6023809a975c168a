"""Seen words as a list that a person ticks on and off, kept in the options ``add`` and
``without``."""

from __future__ import annotations

import numpy as np

from hybridcore.caption.inside import CaptionAnswer, heard_of, words_of
from hybridcore.view import Series

ON, OFF = "✓ ", "+ "  # before a word that the sentence is made from; before one that it is not
ROWS = 9
_LEAST = 0.1  # probability from which a word is offered


def ticks(answer: CaptionAnswer, item: int, length: int) -> Series:
    """The words that the sentences of ``item`` are made from, and those that come next, the same
    beside each of its ``length`` words."""
    hearer = answer.model.speaker.hearer
    heard = heard_of(answer, item)
    taken = {hearer.hears(word.name) for word in heard}
    offered = [word for word in words_of(answer, item)
               if word.probability >= _LEAST and hearer.hears(word.name) not in {None, *taken}]
    rows = [*((ON, word) for word in heard), *((OFF, word) for word in offered)][:ROWS]
    return Series(
        "words seen (choose one to leave it out, or to take it in)",
        [mark + word.name for mark, word in rows],
        np.tile(np.arange(len(rows)), (length, 1)),
        np.tile(np.array([word.probability for _, word in rows], np.float32), (length, 1)),
        pick=True)


def ticked(answer: CaptionAnswer, label: str) -> dict[str, str] | None:
    """The options after the word ``label`` of the list was chosen; None: it is none of them."""
    hearer = answer.model.speaker.hearer
    for mark, into, out_of in ((ON, "without", "add"), (OFF, "add", "without")):
        if label.startswith(mark):
            name = label.removeprefix(mark)
            lists = {key: list(hearer.named(answer.options[key])[0]) for key in (into, out_of)}
            if name in lists[out_of]:
                lists[out_of].remove(name)
            else:
                lists[into].append(name)
            return {key: ", ".join(names) for key, names in lists.items()}
    return None
