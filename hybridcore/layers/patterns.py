"""Which units of a recurrent network are on during a span, and where else they are on together.

After Strobelt, Gehrmann, Pfister & Rush, *LSTMVis: A Tool for Visual Analysis of Hidden State
Dynamics in Recurrent Neural Networks*, TVCG 2018 (arXiv 1606.07461): somebody brushes a span, the
units whose state stays above a threshold over all of it are a hypothesis of what the network holds
there, and the places at which most of them are on together say whether the hypothesis stands.

Deviation: the paper ranks places by the units that are on at once and then by how long; here a
place is as long as the span, so places compare like with like.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hybridcore.peaks import suppress_neighbours


@dataclass(frozen=True)
class Place:
    """Steps ``first`` to ``last`` (inclusive), and how many of the units are on in all of them."""

    first: int
    last: int
    together: int


def units_on(states: np.ndarray, first: int, last: int, threshold: float) -> np.ndarray:
    """Units whose state ``[T, H]`` is at least ``threshold`` at every step from ``first`` to
    ``last`` (inclusive): int ``[K]``, the one that stays highest first."""
    lowest = states[first : last + 1].min(0)
    on = np.flatnonzero(lowest >= threshold)
    return on[np.argsort(-lowest[on], kind="stable")]


def places_like(
    states: np.ndarray, units: np.ndarray, first: int, last: int, threshold: float,
    *, most: int = 8,
) -> list[Place]:
    """Other places as long as the span ``first`` to ``last``, those with most of ``units`` on
    together first; none overlaps another or the span.

    Where as many are on, the place at which they are higher comes first.
    """
    length = last - first + 1
    starts = len(states) - length + 1
    if starts < 1 or len(units) == 0:
        return []
    windows = np.lib.stride_tricks.sliding_window_view(states[:, units], length, axis=0)
    lowest = windows.min(-1)  # [starts, K]
    together = (lowest >= threshold).sum(1)
    height = np.clip(lowest.mean(1), -1, 1)  # in -1..1, so it only decides between equals
    at = np.arange(starts)
    apart = np.flatnonzero((together > 0) & (np.abs(at - first) >= length))
    kept = apart[suppress_neighbours(together[apart] + height[apart] / 4, apart, length)]
    ranked = sorted(kept.tolist(), key=lambda k: (-together[k], -height[k]))
    return [Place(k, k + length - 1, int(together[k])) for k in ranked[:most]]
