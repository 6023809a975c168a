"""How the camera moves, from one frame to the next.

Corners (Shi & Tomasi 1994) are followed by pyramidal Lucas-Kanade flow (Bouguet 2001), and a
similarity transform is fitted to them robustly (RANSAC), so that a person walking through the
picture does not count as a pan.
"""

from __future__ import annotations

import cv2
import numpy as np

CORNERS = 80
MIN_CORNERS = 12  # fewer tell nothing
MIN_SHARE = 0.5  # of the corners that must move as one


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
        corners = cv2.goodFeaturesToTrack(before, CORNERS, qualityLevel=0.02, minDistance=8)
        if corners is None or len(corners) < MIN_CORNERS:
            return still
        moved, found, _ = cv2.calcOpticalFlowPyrLK(before, grey, corners, None)
        seen = found.ravel() == 1
        if seen.sum() < MIN_CORNERS:
            return still
        fit, agree = cv2.estimateAffinePartial2D(
            corners[seen], moved[seen], ransacReprojThreshold=1.0
        )
        if fit is None or agree.mean() < MIN_SHARE:
            return still
        height, width = grey.shape
        middle = np.array([width / 2, height / 2])
        shift = fit[:, :2] @ middle + fit[:, 2] - middle
        growth = np.log(np.hypot(fit[0, 0], fit[1, 0]))
        return np.array([shift[0] / width, shift[1] / height, growth], np.float32)


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
