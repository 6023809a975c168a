"""The best sequence of labels where a change of label has a price.

The Viterbi algorithm (Viterbi 1967; Rabiner 1989) for a chain in which all changes cost alike: of
all sequences ``y``, the one that maximises

    sum_t scores[t, y_t] - sum_t penalty_t [y_t != y_{t-1}]

A change costs the same whatever the next label is, so the best predecessor of a change is the same
for all labels: a step takes time in proportion to the number of labels, not to its square.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def best_labels(
    scores: NDArray[np.floating], penalty: float | NDArray[np.floating]
) -> NDArray[np.int64]:
    """Labels int64 ``[T]`` of ``scores [T, C]``; among equals the first.

    penalty: of a change, 0 or more: one for all steps, or ``[T]``, that of a change to step ``t``.
    """
    price = np.broadcast_to(penalty, len(scores))
    stay = np.arange(scores.shape[1])
    came_from = np.empty(scores.shape, np.int32)
    total = scores[0].astype(np.float64)
    for t in range(1, len(scores)):
        best = int(total.argmax())
        change = total[best] - price[t]
        came_from[t] = np.where(total >= change, stay, best)
        total = np.maximum(total, change) + scores[t]
    labels = np.empty(len(scores), np.int64)
    labels[-1] = total.argmax()
    for t in range(len(scores) - 1, 0, -1):
        labels[t - 1] = came_from[t, labels[t]]
    return labels


def runs(labels: np.ndarray) -> list[tuple[int, int, int]]:
    """Maximal runs of equal values of ``labels [T]``: ``(start, stop, label)``, stop exclusive."""
    edges = np.flatnonzero(np.diff(labels)) + 1
    starts, stops = np.r_[0, edges], np.r_[edges, len(labels)]
    return [(int(a), int(b), int(labels[a])) for a, b in zip(starts, stops, strict=True)]
