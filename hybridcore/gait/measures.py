"""Steps, cycles and symmetry of a walk, read from its silhouettes.

The width of the lower half of the body opens and closes once a step. Its autocorrelation peaks at
the step time; two steps are a cycle (a stride).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

STEP_SECONDS = (0.3, 1.0)  # 60 to 200 steps a minute
_ENOUGH = 0.3  # autocorrelation from which a walk counts as periodic
_STEPS_NEEDED = 3.0  # how many steps a clip must hold before a period is believed
_TREND_SECONDS = 1.6  # slower changes of the width are the person turning, not walking
_HALF = 0.75  # a peak at half the lag that is this high in proportion is the step itself
_SWING = 0.04  # of the height: a width that varies less belongs to somebody who stands


@dataclass(frozen=True)
class Cycle:
    """Two steps: frames ``first`` to ``last`` (positions in the walk, ``last`` excluded), s."""

    first: int
    last: int
    start: float
    end: float


@dataclass(frozen=True)
class Rhythm:
    """The rhythm of a walk of n silhouettes.

    width: float32 ``[n]``, mean width of the lower half of the body, as a share of its height.
    step: s, or None where no period can be told; strength: the autocorrelation there, -1..1.
    steps: positions in the walk where the legs are widest apart, one a step.
    cycles: every two steps.
    symmetry: step regularity over stride regularity (Moe-Nilssen & Helbostad, J. Biomechanics
        2004), 1 where left and right steps are alike; None without a period.
    """

    width: np.ndarray
    step: float | None
    strength: float
    steps: tuple[int, ...]
    cycles: tuple[Cycle, ...]
    symmetry: float | None

    @property
    def cadence(self) -> float | None:
        """Steps a minute."""
        return None if self.step is None else 60.0 / self.step


def lower_width(silhouettes: np.ndarray) -> np.ndarray:
    """Mean width of the lower half of aligned silhouettes uint8 ``[n, 64, 44]``: float32 ``[n]``.

    From the leftmost to the rightmost pixel of each row, as a share of the height.
    """
    rows = silhouettes.shape[1]
    legs = silhouettes[:, rows // 2 :] > 127
    any_here = legs.any(2)
    first = legs.argmax(2)
    last = legs.shape[2] - legs[:, :, ::-1].argmax(2)
    return (np.where(any_here, last - first, 0).mean(1) / rows).astype(np.float32)


def find_rhythm(silhouettes: np.ndarray, times: np.ndarray) -> Rhythm:
    """Rhythm of aligned silhouettes uint8 ``[n, 64, 44]`` seen at ``times`` s (increasing).

    Frames may be missing: the signal is read at even steps of time.
    """
    width = lower_width(silhouettes)
    nothing = Rhythm(width, None, 0.0, (), (), None)
    if len(times) < 12:
        return nothing
    interval = float(np.median(np.diff(times)))
    grid = np.arange(times[0], times[-1] + interval / 2, interval)
    signal = _detrend(np.interp(grid, times, width), _TREND_SECONDS / interval)
    lag, strength = find_period(signal, interval)
    if lag is None or strength < _ENOUGH or np.ptp(np.percentile(signal, (5, 95))) < _SWING:
        return Rhythm(width, None, strength, (), (), None)
    step = lag * interval
    steps: list[int] = []
    cycles: list[Cycle] = []
    for part in _unbroken(times, step):
        inside = np.flatnonzero((grid >= times[part[0]]) & (grid <= times[part[-1]]))
        peaks = [int(np.abs(times - grid[inside[k]]).argmin())
                 for k in find_steps(signal[inside], lag)]
        steps += peaks
        cycles += [
            Cycle(a, b, float(times[a]), float(times[b])) for a, b in pairwise(peaks[::2])
            if 1.2 * step < times[b] - times[a] < 3 * step
        ]
    correlation = autocorrelation(signal, round(2.4 * lag))
    stride = _peak_near(correlation, 2 * lag)
    symmetry = None if stride <= 0.1 else float(np.clip(strength / stride, 0, 2))
    return Rhythm(width, step, strength, tuple(steps), tuple(cycles), symmetry)


def find_period(signal: np.ndarray, interval: float) -> tuple[float | None, float]:
    """(lag in samples, autocorrelation there) of the step; lag None where there is no peak.

    signal: float ``[n]`` without trend; interval: s between samples.
    """
    low, high = (seconds / interval for seconds in STEP_SECONDS)
    high = min(high, len(signal) / _STEPS_NEEDED)
    correlation = autocorrelation(signal, int(np.ceil(high)) + 1)
    inside = np.arange(max(1, int(np.ceil(low))), len(correlation) - 1)
    peaks = inside[
        (correlation[inside] >= correlation[inside - 1])
        & (correlation[inside] > correlation[inside + 1])
    ] if len(inside) else inside
    if len(peaks) == 0:
        return None, 0.0
    best = int(peaks[correlation[peaks].argmax()])
    # A cycle repeats even better than a step: the step is the shorter of the two.
    for peak in peaks:
        if abs(2 * peak - best) <= 0.2 * best and correlation[peak] > _HALF * correlation[best]:
            best = int(peak)
            break
    return _refine(correlation, best), float(correlation[best])


def autocorrelation(signal: np.ndarray, lags: int) -> np.ndarray:
    """Unbiased autocorrelation at lags 0 to ``lags``: float ``[lags + 1]``, 1 at lag 0."""
    n = len(signal)
    lags = min(lags, n - 2)
    centred = signal - signal.mean()
    variance = float(centred @ centred) / n
    if variance < 1e-12 or lags < 1:
        return np.zeros(max(lags, 0) + 1)
    return np.array([
        centred[: n - k] @ centred[k:] / ((n - k) * variance) for k in range(lags + 1)
    ])


def find_steps(signal: np.ndarray, lag: float) -> list[int]:
    """Maxima of ``signal`` about one ``lag`` apart.

    Of all chains of local maxima whose distances lie within 30 percent of the lag, the one with
    the greatest sum of heights (dynamic programming).
    """
    level = signal - signal.min() + 1e-6
    inner = np.arange(1, len(signal) - 1)
    maxima = inner[(signal[inner] >= signal[inner - 1]) & (signal[inner] > signal[inner + 1])]
    if len(maxima) == 0:
        return []
    best = level[maxima].copy()
    before = np.full(len(maxima), -1)
    for k, at in enumerate(maxima):
        reach = at - maxima[:k]
        fits = np.flatnonzero((reach >= 0.7 * lag) & (reach <= 1.3 * lag))
        if len(fits):
            previous = fits[best[fits].argmax()]
            best[k] += best[previous]
            before[k] = previous
    chain, k = [], int(best.argmax())
    while k >= 0:
        chain.append(int(maxima[k]))
        k = int(before[k])
    return chain[::-1]


def _unbroken(times: np.ndarray, step: float) -> list[np.ndarray]:
    """Positions of frames at ``times``, apart wherever the walk was not seen for half a step."""
    breaks = np.flatnonzero(np.diff(times) > 0.5 * step) + 1
    return [part for part in np.split(np.arange(len(times)), breaks) if len(part) > 2]


def _detrend(signal: np.ndarray, span: float) -> np.ndarray:
    """The signal minus its moving average over ``span`` samples (shorter at the ends)."""
    half = max(1, round(span / 2))
    total = np.concatenate([[0.0], np.cumsum(signal, dtype=np.float64)])
    at = np.arange(len(signal))
    # As many on either side, or a slope would lean at the ends.
    reach = np.minimum(half, np.minimum(at, len(signal) - 1 - at))
    reach = np.maximum(reach, min(half // 2, (len(signal) - 1) // 2))
    low, high = np.maximum(at - reach, 0), np.minimum(at + reach + 1, len(signal))
    return signal - (total[high] - total[low]) / (high - low)


def _refine(correlation: np.ndarray, peak: int) -> float:
    """The place of a maximum between samples, by a parabola through three."""
    left, middle, right = correlation[peak - 1 : peak + 2]
    bend = left - 2 * middle + right
    return peak if bend >= 0 else peak + float(0.5 * (left - right) / bend)


def _peak_near(correlation: np.ndarray, lag: float) -> float:
    """The highest value within a fifth of ``lag``; 0 beyond the end."""
    part = correlation[int(0.8 * lag) : int(1.2 * lag) + 2]
    return float(part.max()) if len(part) else 0.0
