"""What follows once candidates for peaks of a signal are there."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def suppress_neighbours(
    heights: NDArray[np.floating], positions: NDArray[np.number], apart: float
) -> NDArray[np.intp]:
    """Non-maximum suppression: which of n candidates are left, in order, int ``[k]``.

    The highest stays (of equals, the first), those nearer to it than ``apart`` go, and so on.

    heights, positions: ``[n]``.
    """
    kept: list[int] = []
    free = np.ones(len(heights), bool)
    for candidate in np.argsort(-heights, kind="stable"):
        if free[candidate]:
            kept.append(int(candidate))
            free &= np.abs(positions - positions[candidate]) >= apart
    return np.sort(np.array(kept, np.intp))


def vertex(left: float, top: float, right: float) -> float:
    """Where between three samples at -1, 0 and 1 their parabola is highest; 0 if it has no top."""
    bend = left - 2 * top + right
    return 0.5 * (left - right) / bend if bend < 0 else 0.0
