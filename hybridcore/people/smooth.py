"""Smoothing over time: the One Euro filter (Casiez, Roussel & Vogel, CHI 2012).

For showing. Raw numbers are what a model learns from and what is exported.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

CUTOFF = 1.0  # Hz, of what stands still
SPEED_CUTOFF = 1.0  # Hz, of the speed
BETA = 5.0  # Hz of cutoff for each unit of speed; a unit is ``scale`` a second


def one_euro(
    values: NDArray, times: NDArray, scale: NDArray, *, cutoff: float = CUTOFF,
    beta: float = BETA,
) -> NDArray[np.float32]:
    """Values ``[n, ...]`` at ``times`` ``[n]`` s, smoothed: more where they are slow.

    scale ``[n]``: what a large change is, in units of the values, such as the side of the region.
    """
    smoothed = np.array(values, np.float64)
    speed = np.zeros(smoothed.shape[1:])
    for k in range(1, len(smoothed)):
        passed = times[k] - times[k - 1]
        change = (smoothed[k] - smoothed[k - 1]) / passed / scale[k]
        speed = speed + _share(passed, SPEED_CUTOFF) * (change - speed)
        share = _share(passed, cutoff + beta * np.abs(speed))
        smoothed[k] = smoothed[k - 1] + share * (smoothed[k] - smoothed[k - 1])
    return smoothed.astype(np.float32)


def _share(passed: float, cutoff: float | NDArray) -> NDArray:
    """How much of a new value counts, for a low pass of ``cutoff`` Hz."""
    turn = 2 * np.pi * np.asarray(cutoff) * passed
    return turn / (turn + 1)
