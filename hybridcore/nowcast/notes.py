"""What a person should know of a forecast, a sentence each."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from hybridcore.nowcast.advect import advect
from hybridcore.nowcast.moving import repeated
from hybridcore.nowcast.result import WET, NowcastResult
from hybridcore.nowcast.view import NowcastAnswer
from hybridcore.text import percent

_ALIKE = 0.5  # correlation of rain and moved rain under which the motion is unclear
_BLUR = 2.0  # px: single cells come and go
_LITTLE = 0.002  # of the map
_MUCH = 0.1  # of the map


def notes(answer: NowcastAnswer) -> Sequence[str]:
    """Whether an hour is kept back, how well the motion is seen, and what cannot be known."""
    result: NowcastResult = answer.result
    found = []
    if result.hidden:
        found.append(
            f"The last {result.hidden:.0f} min of the file are kept from the forecast, so that it "
            "stands beside what fell. Under Options, “Kept back” 0 min gives the hour after the "
            "file.")
    if not _rain(result).any():
        return [*found, "It rains nowhere on the map now, so there is nothing to move on; showers "
                        "that are yet to form are not foreseen."]
    alike = agreement(result)
    if alike is not None and alike < _ALIKE:
        found.append(
            f"The motion is unclear: the rain of {result.source.step:.0f} min ago, moved on, is "
            f"like that of now with a correlation of {alike:.2f} only, so the forecast is weak.")
    if result.source.pixel_km is None:
        found.append("The file says no scale, so distances are in pixels (px); the networks "
                     "learned from pixels of 2 km.")
    if missing := repeated(result.source.minutes[: result.now + 1]):
        found.append(f"The networks read the last half hour; {missing} of the 4 fields that they "
                     "read are older than the file, whose first field stands in for them.")
    unknown = np.isnan(result.mean[-1]) & ~np.isnan(result.observed[-1])
    if unknown.mean() > _MUCH:
        found.append(
            f"After {result.leads[-1]:.0f} min the rain of {percent(float(unknown.mean()))} of the "
            "map comes from outside it: nothing is known there, and it is grey.")
    return found


def agreement(result: NowcastResult) -> float | None:
    """The correlation of the last field with the one before it, moved on, both a little blurred and
    as logarithms; None where there is too little rain for one."""
    if result.now == 0 or _rain(result).mean() < _LITTLE:
        return None
    moved = advect(result.observed[-2], result.velocity, result.source.step)
    known = ~np.isnan(moved) & ~np.isnan(result.observed[-1])
    one, other = (cv2.GaussianBlur(np.log1p(np.nan_to_num(field) / WET), (0, 0), _BLUR)[known]
                  for field in (moved, result.observed[-1]))
    if one.std() == 0 or other.std() == 0:
        return 0.0
    return float(np.corrcoef(one, other)[0, 1])


def _rain(result: NowcastResult) -> np.ndarray:
    return np.nan_to_num(result.observed[-1]) >= WET
