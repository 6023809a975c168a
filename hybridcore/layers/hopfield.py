"""Hopfield network: memories as valleys of an energy.

Hopfield, *Neural networks and physical systems with emergent collective computational abilities*,
PNAS 1982. n units of -1 or 1, each connected with each; patterns ``p`` are stored by Hebb's rule,

    W = (1 / n) sum_p  p p^T,   diagonal zero

and one unit after the other takes the sign of what the others tell it, by which the energy

    E(s) = -1/2 s^T W s

never rises, until nothing changes. Some 0.138 n random patterns can be kept (Amit, Gutfreund &
Sompolinsky 1985); patterns that are alike, far fewer: the pseudo-inverse rule ``W = P^+ P``
(Personnaz, Guyon & Dreyfus 1985) keeps up to n that are linearly independent.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import numpy as np

Rule = Literal["hebb", "pseudo-inverse"]


class Hopfield:
    """A memory of patterns, int8 ``[P, n]`` of -1 and 1. weights: float64 ``[n, n]``."""

    def __init__(self, patterns: np.ndarray, rule: Rule = "hebb") -> None:
        self.patterns = patterns
        stored = patterns.astype(float)
        count = stored.shape[1]
        self.weights = (
            stored.T @ stored / count if rule == "hebb" else np.linalg.pinv(stored) @ stored)
        np.fill_diagonal(self.weights, 0.0)

    def energy(self, state: np.ndarray) -> float:
        """Of a state ``[n]``."""
        s = state.astype(float)
        return float(-0.5 * s @ self.weights @ s)

    def recall(
        self, state: np.ndarray, rng: np.random.Generator, most: int = 20
    ) -> Iterator[np.ndarray]:
        """The state after every unit that changes, from ``state [n]`` on, in rounds of random
        order, until a whole round changes nothing or ``most`` rounds are over."""
        s = state.astype(np.int8).copy()
        for _ in range(most):
            changed = False
            for unit in rng.permutation(len(s)):
                told = float(self.weights[unit] @ s)
                sign = np.int8(np.sign(told)) if told else s[unit]
                if sign != s[unit]:
                    s[unit] = sign
                    changed = True
                    yield s.copy()
            if not changed:
                return

    def nearest(self, state: np.ndarray) -> tuple[int, float]:
        """The stored pattern that a state is most like, and the share of units that agree."""
        agree = (self.patterns == state).mean(1)
        return int(agree.argmax()), float(agree.max())
