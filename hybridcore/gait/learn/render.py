"""Silhouettes of a body of capsules before a camera: projection, then one polygon a capsule."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from hybridcore.gait.learn.body import Capsules

_ARC = 7  # points of each rounded end
_FIXED = 4  # fractional bits of OpenCV's polygon corners


@dataclass(frozen=True)
class Camera:
    """A pinhole camera that looks level at the walker's middle.

    view: degrees between where the walker goes and where the camera stands: 0 walks towards it,
    90 across with the right side to it (and to the right in the picture), 180 away from it.
    distance and height (above the pelvis): metres. scale: pixels a metre at that distance.
    """

    view: float
    distance: float = 5.0
    height: float = 0.3
    scale: float = 52.0

    @property
    def axes(self) -> np.ndarray:
        """Rows right, up, towards the camera: float32 ``[3, 3]``, of a camera tilted at the
        pelvis."""
        azimuth, tilt = math.radians(self.view), math.atan2(self.height, self.distance)
        ahead = np.array([math.cos(azimuth), 0, math.sin(azimuth)])
        right = np.array([math.sin(azimuth), 0, -math.cos(azimuth)])
        towards = ahead * math.cos(tilt) + np.array([0, math.sin(tilt), 0])
        return np.stack([right, np.cross(towards, right), towards]).astype(np.float32)

    def project(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Points ``[..., 3]`` in metres -> pixels ``[..., 2]`` around the pelvis (right, down), and
        pixels a metre there ``[...]``."""
        projected = points @ self.axes.T
        scale = self.scale * self.distance / (self.distance - projected[..., 2])
        return projected[..., :2] * scale[..., None] * np.array([1, -1], np.float32), scale


def outlines(capsules: Capsules, camera: Camera) -> np.ndarray:
    """The outline of every capsule, float32 ``[T, M, 14, 2]``, pixels around the pelvis."""
    centres, scale = camera.project(capsules.ends)  # [T, M, 2, 2], [T, M, 2]
    return outline(centres, capsules.projected_radii(math.radians(camera.view)) * scale)


def outline(centres: np.ndarray, radii: np.ndarray) -> np.ndarray:
    """Outlines ``[..., 14, 2]`` of flat capsules: ``centres [..., 2, 2]``, ``radii [..., 2]``."""
    along = centres[..., 1, :] - centres[..., 0, :]
    angle = np.arctan2(along[..., 1], along[..., 0])
    arc = np.linspace(math.pi / 2, 3 * math.pi / 2, _ARC, dtype=np.float32)
    turned = angle[..., None] + np.concatenate([arc, arc + math.pi])
    rim = np.stack([np.cos(turned), np.sin(turned)], -1)
    return np.repeat(centres, _ARC, -2) + rim * np.repeat(radii, _ARC, -1)[..., None]


def fill(picture: np.ndarray, shapes: np.ndarray, value: int = 255) -> None:
    """Fill outlines ``[M, K, 2]`` (x, y, in pixels) into uint8 ``[H, W]``."""
    for corners in np.round(shapes * 2**_FIXED).astype(np.int32):
        cv2.fillConvexPoly(picture, corners, value, cv2.LINE_8, _FIXED)


def silhouettes(capsules: Capsules, camera: Camera, height: int = 112, width: int = 96) \
        -> np.ndarray:
    """Masks uint8 ``[T, height, width]``, 0 or 255, with the walker in the middle."""
    shapes = outlines(capsules, camera)
    middle = (shapes.min((1, 2)) + shapes.max((1, 2))) / 2  # of each frame: [T, 2]
    shapes = shapes + (np.array([width - 1, height - 1], np.float32) / 2 - middle)[:, None, None]
    masks = np.zeros((len(shapes), height, width), np.uint8)
    for mask, frame in zip(masks, shapes, strict=True):
        fill(mask, frame)
    return masks
