"""How sure a sentence is: right, partly right or wrong, by what supports the things that it names.

An ordered logistic regression (McCullagh 1980) on two numbers: the highest probability of a thing
named, and how much the picture stirs the encoder, which is little where it is no photograph of the
world (after Hendrycks & Gimpel, ICLR 2017, and the feature norms that followed):

    x = (max p, min(contrast, limit)),
    P(right) = sigmoid(w . x + b_right),    P(not wrong) = sigmoid(w . x + b_not_wrong)

Fitted to sentences that somebody judged by eye; the card says how many, and what comes of it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from hybridcore.caption.result import Confidence
from hybridcore.caption.seen import SeenWord

NOTHING_NAMED = Confidence(0.0, 0.0, 1.0)


@dataclass(frozen=True)
class Sureness:
    """The regression, and the ``P(not wrong)`` from which a sentence is said, and from which a word
    stands alone."""

    highest: float
    contrast: float
    limit: float
    right: float
    not_wrong: float
    least: float
    least_alone: float

    def of(self, p: Sequence[float], contrast: float) -> Confidence:
        """Of a sentence that names things of the probabilities ``p``, in a picture of that
        :func:`contrast`; one that names nothing says nothing."""
        if not p:
            return NOTHING_NAMED
        x = self.highest * max(p) + self.contrast * min(contrast, self.limit)
        right, not_wrong = (1 / (1 + math.exp(-x - bias)) for bias in (self.right, self.not_wrong))
        return Confidence(right, not_wrong - right, 1 - not_wrong)


def contrast(cells: np.ndarray) -> float:
    """How much the encoder's cells ``[49, 2560]`` of a picture differ: their standard deviation."""
    return float(cells.std(dtype=np.float64))


def things_said(
    heard: Sequence[SeenWord], supports: Sequence[str | None], is_thing: Callable[[str], bool]
) -> list[float]:
    """The probabilities of the things that a sentence names."""
    named = set(supports)
    return [word.probability for word in heard if word.name in named and is_thing(word.name)]
