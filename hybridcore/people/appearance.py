"""What a person wears, as a histogram of the colours of the torso: enough to tell two people apart
who cross, not to know somebody again another day."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from hybridcore.people.points import TORSO
from hybridcore.people.regions import to_region

_SIDE = 64  # px; of the crop that is counted
_HUES, _GREYS = 12, 6
BINS = _HUES + _GREYS
_COLOURED = 0.25  # saturation from which a hue means something
_LEAST = 30  # px of 64 x 64; fewer say nothing


def torso_colours(
    crop: NDArray[np.uint8], mask: NDArray[np.uint8], landmarks: NDArray, region: NDArray,
) -> NDArray[np.float64] | None:
    """Shares of hues, and of greys by lightness: ``[BINS]``, sum 1; None where no torso is seen.

    crop ``[s, s, 3]`` and mask ``[s, s]`` of a region ``[4]``; landmarks ``[33, >= 2]``, px.
    """
    small = cv2.resize(crop, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA)
    inside = cv2.resize(mask, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA) > 127
    corners = to_region(landmarks[None, TORSO, :2], region[None])[0] * _SIDE
    quad = np.zeros((_SIDE, _SIDE), np.uint8)
    cv2.fillConvexPoly(quad, np.round(corners).astype(np.int32), (1,))
    pixels = small[inside & (quad > 0)]
    if len(pixels) < _LEAST:
        return None
    hsv = cv2.cvtColor(pixels[None].astype(np.float32) / 255, cv2.COLOR_RGB2HSV)[0]
    hue = np.minimum((hsv[:, 0] / 360 * _HUES).astype(int), _HUES - 1)
    grey = _HUES + np.minimum((hsv[:, 2] * _GREYS).astype(int), _GREYS - 1)
    bins = np.where(hsv[:, 1] * hsv[:, 2] > _COLOURED * 0.5, hue, grey)
    return np.bincount(bins, minlength=BINS) / len(pixels)


def difference(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """Hellinger distance of two histograms, 0 (the same) to 1 (nothing in common)."""
    return float(np.sqrt(max(0.0, 1 - np.sqrt(one * other).sum())))
