"""Probabilities at every frame -> cuts and segments.

A segment is a stretch of one label within one shot. Labels are the sequence ``y`` that maximises
(:mod:`hybridcore.layers.chain`)

    sum_t log p_t(y_t) - penalty * (changes of label),

where a change is free at a cut and elsewhere must be preferred by one nat for half a second.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hybridcore.layers.chain import best_labels
from hybridcore.peaks import suppress_neighbours

CUT_THRESHOLD = 0.5
CUT_APART = 0.25  # seconds between two cuts
CHANGE_SECONDS = 0.5  # how long one nat must favour another label


@dataclass(frozen=True)
class Segment:
    """One label for a while: frames ``first`` to ``last`` (inclusive), times in seconds.

    ``end`` is the time at which the next segment begins, or the end of the clip.
    """

    first: int
    last: int
    start: float
    end: float
    label: int
    probability: float


def peaks(signal: np.ndarray, threshold: float, apart: int) -> np.ndarray:
    """Indices of local maxima of ``signal [T]`` above ``threshold`` (non-maximum suppression
    within ``apart`` frames to either side).
    """
    high = np.flatnonzero(signal >= threshold)
    return high[suppress_neighbours(signal[high], high, apart + 1)]


def find_cuts(cut_probability: np.ndarray, times: np.ndarray) -> np.ndarray:
    """Indices of the frames that begin a new shot; both arrays are ``[T]``."""
    if len(times) < 2:
        return np.empty(0, np.int64)
    apart = max(1, round(CUT_APART / float(np.median(np.diff(times)))))
    return peaks(cut_probability, CUT_THRESHOLD, apart)


def decode_labels(probabilities: np.ndarray, cuts: np.ndarray, penalty: float) -> np.ndarray:
    """Viterbi labels int64 ``[T]`` of ``probabilities [T, C]``; a change at ``cuts`` is free."""
    log_p = np.log(np.maximum(probabilities.astype(np.float64), 1e-8))
    price = np.full(len(log_p), penalty)
    price[cuts] = 0
    return best_labels(log_p, price)


def find_segments(
    probabilities: np.ndarray, times: np.ndarray, cuts: np.ndarray, duration: float
) -> list[Segment]:
    """Segments of a clip in order of time; ``probabilities [T, C]``, ``times [T]`` in seconds."""
    step = float(np.median(np.diff(times))) if len(times) > 1 else 1.0
    labels = decode_labels(probabilities, cuts, CHANGE_SECONDS / max(step, 1e-3))
    changes = np.flatnonzero(np.diff(labels)) + 1
    starts = np.unique(np.concatenate([[0], changes, cuts]))
    stops = np.append(starts[1:], len(times))
    ends = np.append(times[starts[1:]], max(duration, float(times[-1])))
    return [
        Segment(
            first=int(a), last=int(b) - 1, start=float(times[a]), end=float(end),
            label=int(labels[a]), probability=float(probabilities[a:b, labels[a]].mean()),
        )
        for a, b, end in zip(starts, stops, ends, strict=True)
    ]
