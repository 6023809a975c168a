"""Figures of points and lines drawn into a frame."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray


def rgb(code: str) -> tuple[int, int, int]:
    """A CSS colour ``#rrggbb`` as numbers."""
    red, green, blue = bytes.fromhex(code.removeprefix("#"))
    return red, green, blue


def draw_figure(
    frame: NDArray[np.uint8], points: NDArray, edges: Sequence[tuple[int, int]],
    colour: tuple[int, int, int],
) -> None:
    """Draw points ``[k, 2]``, px, and the lines between them on uint8 ``[h, w, 3]``, in place; a
    point that is NaN, and lines to it, are left out."""
    thick = max(1, frame.shape[0] // 240)
    seen = np.isfinite(points).all(-1)
    places = np.round(np.where(seen[:, None], points, 0)).astype(int).tolist()
    for a, b in edges:
        if seen[a] and seen[b]:
            cv2.line(frame, places[a], places[b], colour, thick, cv2.LINE_AA)
    for place in np.flatnonzero(seen):
        cv2.circle(frame, places[place], thick + 1, colour, -1, cv2.LINE_AA)
