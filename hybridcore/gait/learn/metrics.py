"""Metrics of identification, pure functions of distances: ranks, views, the open set."""

from __future__ import annotations

import numpy as np


def person_distances(distance: np.ndarray, owner: np.ndarray, people: int) -> np.ndarray:
    """Distance to each person's nearest walk: ``[P, people]`` from ``[P, G]`` and ``owner [G]``,
    which holds numbers below ``people``; infinite for those without a walk."""
    nearest = np.full((len(distance), people), np.inf, np.float32)
    for person in np.unique(owner):
        nearest[:, person] = distance[:, owner == person].min(1)
    return nearest


def ranks(nearest: np.ndarray, true: np.ndarray) -> np.ndarray:
    """How many people are nearer than the true one, ``[P]``; 0 is right at rank 1.

    ``nearest``: ``[P, people]`` from :func:`person_distances`; ``true``: ``[P]``.
    """
    return (nearest < nearest[np.arange(len(true)), true][:, None]).sum(1)


def open_set(nearest: np.ndarray, true: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each probe twice: with its person enrolled, and with everybody else enrolled only.

    Returns ``known [P]``, the distance if the nearest is the true person, else infinite (accepted
    as somebody else is an error, whatever the threshold), and ``unknown [P]``, the distance to the
    nearest of the others.
    """
    row = np.arange(len(true))
    others = nearest.copy()
    others[row, true] = np.inf
    unknown = others.min(1)
    own = nearest[row, true]
    return np.where(own < unknown, own, np.inf), unknown


def roc(known: np.ndarray, unknown: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Thresholds, ascending, with the share of ``known`` and of ``unknown`` accepted at each.

    A distance is accepted up to and including the threshold.
    """
    thresholds = np.unique(np.r_[known[np.isfinite(known)], unknown])
    right = np.searchsorted(np.sort(known), thresholds, side="right") / len(known)
    false = np.searchsorted(np.sort(unknown), thresholds, side="right") / len(unknown)
    return thresholds, right, false


def equal_error(known: np.ndarray, unknown: np.ndarray) -> tuple[float, float]:
    """The threshold at which misses and false acceptances are as equal as they get, and their
    mean there (the equal error rate, 0..1)."""
    thresholds, right, false = roc(known, unknown)
    best = int(np.abs((1 - right) - false).argmin())
    return float(thresholds[best]), float((1 - right[best] + false[best]) / 2)


def threshold_at(known: np.ndarray, unknown: np.ndarray, false: float) -> float:
    """The greatest threshold of :func:`roc` that accepts at most a share ``false`` of the unknown,
    the smallest one if there is none."""
    thresholds, _, accepted = roc(known, unknown)
    return float(thresholds[max(int(np.searchsorted(accepted, false, side="right")) - 1, 0)])
