"""How the picture moves between two frames: dense optical flow, its statistics, its picture.

Flow is Dense Inverse Search (Kroeger et al., ECCV 2016) in heights of the frame a second, so that
it means the same at every size and frame rate: float32 ``[h, w, 2]``, right and down.
"""

from __future__ import annotations

import cv2
import numpy as np

HEIGHT = 128  # px at which flow is found
_SPEEDS = np.array([0, 0.02, 0.05, 0.1, 0.2, 0.35, 0.6, 1.0, 1.6, 2.5, np.inf])  # heights a second
_DIRECTIONS = 8
_GRID = (6, 4)  # columns and rows over which the strongest motion is looked for
_FULL = 2.0  # heights a second that are drawn as strongest
STATISTICS = 52


class OpticalFlow:
    """Feed it frames in order; it remembers the last one and the flow that led to it."""

    def __init__(self) -> None:
        self._search = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_FAST)
        self._before: np.ndarray | None = None
        self._flow: np.ndarray | None = None
        self._time = 0.0

    def step(self, frame: np.ndarray, time: float) -> tuple[np.ndarray, np.ndarray]:
        """Flow from the frame before to this one, and its statistics.

        Args:
            frame: uint8 ``[H, W, 3]`` RGB, aspect ratio kept, always of one size.
            time: s, later than that of the frame before.

        Returns:
            Flow ``[HEIGHT, w, 2]``, zeros for the first frame; float32 ``[STATISTICS]``.
        """
        width = max(16, round(frame.shape[1] / frame.shape[0] * HEIGHT / 8) * 8)
        grey = cv2.resize(
            cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY), (width, HEIGHT), interpolation=cv2.INTER_AREA)
        before, self._before = self._before, grey
        flow = np.zeros((*grey.shape, 2), np.float32)
        if before is not None:
            flow = self._search.calc(before, grey, None) / np.float32(
                HEIGHT * max(time - self._time, 1e-3))
        change = flow - self._flow if self._flow is not None else np.zeros_like(flow)
        self._flow, self._time = flow, time
        return flow, statistics(flow, change)


def statistics(flow: np.ndarray, change: np.ndarray) -> np.ndarray:
    """float32 ``[STATISTICS]`` of a flow ``[h, w, 2]`` and its change since the step before.

    Share of pixels in ten bins of speed, speed in eight directions, percentiles of speed, speeds of
    a 6 x 4 grid from the fastest cell on, percentiles of the change, stretch and turn.
    """
    speed = np.hypot(flow[..., 0], flow[..., 1])
    direction = np.arctan2(flow[..., 1], flow[..., 0])
    stretch = np.abs(np.gradient(flow[..., 0], axis=1) + np.gradient(flow[..., 1], axis=0))
    turn = np.abs(np.gradient(flow[..., 1], axis=1) - np.gradient(flow[..., 0], axis=0))
    cells = cv2.resize(speed, _GRID, interpolation=cv2.INTER_AREA).ravel()
    return np.concatenate([
        np.histogram(speed, _SPEEDS)[0] / speed.size,
        np.histogram(direction, _DIRECTIONS, (-np.pi, np.pi), weights=speed)[0] / speed.size,
        np.percentile(speed, [50, 75, 90, 95, 99]),
        np.sort(cells)[::-1],
        np.percentile(np.hypot(change[..., 0], change[..., 1]), [50, 95, 99]),
        [stretch.mean(), turn.mean()],
    ]).astype(np.float32)


def liveliest(flow: np.ndarray) -> tuple[float, float, float, float]:
    """The square of half the height in which most moves: left, top, right and bottom, as shares of
    the frame's sides."""
    height, width = flow.shape[:2]
    side = min(height, width) // 2
    speed = np.minimum(np.hypot(flow[..., 0], flow[..., 1]), _FULL)
    mass = cv2.boxFilter(speed, -1, (side, side), borderType=cv2.BORDER_CONSTANT)
    y, x = np.unravel_index(int(mass.argmax()), mass.shape)
    left = int(np.clip(x - side // 2, 0, width - side)) / width
    top = int(np.clip(y - side // 2, 0, height - side)) / height
    return left, top, left + side / width, top + side / height


def draw(flow: np.ndarray) -> np.ndarray:
    """A flow as a picture, uint8 ``[h, w, 3]``: right, down and speed, grey where nothing moves.

    The root of the speed is drawn, so that slow motion is seen beside fast.
    """
    speed = np.hypot(flow[..., 0], flow[..., 1])[..., None]
    root = np.sqrt(np.minimum(speed / _FULL, 1))
    unit = flow / np.maximum(speed, 1e-6)
    return np.concatenate([128 + 127 * unit * root, 255 * root], 2).astype(np.uint8)
