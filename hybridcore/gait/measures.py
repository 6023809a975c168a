"""Steps, cycles and symmetry of a walk, read from its silhouettes and, where landmarks are known,
from the distance of the ankles.

Both open and close once a step, so their autocorrelation peaks at the step time and again at the
time of two steps, a cycle (stride). Seen from ahead the width of the legs does not; there only the
cycle shows, and a step is half of it. Who stands in between is left out: steps are looked for where
the legs keep moving for three steps at least.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from hybridcore.layers.chain import runs
from hybridcore.peaks import vertex

STEP_SECONDS = (0.3, 0.8)  # 75 to 200 steps a minute; two of a slow walk look like one cycle
_ENOUGH = 0.3  # autocorrelation from which a walk counts as periodic
_STEPS_NEEDED = 3.0  # how many steps a clip must hold before a period counts
_TREND_SECONDS = 1.6  # slower changes of the width are the person turning, not walking
_HALF = 0.75  # half the lag is the step itself, if its score is this high in proportion
_SINGLE = 0.15  # autocorrelation at the step from which single steps show
_STEP_WEIGHT = 0.3  # of the autocorrelation at the step, beside that at the stride
_SWING = 0.04  # of the height: a width that varies less belongs to somebody who stands
_STAND_SECONDS = 0.8  # for which legs that hardly move stand
_UNSEEN_SECONDS = 3.0  # for which a walker may be hidden without having stopped
_STAND_WIDTH, _STAND_ANKLES = 0.008, 0.025  # of the height: standard deviation of legs that stand


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
    walking: bool ``[n]``, where steps were found.
    step: s, or None where no period is found; strength: the autocorrelation there, -1..1.
    steps: positions in the walk where the legs are widest apart, one a step (one a cycle, where
        only the cycle shows).
    cycles: every two steps.
    symmetry: step regularity over stride regularity (Moe-Nilssen & Helbostad, J. Biomechanics
        2004), 1 where left and right steps are alike; None where single steps do not show.
    """

    width: np.ndarray
    walking: np.ndarray
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
        return _no_rhythm(self.width, self.strength)


def _no_rhythm(width: np.ndarray, strength: float = 0.0) -> Rhythm:
    return Rhythm(width, np.zeros(len(width), bool), None, strength, (), (), None)


NO_RHYTHM = _no_rhythm(np.empty(0, np.float32))  # of no silhouettes


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


def find_rhythm(
    silhouettes: np.ndarray, times: np.ndarray, ankles: np.ndarray | None = None,
) -> Rhythm:
    """Rhythm of aligned silhouettes uint8 ``[n, 64, 44]`` seen at ``times`` s (increasing).

    ankles: their distances ``[n]``, shares of the height, if landmarks are known; of the two
    signals the one that repeats itself better counts. Frames may be missing: the signal is read at
    even steps of time.
    """
    width = lower_width(silhouettes)
    if len(times) < 12:
        return _no_rhythm(width)
    found = [_rhythm(width, width, times, _STAND_WIDTH)]
    if ankles is not None and np.isfinite(ankles).all():
        found.insert(0, _rhythm(ankles, width, times, _STAND_ANKLES))
    return max(found, key=lambda rhythm: (rhythm.step is not None, rhythm.strength))


def _rhythm(legs: np.ndarray, width: np.ndarray, times: np.ndarray, stand: float) -> Rhythm:
    """What the opening of the legs ``[n]`` at ``times`` s tells; ``stand``: see `_STAND_WIDTH`."""
    interval = float(np.median(np.diff(times)))
    grid = np.arange(times[0], times[-1] + interval / 2, interval)
    signal = _detrend(np.interp(grid, times, legs), _TREND_SECONDS / interval)
    parts = [_stretch(signal[part], grid[part], times)
             for part in _moving(signal, _unseen(grid, times), interval, stand)]
    walks = [part for part in parts if part.step is not None]
    if not walks:
        return _no_rhythm(width, max((part.strength for part in parts), default=0.0))
    walking = np.zeros(len(times), bool)
    for part in walks:
        walking |= part.walking
    longest = max(walks, key=lambda part: part.walking.sum())
    return replace(
        longest, width=width, walking=walking,
        steps=tuple(step for part in walks for step in part.steps),
        cycles=tuple(cycle for part in walks for cycle in part.cycles))


def _stretch(signal: np.ndarray, grid: np.ndarray, times: np.ndarray) -> Rhythm:
    """The rhythm of one stretch in which the legs move: ``signal`` at ``grid`` s, of frames at
    ``times``; without a width."""
    nothing = _no_rhythm(np.zeros(len(times), np.float32))
    interval = float(np.median(np.diff(grid)))
    lag, strength = find_period(signal, interval)
    if lag is None or strength < _ENOUGH or np.ptp(np.percentile(signal, (5, 95))) < _SWING:
        return replace(nothing, strength=strength)
    step = lag * interval
    correlation = autocorrelation(signal, round(2.4 * lag))
    at_step, at_stride = _peak_near(correlation, lag), _peak_near(correlation, 2 * lag)
    single = at_step > _SINGLE
    steps: list[int] = []
    cycles: list[Cycle] = []
    own = np.flatnonzero((times >= grid[0] - interval / 2) & (times <= grid[-1] + interval / 2))
    for part in _unbroken(times[own], step):
        part = own[part]
        inside = np.flatnonzero((grid >= times[part[0]]) & (grid <= times[part[-1]]))
        peaks = [int(np.abs(times - grid[inside[k]]).argmin())
                 for k in find_steps(signal[inside], lag if single else 2 * lag)]
        steps += peaks
        cycles += [
            Cycle(a, b, float(times[a]), float(times[b]))
            for a, b in pairwise(peaks[::2] if single else peaks)
            if 1.2 * step < times[b] - times[a] < 3 * step
        ]
    if len(steps) < _STEPS_NEEDED:
        return replace(nothing, strength=strength)
    symmetry = float(np.clip(at_step / at_stride, 0, 2)) if single and at_stride > 0.1 else None
    walking = np.isin(np.arange(len(times)), own)
    return Rhythm(nothing.width, walking, step, strength, tuple(steps), tuple(cycles), symmetry)


def _unseen(grid: np.ndarray, times: np.ndarray) -> np.ndarray:
    """bool: where in ``grid`` no frame of ``times`` is near."""
    after = np.clip(np.searchsorted(times, grid), 1, len(times) - 1)
    away = np.minimum(np.abs(grid - times[after - 1]), np.abs(times[after] - grid))
    return away > 0.75 * float(np.median(np.diff(grid)))


def _moving(
    signal: np.ndarray, unseen: np.ndarray, interval: float, stand: float
) -> list[slice]:
    """Where legs keep moving for three fast steps or more; they are taken to do so while they are
    ``unseen`` for a moment, if they did before and do afterwards."""
    span = max(3, round(_STAND_SECONDS / interval) | 1)
    padded = np.pad(signal, span // 2, mode="edge")
    moves = np.lib.stride_tricks.sliding_window_view(padded, span).std(1) >= stand
    for a, b, hidden in runs(unseen):
        if hidden and a > 0 and b < len(moves) and (b - a) * interval <= _UNSEEN_SECONDS:
            moves[a:b] = moves[a - 1] and moves[b]
    least = _STEPS_NEEDED * STEP_SECONDS[0] / interval
    return [slice(a, b) for a, b, value in runs(moves) if value and b - a >= least]


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
