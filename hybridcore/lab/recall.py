"""Digits in a Hopfield network: damaged ones, and the way back."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from hybridcore.layers.hopfield import Hopfield, Rule

SIDE = 8  # px of a digit


@cache
def digits() -> np.ndarray:
    """One digit of each kind, int8 ``[10, 64]`` of -1 and 1: of scikit-learn's, the one that is
    most like the mean of its kind."""
    from sklearn.datasets import load_digits

    found = load_digits()
    pictures = np.where(found.data > 7, 1, -1).astype(np.int8)
    chosen = []
    for digit in range(10):
        own = pictures[found.target == digit]
        chosen.append(own[(own @ own.mean(0)).argmax()])
    return np.stack(chosen)


@dataclass(frozen=True)
class Recall:
    """The way of a network from a state to rest.

    states: int8 ``[S, 64]``, the first and that after each unit that changed. energies: float64
    ``[S]``. digit: the stored one that the last state is most like; agree: the share of units,
    0..1.
    """

    states: np.ndarray
    energies: np.ndarray
    digit: int
    agree: float


def damaged(digit: int, share: float, seed: int) -> np.ndarray:
    """A stored digit, a share of its units turned round, int8 ``[64]``."""
    state = digits()[digit].copy()
    turned = np.random.default_rng(seed).permutation(len(state))[: round(share * len(state))]
    state[turned] *= -1
    return state


def recall(state: np.ndarray, stored: tuple[int, ...], rule: Rule, seed: int = 0) -> Recall:
    """What a network that stores these digits makes of a state ``[64]``."""
    network = Hopfield(digits()[list(stored)], rule)
    states = np.stack([state, *network.recall(state, np.random.default_rng(seed))])
    nearest, agree = network.nearest(states[-1])
    return Recall(states, np.array([network.energy(s) for s in states]), stored[nearest], agree)


def film_strip(*, cell: int = 10, rows: int = 2, columns: int = 4) -> np.ndarray:
    """States on the way of a damaged digit to rest, as a picture uint8 ``[h, w]``."""
    states = recall(damaged(3, 0.25, seed=0), (0, 1, 3, 7), "pseudo-inverse").states
    stages = states[np.linspace(0, len(states) - 1, rows * columns).round().astype(int)]
    grid = stages.reshape(rows, columns, SIDE, SIDE).transpose(0, 2, 1, 3)
    tiles = np.where(grid.reshape(rows * SIDE, columns * SIDE) > 0, 40, 235).astype(np.uint8)
    picture = tiles.repeat(cell, 0).repeat(cell, 1)
    return np.pad(picture, ((cell, cell), (0, 0)), constant_values=235)  # 16:9
