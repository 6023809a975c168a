"""Steps, cycles and symmetry of a walk, read from its silhouettes.

The width of the lower half of the body opens and closes once a step, so its autocorrelation peaks
at the step time and again at the time of two steps, a cycle (stride). Seen from ahead the legs do
not open; there only the cycle shows, and a step is half of it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from hybridcore.peaks import vertex

STEP_SECONDS = (0.3, 0.8)  # 75 to 200 steps a minute; two of a slow walk look like one cycle
_ENOUGH = 0.3  # autocorrelation from which a walk counts as periodic
_STEPS_NEEDED = 3.0  # how many steps a clip must hold before a period counts
_TREND_SECONDS = 1.6  # slower changes of the width are the person turning, not walking
_HALF = 0.75  # half the lag is the step itself, if its score is this high in proportion
_SINGLE = 0.15  # autocorrelation at the step from which single steps show
_STEP_WEIGHT = 0.3  # of the autocorrelation at the step, beside that at the stride
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
    step: s, or None where no period is found; strength: the autocorrelation there, -1..1.
    steps: positions in the walk where the legs are widest apart, one a step (one a cycle, where
        only the cycle shows).
    cycles: every two steps.
    symmetry: step regularity over stride regularity (Moe-Nilssen & Helbostad, J. Biomechanics
        2004), 1 where left and right steps are alike; None where single steps do not show.
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

    def later(self, seconds: float) -> Rhythm:
        """The same rhythm on a clock that shows ``seconds`` more."""
        cycles = tuple(
            replace(c, start=c.start + seconds, end=c.end + seconds) for c in self.cycles)
        return replace(self, cycles=cycles)

    def without_steps(self) -> Rhythm:
        """The same width, without a period."""
        return Rhythm(self.width, None, self.strength, (), (), None)


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
    correlation = autocorrelation(signal, round(2.4 * lag))
    at_step, at_stride = _peak_near(correlation, lag), _peak_near(correlation, 2 * lag)
    single = at_step > _SINGLE
    steps: list[int] = []
    cycles: list[Cycle] = []
    for part in _unbroken(times, step):
        inside = np.flatnonzero((grid >= times[part[0]]) & (grid <= times[part[-1]]))
        peaks = [int(np.abs(times - grid[inside[k]]).argmin())
                 for k in find_steps(signal[inside], lag if single else 2 * lag)]
        steps += peaks
        cycles += [
            Cycle(a, b, float(times[a]), float(times[b]))
            for a, b in pairwise(peaks[::2] if single else peaks)
            if 1.2 * step < times[b] - times[a] < 3 * step
        ]
    symmetry = float(np.clip(at_step / at_stride, 0, 2)) if single and at_stride > 0.1 else None
    return Rhythm(width, step, strength, tuple(steps), tuple(cycles), symmetry)


def find_period(signal: np.ndarray, interval: float) -> tuple[float | None, float]:
    """(lag in samples, strength) of the step; lag None where there is no peak.

    The lag s with the greatest r(2s) + 0.3 r(s) among the peaks of the autocorrelation r and the
    halves of its peaks; the strength is the greater of the two, -1..1.

    signal: float ``[n]`` without trend; interval: s between samples.
    """
    low, high = (seconds / interval for seconds in STEP_SECONDS)
    high = min(high, len(signal) / _STEPS_NEEDED)
    correlation = autocorrelation(signal, int(np.ceil(2 * high)) + 1)
    fine = np.array([_refine(correlation, int(peak)) for peak in _maxima(correlation)])
    lags = np.concatenate([fine, fine / 2])
    lags = np.sort(lags[(lags >= low) & (lags <= high)])
    if len(lags) == 0:
        return None, 0.0
    at_step = np.interp(lags, np.arange(len(correlation)), correlation)
    at_stride = np.interp(2 * lags, np.arange(len(correlation)), correlation)
    score = at_stride + _STEP_WEIGHT * at_step
    best = int(score.argmax())
    # A cycle repeats as well as a step does: the step is the shorter of the two.
    for k in range(best):
        if abs(2 * lags[k] - lags[best]) <= 0.2 * lags[best] and score[k] > _HALF * score[best]:
            best = k
            break
    return float(lags[best]), float(max(at_step[best], at_stride[best]))


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
    maxima = _maxima(signal)
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


def _maxima(signal: np.ndarray) -> np.ndarray:
    """Positions of the local maxima inside ``signal [n]``; of a plateau, its end."""
    inner = signal[1:-1]
    return np.flatnonzero((inner >= signal[:-2]) & (inner > signal[2:])) + 1


def _refine(correlation: np.ndarray, peak: int) -> float:
    """The place of a maximum between samples, by a parabola through three."""
    return peak + vertex(*correlation[peak - 1 : peak + 2].tolist())


def _peak_near(correlation: np.ndarray, lag: float) -> float:
    """The highest value within a fifth of ``lag``; 0 beyond the end."""
    part = correlation[int(0.8 * lag) : int(1.2 * lag) + 2]
    return float(part.max()) if len(part) else 0.0
