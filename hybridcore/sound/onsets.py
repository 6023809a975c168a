"""From a probability at every frame to single onsets, with their times between frames."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.signal import find_peaks

from hybridcore.peaks import suppress_neighbours, vertex

MIN_GAP = 0.2  # s between two onsets; blows of the data set are 0.2 s apart and more


def pick_onsets(
    times: NDArray[np.float64], probability: NDArray[np.float32], threshold: float
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Frames and times of the onsets, both ``[K]``, in order.

    An onset is a local maximum of ``probability [T]`` of at least ``threshold``, the highest
    within :data:`MIN_GAP` seconds. Its time is that of the parabola through the maximum and its
    neighbours.
    """
    if len(times) < 3:
        return np.empty(0, np.intp), np.empty(0)
    edged = np.concatenate([[-1.0], probability, [-1.0]])
    peaks = find_peaks(edged, height=max(threshold, 1e-9))[0] - 1
    frames = peaks[suppress_neighbours(probability[peaks], times[peaks], MIN_GAP)]
    return frames, np.array([_between(times, probability, k) for k in frames])


def _between(
    times: NDArray[np.float64], probability: NDArray[np.float32], peak: int
) -> float:
    if not 0 < peak < len(times) - 1:
        return float(times[peak])
    shift = vertex(*(float(p) for p in probability[peak - 1 : peak + 2]))
    neighbour = peak + (1 if shift > 0 else -1)
    return float(times[peak] + abs(shift) * (times[neighbour] - times[peak]))
