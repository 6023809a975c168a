"""Points that were seen at frames -> the same at steps of an even pace, as networks over time take
them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

GAP = 0.25  # s between two looks; in longer ones nothing is known


def at_steps(
    points: NDArray[np.float32], times: NDArray[np.float64], rate: float
) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
    """Points ``[n, k, 2]`` seen at ``times [n]``, s -> the times of ``rate`` steps a second ``[m]``
    and the points there ``[m, k, 2]``.

    Between two looks they move straight; a point that is missing (NaN) in one of them, or that
    was not looked at for :data:`GAP`, is missing.
    """
    steps = times[0] + np.arange(int((times[-1] - times[0]) * rate + 1e-6) + 1) / rate
    after = np.clip(np.searchsorted(times, steps - 1e-6), 0, len(times) - 1)
    exact = times[after] <= steps + 1e-6
    before = np.where(exact, after, np.maximum(after - 1, 0))
    apart = times[after] - times[before]
    share = ((steps - times[before]) / np.where(exact, 1, apart)).clip(0, 1)
    share = np.where(exact, 0, share)[:, None, None]
    found = points[before] * (1 - share) + points[after] * share
    found[apart > GAP] = np.nan
    return steps, found.astype(np.float32)
