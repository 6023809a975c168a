"""Where somebody may be: MediaPipe's detectors (BlazeFace, Bazarevsky et al. 2019).

A detector looks at a square picture and says, for anchors on grids of several strides, a score, a
box and a few key points relative to the anchor. The whole frame is letterboxed into that square; so
are windows of it, in which small people are large enough.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

Array = NDArray[np.float64]
_SAME = 0.3  # boxes that overlap more (intersection over union) are one


@dataclass(frozen=True)
class Detector:
    """What is known of one detector.

    side: of the picture that it looks at, px.
    layers: (stride px, anchors a cell), in the order of its outputs.
    score: what counts as found, 0..1.
    """

    graph: str
    side: int
    layers: tuple[tuple[int, int], ...]
    score: float

    @cached_property
    def anchors(self) -> Array:
        """Centres ``[A, 2]`` (x, y) in px of its picture, row by row of every grid."""
        centres = []
        for stride, count in self.layers:
            cells = (np.arange(-(-self.side // stride)) + 0.5) * stride
            y, x = np.meshgrid(cells, cells, indexing="ij")
            centres.append(np.stack([x, y], -1).reshape(-1, 2).repeat(count, 0))
        return np.concatenate(centres)


@dataclass(frozen=True, eq=False)
class Detections:
    """Surest first. scores ``[n]`` 0..1; boxes ``[n, 4]`` (left, top, right, bottom) and points
    ``[n, k, 2]`` in px of the frame."""

    scores: Array
    boxes: Array
    points: Array

    def __len__(self) -> int:
        return len(self.scores)


def detect(
    session: onnxruntime.InferenceSession, detector: Detector, frame: NDArray[np.uint8],
    windows: NDArray,
) -> Detections:
    """What is found in the windows ``[m, 4]`` (left, top, right, bottom, px) of a frame."""
    pictures = np.empty((len(windows), detector.side, detector.side, 3), np.uint8)
    corners = np.empty((len(windows), 3))  # left, top, and px of the frame in one of the picture
    for k, window in enumerate(windows):
        pictures[k], corners[k] = letterbox(frame, window, detector.side)
    values, logits = session.run(["boxes", "scores"], {"pixels": pictures})
    return decode(detector, values, logits[..., 0], corners)


def letterbox(
    frame: NDArray[np.uint8], window: NDArray, side: int,
) -> tuple[NDArray[np.uint8], tuple[float, float, float]]:
    """A window of the frame in the middle of a black square, and (left, top, scale) that lead back:
    x of the frame = left + scale * x of the square."""
    height, width = frame.shape[:2]
    left, top = np.maximum(np.floor(window[:2]).astype(int), 0)
    right, bottom = np.minimum(np.ceil(window[2:]).astype(int), (width, height))
    part = frame[top:bottom, left:right]
    scale = max(part.shape[:2]) / side
    inner = [max(1, round(length / scale)) for length in part.shape[1::-1]]
    x, y = ((side - length) // 2 for length in inner)
    picture = np.zeros((side, side, 3), np.uint8)
    picture[y:y + inner[1], x:x + inner[0]] = cv2.resize(
        part, inner, interpolation=cv2.INTER_AREA if scale > 1 else cv2.INTER_LINEAR)
    return picture, (left - x * scale, top - y * scale, scale)


def decode(detector: Detector, values: NDArray, logits: NDArray, corners: NDArray) -> Detections:
    """Values ``[m, A, 4 + 2 k]`` (x, y, width, height, points; px from the anchor) and logits
    ``[m, A]`` of m windows with ``corners`` ``[m, 3]`` -> what is found in the frame."""
    scores = 1 / (1 + np.exp(-np.clip(logits.astype(np.float64), -100, 100)))
    window, anchor = np.nonzero(scores >= detector.score)
    found = values[window, anchor].astype(np.float64)
    found = found.reshape(len(window), values.shape[2] // 2, 2)
    found[:, [0, *range(2, found.shape[1])]] += detector.anchors[anchor][:, None]
    offset, scale = corners[window, None, :2], corners[window, None, 2:]
    half = found[:, 1:2] / 2
    box = np.concatenate([found[:, :1] - half, found[:, :1] + half], 1) * scale + offset
    return merged(Detections(scores[window, anchor], box.reshape(-1, 4),
                             found[:, 2:] * scale + offset))


def merged(found: Detections) -> Detections:
    """Boxes that overlap the surest of them become one: their mean, weighted by score."""
    order = np.argsort(-found.scores, kind="stable")
    scores, rows = [], []
    flat = np.hstack([found.boxes, found.points.reshape(len(found), found.points.shape[1] * 2)])
    while len(order):
        same = overlap(found.boxes[order[:1]], found.boxes[order])[0] > _SAME
        same[0] = True
        group, order = order[same], order[~same]
        scores.append(found.scores[group[0]])
        rows.append(np.average(flat[group], axis=0, weights=found.scores[group]))
    flat = np.array(rows).reshape(len(rows), flat.shape[1])
    return Detections(np.array(scores), flat[:, :4], flat[:, 4:].reshape(len(rows), -1, 2)
                      if rows else found.points[:0])


def overlap(one: NDArray, other: NDArray) -> Array:
    """Intersection over union of boxes ``[n, 4]`` and ``[m, 4]``: ``[n, m]``."""
    low = np.maximum(one[:, None, :2], other[None, :, :2])
    high = np.minimum(one[:, None, 2:], other[None, :, 2:])
    shared = np.clip(high - low, 0, None).prod(-1)
    areas = [np.clip(boxes[:, 2:] - boxes[:, :2], 0, None).prod(-1) for boxes in (one, other)]
    return shared / np.maximum(areas[0][:, None] + areas[1][None] - shared, 1e-9)
