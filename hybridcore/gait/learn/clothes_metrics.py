"""How well embeddings tell who is who between tracks, pure functions of similarities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

_LEVELS = 4000  # of similarity, at which errors are compared


@dataclass(frozen=True)
class Trials:
    """Tracks that were looked for, grouped by the person in them.

    own float ``[P, n]``: similarity to the other track of the same person; others float
    ``[P, n, G]``: to the tracks of everybody else.
    """

    own: np.ndarray
    others: np.ndarray

    @property
    def rank(self) -> np.ndarray:
        """int ``[P, n]``: how many of the others are nearer; 0 is right at rank 1."""
        return np.asarray((self.others >= self.own[..., None]).sum(-1))

    def missed(self, threshold: float) -> np.ndarray:
        """float ``[P]``: share of each person's tracks below a threshold."""
        return np.asarray((self.own < threshold).mean(1))

    def mistaken(self, threshold: float) -> np.ndarray:
        """float ``[P]``: share of the others, for each person, that reach a threshold."""
        return np.asarray((self.others >= threshold).mean((1, 2)))

    def equal_error(self) -> float:
        """The equal error rate, 0..1."""
        missed, below = (
            np.histogram(values, _LEVELS, (-1, 1))[0].cumsum() / values.size
            for values in (self.own, self.others))
        mistaken = 1 - below
        best = int(np.abs(missed - mistaken).argmin())
        return float((missed[best] + mistaken[best]) / 2)

    def of(self, people: np.ndarray) -> Trials:
        """Those of some people only."""
        return Trials(self.own[people], self.others[people])


def joined(parts: Sequence[Trials]) -> Trials:
    """Trials of several groups of people, one after the other."""
    return Trials(np.concatenate([part.own for part in parts]),
                  np.concatenate([part.others for part in parts]))


def trials(
    tracks: np.ndarray, pairs: Sequence[tuple[tuple[int, int], tuple[int, int]]],
    asked: np.ndarray,
) -> Trials:
    """Tracks float ``[people, cameras, K, D]`` of unit length; each pair of (camera, k) is looked
    for both ways, for the people ``asked``, among everybody."""
    own, others = [], []
    rest = ~np.eye(len(tracks), dtype=bool)[asked]
    for one, other in pairs:
        for (a, i), (b, j) in ((one, other), (other, one)):
            alike = tracks[asked, a, i] @ tracks[:, b, j].T  # [P, people]
            own.append(alike[np.arange(len(asked)), asked])
            others.append(alike[rest].reshape(len(asked), -1))
    return Trials(np.stack(own, 1), np.stack(others, 1))
