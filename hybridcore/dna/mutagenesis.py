"""In-silico mutagenesis: what changes if one letter is another.

Every letter of a window is made each of the other three, one at a time, and the network looks
again (Zhou & Troyanskaya, *Predicting effects of noncoding variants with deep learning-based
sequence model*, Nature Methods 2015; DanQ section 3).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hybridcore.dna.danq import DanQ
from hybridcore.dna.letters import BASES
from hybridcore.dna.scan import logits_of


@dataclass(frozen=True)
class MutationMap:
    """start: of the window, counted from 0 in the sequence; below 0 where it begins before it.
    letters: one-hot float32 ``[length, 4]``. effects: float32 ``[length, 4]``, by how much the
    log-odds of the target change if the letter is that base, on the strand that says more; 0 where
    it is that base already; NaN where no letter is known. logit: of the window as it is."""

    start: int
    letters: np.ndarray
    effects: np.ndarray
    logit: float

    @property
    def importance(self) -> np.ndarray:
        """How much a letter is worth, float32 ``[length]``: what is lost on average if it is
        another; 0 where none is known."""
        known = self.letters.sum(1) > 0
        worth = -np.nan_to_num(self.effects).sum(1) / (len(BASES) - 1)
        return np.where(known, worth, 0.0).astype(np.float32)


def mutation_map(network: DanQ, window: np.ndarray, start: int, target: int) -> MutationMap:
    """Every substitution in a window.

    Args:
        window: one-hot float32 ``[length, 4]``, rows of zeros where no letter is known.
        start: where it begins in its sequence.
        target: number of the target.
    """
    length = len(window)
    mutants = np.broadcast_to(window, (length, len(BASES), length, len(BASES))).copy()
    at = np.arange(length)
    for base in range(len(BASES)):
        mutants[at, base, at] = np.eye(len(BASES), dtype=np.float32)[base]
    everything = np.concatenate([window[None], mutants.reshape(-1, length, len(BASES))])
    logits = logits_of(network, everything)[target].max(0)
    effects = (logits[1:] - logits[0]).reshape(length, len(BASES)).astype(np.float32)
    effects[window > 0] = 0.0
    effects[window.sum(1) == 0] = np.nan
    return MutationMap(start, np.asarray(window), effects, float(logits[0]))
