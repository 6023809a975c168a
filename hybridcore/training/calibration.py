"""How far probabilities can be believed: the temperature that fits them, the error that is left.

Guo, Pleiss, Sun & Weinberger, *On Calibration of Modern Neural Networks*, ICML 2017 (arXiv
1706.04599).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_softmax

BINS = 15
_TEMPERATURES = np.geomspace(0.4, 5, 90)


def fit_temperature(logits: NDArray, labels: NDArray) -> float:
    """The number that logits ``[N, C]`` are divided by so that labels ``[N]`` are likeliest."""
    rows = np.arange(len(labels))

    def loss(temperature: float) -> float:
        scaled = log_softmax(logits.astype(np.float64) / temperature, -1)
        return float(-scaled[rows, labels].mean())

    return round(float(min(_TEMPERATURES, key=loss)), 3)


def sure_from(sure: NDArray, right: NDArray, wrong_share: float = 0.3) -> float:
    """The lowest probability from which on at most ``wrong_share`` of what is named is wrong; 1
    where there is none. ``sure``, ``right``: as in :func:`calibration_error`."""
    order = np.argsort(-sure, kind="stable")
    wrong = np.cumsum(~right[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(wrong <= wrong_share)
    return float(sure[order][good[-1]]) if len(good) else 1.0


def calibration_error(sure: NDArray, right: NDArray) -> float:
    """Expected calibration error, 0..1: how far the share that is right lies from the probability
    that was said, mean over 15 bins by what lies in each.

    sure ``[N]``: the probability of what was said; right bool ``[N]``: whether it was so.
    """
    bins = np.minimum((sure * BINS).astype(int), BINS - 1)
    gaps = np.bincount(bins, sure - right, minlength=BINS)
    return float(np.abs(gaps).sum() / len(sure))


def calibration_interval(
    sure: NDArray, right: NDArray, groups: NDArray, *, seed: int = 0, samples: int = 1000
) -> tuple[float, float, float]:
    """The same with its 95 % interval, resampling whole ``groups [N]``.

    Resampled errors lie higher, because noise adds to what is left of a difference; so the interval
    errs upwards.
    """
    rng = np.random.default_rng(seed)
    _, at = np.unique(groups, return_inverse=True)
    count = int(at.max()) + 1
    bins = np.minimum((sure * BINS).astype(int), BINS - 1)
    gaps, sizes = np.zeros((count, BINS)), np.bincount(at, minlength=count)
    np.add.at(gaps, (at, bins), sure - right)
    picks = rng.integers(0, count, (samples, count))
    drawn = [np.abs(gaps[rows].sum(0)).sum() / sizes[rows].sum() for rows in picks]
    low, high = np.percentile(drawn, [2.5, 97.5])
    return calibration_error(sure, right), float(low), float(high)
