"""What is read off the probabilities of the steps: digits, when, and how sure each is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hybridcore.digits.model import WORDS
from hybridcore.layers.ctc import BLANK, best_path

BEAM = 8  # sequences that prefix search keeps


@dataclass(frozen=True)
class Digit:
    """A digit that was heard. digit: 0..9; start, end: its first step and the one after its last;
    sure: mean probability of its label over these, 0..1."""

    digit: int
    start: int
    end: int
    sure: float

    @property
    def word(self) -> str:
        """As it is said."""
        return WORDS[self.digit]


def digits_of(log_p: np.ndarray) -> tuple[Digit, ...]:
    """The digits of the likeliest path through ``log_p [T, 11]``."""
    path = log_p.argmax(1)
    found = []
    for label, start in zip(*best_path(log_p), strict=True):
        after = np.flatnonzero(path[start:] != label)
        end = start + int(after[0]) if len(after) else len(path)
        sure = float(np.exp(log_p[start:end, label]).mean())
        found.append(Digit(label - 1, start, end, sure))
    return tuple(found)


def surely(sure: Sequence[float], cut: float) -> list[bool]:
    """Whether each digit of a recording is called sure, from ``sure``, 0..1, of each: from ``cut``
    on, and none where half of them or more are below it, as in speech that is no digits."""
    above = [value >= cut for value in sure]
    return above if 2 * sum(above) > len(above) else [False] * len(above)


def written(labels: Sequence[int]) -> str:
    """Labels as digits, ``"0 4 2"``."""
    return " ".join(str(label - 1) for label in labels if label != BLANK)
