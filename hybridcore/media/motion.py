"""How the camera moves, from one frame to the next.

The strongest corner (Shi & Tomasi 1994) of every cell of a grid is followed by pyramidal
Lucas-Kanade flow (Bouguet 2001), and a similarity transform is fitted to them robustly (RANSAC).
Every cell has one vote, however much texture it holds, so that a car with many corners does not
outvote the road behind it; and a cell counts for the fit only if it moved as the fit says rather
than stood still. What moves before a camera that stands, however large, leaves cells that stand.
"""

from __future__ import annotations

import cv2
import numpy as np

GRID = 10  # cells along each side
FLATTEST = 2e-4  # smaller eigenvalue from which a cell has a corner; noise stays below
MIN_CORNERS = 30  # fewer do not cover the picture, and tell nothing
MIN_SHARE = 0.6  # of the cells that must move as one
NEAR = 1.0  # px from where the fit puts a corner
_BLOCK = 5  # px, side of what a corner is seen in


class CameraMotion:
    """Feed it frames in order; it remembers the last one.

    :meth:`step` gives, for each frame, how the picture moved since the frame before: to the right
    and down (as a share of the frame's sides), and how much it grew (0.01 is one percent). Zeros
    where nothing can be told: the first frame, a cut, a flat picture.
    """

    def __init__(self) -> None:
        self._before: np.ndarray | None = None

    def step(self, frames: np.ndarray) -> np.ndarray:
        """uint8 ``[N, H, W, 3]`` -> float32 ``[N, 3]``: right, down, growth."""
        return np.stack([self._compare(frame) for frame in frames])

    def _compare(self, frame: np.ndarray) -> np.ndarray:
        grey = cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY)
        before, self._before = self._before, grey
        still = np.zeros(3, np.float32)
        if before is None:
            return still
        corners = corner_of_each_cell(before)
        if len(corners) < MIN_CORNERS:
            return still
        moved, found, _ = cv2.calcOpticalFlowPyrLK(before, grey, corners, None)
        seen = found.ravel() == 1
        if seen.sum() < MIN_CORNERS:
            return still
        fit, _ = cv2.estimateAffinePartial2D(
            corners[seen], moved[seen], ransacReprojThreshold=NEAR / 2)
        if fit is None or share_for(fit, corners[seen], moved[seen]) < MIN_SHARE:
            return still
        height, width = grey.shape
        middle = np.array([width / 2, height / 2])
        shift = fit[:, :2] @ middle + fit[:, 2] - middle
        growth = np.log(np.hypot(fit[0, 0], fit[1, 0]))
        return np.array([shift[0] / width, shift[1] / height, growth], np.float32)


def corner_of_each_cell(grey: np.ndarray) -> np.ndarray:
    """The strongest corner of every cell that has one, float32 ``[n, 2]`` (x, y), of uint8
    ``[H, W]``."""
    height, width = grey.shape[0] // GRID, grey.shape[1] // GRID
    strength = cv2.cornerMinEigenVal(grey, _BLOCK)[: GRID * height, : GRID * width]
    cells = strength.reshape(GRID, height, GRID, width).swapaxes(1, 2).reshape(GRID * GRID, -1)
    best = cells.argmax(1)
    row, column = np.divmod(np.arange(GRID * GRID), GRID)
    corners = np.stack([column * width + best % width, row * height + best // width], 1)
    return corners[cells.max(1) > FLATTEST].astype(np.float32)


def share_for(fit: np.ndarray, corners: np.ndarray, moved: np.ndarray) -> float:
    """Share of corners ``[n, 2]`` that are, ``moved [n, 2]``, where a similarity ``fit [2, 3]``
    puts them, and nearer to that than to where they were."""
    expected = corners @ fit[:, :2].T + fit[:, 2]
    off = np.linalg.norm(moved - expected, axis=1)
    away = np.linalg.norm(moved - corners, axis=1)
    return float(((off < NEAR) & (off <= away)).mean())


def describe_motion(motion: np.ndarray, seconds: float) -> str:
    """Words for the camera over a segment: ``motion [N, 3]`` of its frames, its length in seconds.

    The camera pans right when the picture moves left. Empty if the camera is still.
    """
    if seconds <= 0 or len(motion) < 4:
        return ""
    right, down, growth = motion.sum(0) / seconds  # a second
    shake = float(np.abs(np.diff(motion[:, :2], axis=0)).mean() * len(motion) / seconds)
    words = []
    if abs(right) > 0.04:
        words.append("pans left" if right > 0 else "pans right")
    if abs(down) > 0.04:
        words.append("tilts up" if down > 0 else "tilts down")
    if abs(growth) > 0.04:
        words.append("zooms in" if growth > 0 else "zooms out")
    if not words and shake > 0.12:
        words.append("shakes")
    return f"camera {' and '.join(words)}" if words else ""
