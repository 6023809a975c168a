"""Probabilities at every frame -> cuts and segments.

A segment is a stretch of which one thing is said, within one shot. First, scenes are the sequence
``y`` that maximises (:mod:`hybridcore.layers.chain`)

    sum_t log p_t(y_t) - penalty * (changes of scene),

where a change is free at a cut and elsewhere must be preferred by one nat for half a second. Then
each stretch of a scene is called by what its mean probabilities allow (:mod:`labels`), and
neighbours in a shot of which the same is said are one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hybridcore.layers.chain import best_labels
from hybridcore.peaks import suppress_neighbours
from hybridcore.scene.labels import said

CUT_THRESHOLD = 0.5
CUT_APART = 0.25  # seconds between two cuts
CHANGE_SECONDS = 0.5  # how long one nat must favour another label


@dataclass(frozen=True)
class Segment:
    """One thing said for a while: frames ``first`` to ``last`` (inclusive), times in seconds.

    ``end`` is the time at which the next segment begins, or the end of the clip; ``scene`` the
    likeliest one, ``label`` the position in :func:`labels.names` of what is said, and
    ``probability`` how likely that is: of the likeliest scene, where it is not sure.
    """

    first: int
    last: int
    start: float
    end: float
    scene: int
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
    probabilities: np.ndarray, known: np.ndarray, times: np.ndarray, cuts: np.ndarray,
    duration: float, threshold: float,
) -> list[Segment]:
    """Segments of a clip in order of time.

    Args:
        probabilities: of the scenes, calibrated, ``[T, C]``.
        known: that the scene is one of them, ``[T]``.
        times: ``[T]``, s.
        cuts: frames that begin a new shot.
        duration: of the clip, s.
        threshold: what is at least as likely is said.
    """
    step = float(np.median(np.diff(times))) if len(times) > 1 else 1.0
    scenes = decode_labels(probabilities, cuts, CHANGE_SECONDS / max(step, 1e-3))
    changes = np.flatnonzero(np.diff(scenes)) + 1
    starts = np.unique(np.concatenate([[0], changes, cuts])).astype(np.int64)
    labels, _ = said(_means(probabilities, starts), _means(known, starts), threshold)
    new = np.append(True, np.diff(labels) != 0) | np.isin(starts, cuts)
    starts, labels = starts[new], labels[new]
    means = _means(probabilities, starts)
    likeliest, value = means.argmax(1), said(means, _means(known, starts), threshold)[1]
    stops = np.append(starts[1:], len(times))
    ends = np.append(times[starts[1:]], max(duration, float(times[-1])))
    return [
        Segment(
            first=int(a), last=int(b) - 1, start=float(times[a]), end=float(end),
            scene=int(scene), label=int(label), probability=float(probability),
        )
        for a, b, end, scene, label, probability in zip(
            starts, stops, ends, likeliest, labels, value, strict=True)
    ]


def _means(values: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Mean of ``values [T, ...]`` over every stretch that begins at ``starts``: ``[S, ...]``."""
    stops = np.append(starts[1:], len(values))
    return np.stack([values[a:b].mean(0) for a, b in zip(starts, stops, strict=True)])
