"""From words' scores to phrases: neighbouring words that look at one region.

The Markov chain of Karpathy & Fei-Fei 2015, section 3.1.4, over the words of a sentence: ``a_t`` is
the region of word ``t``, and the best of all paths is found (:mod:`hybridcore.layers.chain`),

    E(a) = sum_t scores[t, a_t] + beta sum_t [a_t = a_{t+1}]    ->  max

With beta = 0 every word takes its own best region; a very large beta gives the whole sentence one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hybridcore.layers.chain import best_labels, runs


@dataclass(frozen=True)
class Phrase:
    """Words ``start`` to ``end`` (exclusive) look at ``region``; score: their mean for it."""

    start: int
    end: int
    region: int
    score: float


def decode_chain(scores: NDArray[np.float32], beta: float) -> NDArray[np.int64]:
    """The region of every word, int64 ``[T]``, of ``scores [T, R]``; among equals the first.

    Raises:
        ValueError: if there is no word or ``beta`` is negative.
    """
    if not len(scores) or beta < 0:
        raise ValueError("A chain needs at least one word and a beta of 0 or more.")
    return best_labels(scores, beta)  # a gain to stay is a price to leave


def phrases(scores: NDArray[np.float32], regions: NDArray[np.int64]) -> tuple[Phrase, ...]:
    """Runs of words with one region, in the order of the sentence."""
    return tuple(
        Phrase(start, end, region, float(scores[start:end, region].mean()))
        for start, end, region in runs(regions)
    )
