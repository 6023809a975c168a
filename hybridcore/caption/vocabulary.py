"""Words and their numbers.

Words are lower case; letters, digits and inner hyphens make a word, ``'s`` is one of its own, and
other punctuation is dropped, as in Karpathy & Fei-Fei 2015. Words that occur fewer than five times
in the training captions are unknown: they may be inputs, but are never targets nor generated.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

START, END, UNKNOWN = 0, 1, 2
PADDING = -1  # after the end of a sentence, in a batch of several
MARKS = ("<start>", "<end>", "<unknown>")
LEAST_COUNT = 5
_WORD = re.compile(r"'s\b|[a-z0-9]+(?:-[a-z0-9]+)*")


def tokenise(text: str) -> list[str]:
    """The words of a sentence."""
    return _WORD.findall(text.lower())


@dataclass(frozen=True)
class Vocabulary:
    """``words[i]`` is the word with number ``i``; the first three are :data:`MARKS`."""

    words: tuple[str, ...]

    @classmethod
    def of(cls, captions: Iterable[str], least: int = LEAST_COUNT) -> Vocabulary:
        """The words that occur at least ``least`` times, the most frequent first."""
        counts = Counter(word for caption in captions for word in tokenise(caption))
        kept = sorted((w for w, n in counts.items() if n >= least), key=lambda w: (-counts[w], w))
        return cls((*MARKS, *kept))

    def __len__(self) -> int:
        return len(self.words)

    @cached_property
    def numbers(self) -> dict[str, int]:
        """Word -> number."""
        return {word: i for i, word in enumerate(self.words)}

    def encode(self, text: str) -> list[int]:
        """Numbers of the words of a sentence, without start and end."""
        return [self.numbers.get(word, UNKNOWN) for word in tokenise(text)]

    def unknown(self, text: str) -> list[str]:
        """Words of a sentence that have no number."""
        return [word for word in tokenise(text) if word not in self.numbers]

    def decode(self, numbers: Iterable[int]) -> str:
        """The sentence of ``numbers``, up to its end; ``'s`` joins the word before it."""
        words = [self.words[i] for i in numbers if i != START]
        if MARKS[END] in words:
            words = words[: words.index(MARKS[END])]
        return " ".join(words).replace(" 's", "'s")
