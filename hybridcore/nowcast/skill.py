"""How right every method is on this very clip, where what followed is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from hybridcore.nowcast.result import NowcastResult
from hybridcore.nowcast.scores import COLUMNS as _SUMS
from hybridcore.nowcast.scores import Forecast, scores, sums_of
from hybridcore.nowcast.scores import reliability as reliability_of
from hybridcore.nowcast.view import NowcastAnswer

_PIXEL = 2.0  # km, of a map that says no scale
# Columns of the table, and what they are called by hybridcore.nowcast.scores.
_SHOWN = {"rmse_mm_h": "RMSE", "correlation": "correlation", "crps_mm_h": "CRPS",
          "fss_10_km": "FSS 10 km", "fss_20_km": "FSS 20 km"}
COLUMNS = ("model", "lead_min", "threshold_mm_h", "csi", "pod", "far", *_SHOWN, "pixels")


def methods(answer: NowcastAnswer) -> dict[str, NowcastResult]:
    """What every kind says, under the options of the answer."""
    options = {option.key: answer.options[option.key] for option in answer.system.options
               if not option.rerun}
    return {kind.key: answer.result if kind.key == answer.kind else answer.model.finish(
        answer.outputs, answer.source, kind.key, **options) for kind in answer.system.kinds}


def is_known(result: NowcastResult) -> bool:
    """Whether anything that followed is known."""
    return bool(len(result.truth)) and not np.isnan(result.truth).all()


def sums(result: NowcastResult, among: np.ndarray | None = None) -> list[np.ndarray]:
    """A row of sums of :mod:`hybridcore.nowcast.scores` for every lead of which the truth is known.

    among: the pixels that are judged, bool ``[S, H, W]``; None: all that are known.
    """
    return [
        sums_of(Forecast(result.mean[k], result.exceed[k] / np.float32(255)
                         if result.has_chances else None), truth,
                result.source.pixel_km or _PIXEL, among=None if among is None else among[k])
        for k, truth in enumerate(result.truth)]


def skills(answer: NowcastAnswer) -> dict[str, list[dict[str, float]]]:
    """The scores of every method at every lead, over the pixels that all of them know; empty where
    nothing that followed is known."""
    if not is_known(answer.result):
        return {}
    results = methods(answer)
    known = np.all([~np.isnan(result.mean) for result in results.values()], 0)
    return {key: [{**scores(row), "pixels": float(row[_SUMS["count"]])}
                  for row in sums(result, known)] for key, result in results.items()}


def table(answer: NowcastAnswer, found: Mapping[str, Sequence[Mapping[str, float]]]
          ) -> list[dict[str, object]]:
    """Skills as rows: a method and a lead each, of rain of at least the threshold."""
    result: NowcastResult = answer.result
    limit = _limit(result)
    rows: list[dict[str, object]] = []
    for key, leads in found.items():
        for k, one in enumerate(leads):
            named = {name: one[f"{name.upper()} {limit}"] for name in ("csi", "pod", "far")}
            named |= {column: one[name] for column, name in _SHOWN.items()}
            rows.append({"model": key, "lead_min": round(float(result.leads[k]), 2),
                         "threshold_mm_h": result.threshold,
                         **{name: _number(value) for name, value in named.items()},
                         "pixels": int(one["pixels"])})
    return rows


def csi(result: NowcastResult, leads: Sequence[Mapping[str, float]]) -> np.ndarray:
    """The critical success index at every lead, of rain of at least the threshold."""
    return np.array([one[f"CSI {_limit(result)}"] for one in leads])


def reliability(answer: NowcastAnswer) -> np.ndarray | None:
    """What was said of 1 mm/h or more, how often it came, and of how many pixels, over all leads,
    ``[3, 10]``; None where nothing that followed is known, or no chances are said."""
    result: NowcastResult = answer.result
    if not result.has_chances or not is_known(result):
        return None
    found = reliability_of(np.sum(sums(result), 0))
    return found[:, found[2] > 0]


def _limit(result: NowcastResult) -> str:
    """The threshold as :mod:`hybridcore.nowcast.scores` names it."""
    return str(result.threshold)


def _number(value: float) -> float | str:
    return "" if np.isnan(value) else round(float(value), 4)
