"""Who a walk is: its distance to walks whose names are known, and the open-set decision.

Distance is Euclidean between unit embeddings, 0 to 2. A probe is accepted as the nearest name up to
the threshold (open set: beyond it, there is no match).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


def distances(probes: np.ndarray, gallery: np.ndarray) -> np.ndarray:
    """Euclidean, float32 ``[P, G]``, between rows ``[P, D]`` and ``[G, D]``."""
    square = (probes**2).sum(1)[:, None] + (gallery**2).sum(1) - 2 * probes @ gallery.T
    return np.sqrt(np.maximum(square, 0))


@dataclass(frozen=True)
class Match:
    """The nearest walk of one name: distance 0..2; accepted: within the threshold."""

    name: str
    distance: float
    accepted: bool


@dataclass(frozen=True)
class KnownWalks:
    """The walks that one network can compare others with.

    names: of each; embeddings float32 ``[walks, D]``, unit length; threshold: the greatest distance
    that is accepted.
    """

    names: tuple[str, ...]
    embeddings: np.ndarray
    threshold: float

    def match(self, embedding: np.ndarray, count: int = 5) -> list[Match]:
        """The ``count`` nearest names to a unit embedding float ``[D]``, nearest first."""
        names, apart = self.distances_to(embedding[None].astype(np.float32))
        nearest = np.argsort(apart[0], kind="stable")[:count]
        return [
            Match(names[k], float(apart[0, k]), bool(apart[0, k] <= self.threshold))
            for k in nearest
        ]

    def distances_to(self, evidence: np.ndarray) -> tuple[list[str], np.ndarray]:
        """Names, and float32 ``[m, names]``: how far each of ``evidence [m, D]`` is from a name's
        nearest walk."""
        if not self.names or self.embeddings.shape[1] != evidence.shape[1]:
            return [], np.empty((len(evidence), 0), np.float32)
        names, owners = np.unique(self.names, return_inverse=True)
        nearest = np.full((len(evidence), len(names)), np.inf, np.float32)
        np.minimum.at(nearest.T, owners, distances(evidence, self.embeddings).T)
        return names.tolist(), nearest


NOBODY = KnownWalks((), np.empty((0, 0), np.float32), 0.0)
