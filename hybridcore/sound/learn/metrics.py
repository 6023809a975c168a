"""How well onsets and sounds are predicted; every metric is a pure function of arrays.

Onsets are matched one to one within a tolerance of 0.1 s, as in Owens et al. 2016 and its
successors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from hybridcore.training.metrics import f1, match_times

TOLERANCE = 0.1  # s

Floats = NDArray[np.floating]


@dataclass(frozen=True)
class Detections:
    """Onsets of one clip: detected ``times``, ``scores [K]``, ``true [N]``, all s, in order."""

    times: Floats
    scores: Floats
    true: Floats


def counts(
    clip: Detections, threshold: float, tolerance: float = TOLERANCE
) -> tuple[int, int, int]:
    """(right, false, missed) of the onsets that reach ``threshold``."""
    detected = clip.times[clip.scores >= threshold]
    right = len(match_times(detected, clip.true, tolerance))
    return right, len(detected) - right, len(clip.true) - right


def found(clip: Detections, threshold: float) -> NDArray[np.bool_]:
    """Which of the true onsets ``[N]`` the onsets that reach ``threshold`` find."""
    matched = match_times(clip.times[clip.scores >= threshold], clip.true, TOLERANCE)
    return np.isin(np.arange(len(clip.true)), [true for _, true in matched])


def lateness(clips: Sequence[Detections], threshold: float) -> float:
    """How much later than the true ones the onsets that reach ``threshold`` come, s: the median
    over clips of the median in each."""
    medians = []
    for clip in clips:
        times = clip.times[clip.scores >= threshold]
        matched = match_times(times, clip.true, TOLERANCE)
        if matched:
            medians.append(np.median([times[k] - clip.true[true] for k, true in matched]))
    return float(np.median(medians)) if medians else 0.0


def onset_f1(clips: Sequence[Detections], threshold: float) -> float:
    """F1 over all clips: counts are added up, then divided."""
    right, false, missed = np.sum([counts(clip, threshold) for clip in clips], 0)
    return f1(int(right), int(false), int(missed))


def careful_threshold(clips: Sequence[Detections], given_up: float = 0.01) -> float:
    """The highest threshold of 0.02, 0.03 .. 0.95 whose F1 on ``clips`` is at most ``given_up``
    below the best: the F1 hardly changes around its peak, false onsets do."""
    grid = np.arange(0.02, 0.96, 0.01)
    scores = np.array([onset_f1(clips, t) for t in grid])
    return float(grid[np.flatnonzero(scores >= scores.max() - given_up)[-1]])


def average_precision(clips: Sequence[Detections]) -> float:
    """Area under precision against recall, onsets of all clips in order of their score.

    An onset is right if a true one within :data:`TOLERANCE` is still free; it takes the nearest.
    The precision at a recall is the best at that recall or a higher one (Everingham et al. 2010).
    """
    ranked = sorted(
        ((score, index, time) for index, clip in enumerate(clips)
         for time, score in zip(clip.times, clip.scores, strict=True)),
        key=lambda row: -row[0],
    )
    free = [np.ones(len(clip.true), bool) for clip in clips]
    right = np.zeros(len(ranked))
    for k, (_, index, time) in enumerate(ranked):
        distance = np.where(free[index], np.abs(clips[index].true - time), np.inf)
        if len(distance) and distance.min() <= TOLERANCE:
            free[index][distance.argmin()] = False
            right[k] = 1
    total = sum(len(clip.true) for clip in clips)
    if not len(ranked) or not total:
        return 0.0
    hits = right.cumsum()
    precision = np.maximum.accumulate((hits / np.arange(1, len(hits) + 1))[::-1])[::-1]
    return float((precision * right).sum() / total)


def correlation(predicted: Floats, true: Floats) -> float:
    """Pearson's r; 0 where one side does not vary."""
    if len(true) < 2 or np.std(predicted) < 1e-9 or np.std(true) < 1e-9:
        return 0.0
    return float(np.corrcoef(predicted, true)[0, 1])


def class_average(predicted: NDArray, true: NDArray) -> float:
    """Accuracy of each class that occurs in ``true``, averaged over these classes, 0..1."""
    classes = np.unique(true)
    if not len(classes):
        return 0.0
    return float(np.mean([(predicted[true == c] == c).mean() for c in classes]))


def spectral_centroid(cochleagram: Floats) -> Floats:
    """Mean band (0..41) of ``[..., 42]``, weighted by the cochleagram."""
    values = np.maximum(cochleagram, 0)
    bands = np.arange(cochleagram.shape[-1])
    return (values * bands).sum(-1) / np.maximum(values.sum(-1), 1e-9)


def quiet_stretches(
    true: Floats, start: float, end: float, longer: float
) -> list[tuple[float, float]]:
    """Parts of ``start .. end`` at least ``longer`` s long in which nothing is struck, kept
    :data:`TOLERANCE` away from the events beside them.
    """
    edges = np.concatenate([[start - TOLERANCE], true, [end + TOLERANCE]])
    return [(float(a) + TOLERANCE, float(b) - TOLERANCE)
            for a, b in pairwise(edges)
            if b - a - 2 * TOLERANCE >= longer]
