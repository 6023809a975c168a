"""How right a forecast of rain was.

Everything is a ratio of sums over pixels, so that a start of a forecast leaves a row of sums
(:func:`sums_of`), rows of many starts are added up, and the scores are of the total
(:func:`scores`). Pixels without data, in the forecast or in what came, do not count.

* CSI, POD, FAR: of "at least so much": hits / (hits + false + missed), hits / (hits + missed),
  false / (hits + false). Where a forecast is a distribution, that is said from a chance on that
  :func:`cut_of` finds in the forecast itself; "mean" before a name: where the mean is so much.
* FSS, the fractions skill score of Roberts & Lean (2008), at 1 mm/h in windows of 10 and 20 km.
* RMSE and correlation (Pearson) of the rates in mm/h; CRPS in mm/h, which of a single field is the
  mean absolute error.
* Reliability: how often it rained 1 mm/h or more where the chance was said to be so much.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from hybridcore.nowcast.bins import EDGES, crps, shares

LIMITS = (0.1, 0.5, 1.0, 5.0)  # mm/h, of which "at least so much" is judged
FSS_LIMIT, FSS_KM = 1.0, (10, 20)
CLASSES = 10  # of the reliability diagram
_SAMPLES = 1000
_LOWEST, _FINE = 0.1, 1000  # chance that is acted upon; steps of it

_NAMES = (
    *(f"{of} {limit}" for limit in LIMITS for of in ("hits", "false", "missed")),
    *(f"mean {of} {limit}" for limit in LIMITS for of in ("hits", "false", "missed")),
    *(f"fss {of} {km}" for km in FSS_KM for of in ("error", "worst")),
    "count", "square", "crps", "x", "y", "xx", "yy", "xy",
    *(f"{of} {k}" for of in ("said", "came", "class") for k in range(CLASSES)),
)
COLUMNS = {name: k for k, name in enumerate(_NAMES)}


@dataclass(frozen=True, eq=False)
class Forecast:
    """Of one lead: the mean in mm/h, ``[H, W]``, and the chance of at least every edge of the bins,
    ``[8, H, W]``; None: it is a single field."""

    mean: np.ndarray
    exceed: np.ndarray | None = None

    def chance(self, limit: float) -> np.ndarray:
        """Of at least ``limit`` mm/h, which is one of the edges."""
        if self.exceed is None:
            return (self.mean >= limit).astype(np.float32)
        chance: np.ndarray = self.exceed[EDGES.index(limit)]
        return chance


def cut_of(chance: np.ndarray) -> float:
    """The chance from which on saying "at least so much" is expected to reach the highest CSI, by
    the chances of a field themselves: expected hits are the sum of those that are said, and what is
    missed of the others. What is hard to foretell, such as small showers, is so said from a lower
    chance on (as Lipton et al. 2014 show of F1). At least 0.1.

    chance: of all pixels with data, in any shape.
    """
    at = np.minimum((chance.ravel() * _FINE).astype(int), _FINE - 1)
    said, hits = (np.bincount(at, weights, _FINE)[::-1].cumsum()[::-1]
                  for weights in (None, chance.ravel()))
    if hits[0] <= 0:
        return 1.0
    csi = hits / (said + hits[0] - hits)
    first = round(_LOWEST * _FINE)
    return float(first + csi[first:].argmax()) / _FINE


def sums_of(
    forecast: Forecast, rates: np.ndarray, pixel_km: float, *, among: np.ndarray | None = None
) -> np.ndarray:
    """The row of sums of one lead of one start, in the order of :data:`COLUMNS`.

    Args:
        rates: what came, mm/h, ``[H, W]``.
        among: the pixels that are judged, bool ``[H, W]``; None: all with data.
    """
    known = ~np.isnan(rates) & ~np.isnan(forecast.mean)
    if among is not None:
        known &= among
    row: dict[str, float] = {"count": float(known.sum())}
    x, y = forecast.mean[known].astype(np.float64), rates[known].astype(np.float64)
    for limit in LIMITS:
        came = y >= limit
        chance = forecast.chance(limit)
        cut = cut_of(chance[known])
        if limit == FSS_LIMIT:
            windows = _in_windows(known & (chance >= cut), known & (rates >= limit), pixel_km)
            row |= {f"fss {name} {km}": float(part[known].sum())
                    for km, parts in windows.items() for name, part in parts.items()}
        for name, said in (("", chance[known] >= cut), ("mean ", x >= limit)):
            row[f"{name}hits {limit}"] = float((said & came).sum())
            row[f"{name}false {limit}"] = float((said & ~came).sum())
            row[f"{name}missed {limit}"] = float((~said & came).sum())
    row |= {"square": float(((x - y) ** 2).sum()), "x": x.sum(), "y": y.sum(),
            "xx": (x * x).sum(), "yy": (y * y).sum(), "xy": (x * y).sum()}
    if forecast.exceed is None:
        row["crps"] = float(np.abs(x - y).sum())
    else:
        exceed = np.moveaxis(forecast.exceed, 0, -1)[known]  # [N, 8]
        row["crps"] = float(crps(shares(exceed), rates[known]).sum())
        chance = exceed[:, EDGES.index(FSS_LIMIT)]
        at = np.minimum((chance * CLASSES).astype(int), CLASSES - 1)
        for name, values in (("said", chance), ("came", y >= FSS_LIMIT), ("class", None)):
            found = np.bincount(at, values, CLASSES)
            row |= {f"{name} {k}": float(found[k]) for k in range(CLASSES)}
    return np.array([row.get(name, 0.0) for name in COLUMNS])


def _in_windows(
    said: np.ndarray, came: np.ndarray, pixel_km: float
) -> dict[int, dict[str, np.ndarray]]:
    """The squared error of the shares of windows around every pixel, and its worst case, by km."""
    found = {}
    for km in FSS_KM:
        side = max(1, round(km / pixel_km))
        a, b = (cv2.blur(part.astype(np.float32), (side, side), borderType=cv2.BORDER_CONSTANT)
                for part in (said, came))
        found[km] = {"error": (a - b) ** 2, "worst": a**2 + b**2}
    return found


def scores(total: np.ndarray) -> dict[str, float]:
    """Every score of a total of rows ``[K]``; NaN where there was nothing to judge."""
    def of(name: str) -> float:
        return float(total[COLUMNS[name]])

    def ratio(a: float, b: float) -> float:
        return a / b if b > 0 else float("nan")

    found: dict[str, float] = {}
    for limit in LIMITS:
        for kind in ("", "mean "):
            hits, false, missed = (of(f"{kind}{name} {limit}")
                                   for name in ("hits", "false", "missed"))
            found[f"{kind}CSI {limit}"] = ratio(hits, hits + false + missed)
            found[f"{kind}POD {limit}"] = ratio(hits, hits + missed)
            found[f"{kind}FAR {limit}"] = ratio(false, hits + false)
    for km in FSS_KM:
        found[f"FSS {km} km"] = 1 - ratio(of(f"fss error {km}"), of(f"fss worst {km}"))
    n = of("count")
    found["RMSE"] = ratio(of("square"), n) ** 0.5
    found["CRPS"] = ratio(of("crps"), n)
    spread = [max(0.0, n * of(2 * name) - of(name) ** 2) for name in "xy"]
    found["correlation"] = ratio(n * of("xy") - of("x") * of("y"), (spread[0] * spread[1]) ** 0.5)
    return found


def reliability(total: np.ndarray) -> np.ndarray:
    """Of every class of the chance of 1 mm/h: the mean of what was said, how often it came (0..1),
    and of how many pixels, ``[3, 10]``; NaN where none was said."""
    said, came, count = (total[[COLUMNS[f"{name} {k}"] for k in range(CLASSES)]]
                         for name in ("said", "came", "class"))
    some = np.where(count > 0, count, np.nan)
    return np.stack([said / some, came / some, count])


def interval(
    events: Sequence[np.ndarray], measure: Callable[[np.ndarray], float], *, block: int = 4
) -> tuple[float, float, float]:
    """A measure of the total, with its 95 % interval: events are drawn again, and inside each of
    them blocks of starts that follow one another.

    Args:
        events: of every event rows ``[N, ...]``, in order of time.
        measure: of the sum of rows, ``[...]``.
    """
    rng = np.random.default_rng(0)
    blocks = [np.stack([rows[k : k + block].sum(0) for k in range(0, len(rows), block)])
              for rows in events if len(rows)]
    total = np.sum([one.sum(0) for one in blocks], 0)
    drawn = []
    for _ in range(_SAMPLES):
        chosen = [blocks[k] for k in rng.integers(0, len(blocks), len(blocks))]
        drawn.append(measure(np.sum(
            [one[rng.integers(0, len(one), len(one))].sum(0) for one in chosen], 0)))
    low, high = np.nanpercentile(drawn, [2.5, 97.5])
    return measure(total), float(low), float(high)
