"""DNA as numbers: one column a base, both strands."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

BASES = "ACGT"
UNKNOWN = "N"
_COMPLEMENT = str.maketrans("ACGTN", "TGCAN")
_CODES = np.full(256, len(BASES), np.uint8)
_CODES[np.frombuffer(BASES.encode(), np.uint8)] = np.arange(len(BASES))


def one_hot(letters: str) -> np.ndarray:
    """``letters`` of ``ACGTN`` -> float32 ``[n, 4]``; N has no base, so its row is zero."""
    table = np.eye(len(BASES) + 1, len(BASES), dtype=np.float32)
    return table[_CODES[np.frombuffer(letters.encode(), np.uint8)]]


def one_hots(sequences: Sequence[str]) -> np.ndarray:
    """Sequences of one length ``n`` -> float32 ``[count, n, 4]``."""
    return np.stack([one_hot(letters) for letters in sequences])


def reverse_complement(letters: str) -> str:
    """The other strand, read in its own direction."""
    return letters.translate(_COMPLEMENT)[::-1]
