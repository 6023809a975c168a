"""A pinhole camera: rays through its pixels, and pictures turned about its centre."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

_MARGIN = 1.16  # a level picture is rendered this much wider, so that turning it leaves no gap


@dataclass(frozen=True)
class Camera:
    """x, y, z: position, m. yaw: degrees clockwise from north; pitch: degrees above the horizon;
    roll: degrees, clockwise. field: horizontal field of view, degrees.
    """

    x: float
    y: float
    z: float
    yaw: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0
    field: float = 60.0

    @property
    def position(self) -> np.ndarray:
        """float32 ``[3]``, m."""
        return np.array([self.x, self.y, self.z], np.float32)

    def focal(self, width: int) -> float:
        """Focal length in pixels of a picture ``width`` pixels wide."""
        return width / 2 / np.tan(np.deg2rad(self.field) / 2)

    def axes(self) -> np.ndarray:
        """Rows right, down and forward, each a unit vector in world coordinates: ``[3, 3]``."""
        yaw = np.deg2rad(self.yaw)
        level = np.array([
            [np.cos(yaw), -np.sin(yaw), 0], [0, 0, -1], [np.sin(yaw), np.cos(yaw), 0],
        ])
        return _tilt(self.pitch, self.roll) @ level


def _tilt(pitch: float, roll: float) -> np.ndarray:
    """Rotation ``[3, 3]`` from level camera coordinates (right, down, forward) to tilted ones."""
    p, r = np.deg2rad(pitch), np.deg2rad(roll)
    up = np.array([[1, 0, 0], [0, np.cos(p), np.sin(p)], [0, -np.sin(p), np.cos(p)]])
    turn = np.array([[np.cos(r), np.sin(r), 0], [-np.sin(r), np.cos(r), 0], [0, 0, 1]])
    return turn @ up


def rays(camera: Camera, height: int, width: int) -> np.ndarray:
    """Unit directions through the pixels in world coordinates: float32 ``[height, width, 3]``."""
    focal = camera.focal(width)
    y, x = np.mgrid[:height, :width].astype(np.float32)
    local = np.stack([
        (x - (width - 1) / 2) / focal, (y - (height - 1) / 2) / focal, np.ones_like(x)
    ], -1)
    local /= np.linalg.norm(local, axis=-1, keepdims=True)
    return (local @ camera.axes().astype(np.float32)).astype(np.float32)


@dataclass(frozen=True)
class LevelView:
    """A level camera whose picture covers that of a tilted one; see :func:`level_view`."""

    camera: Camera
    height: int
    width: int
    homography: np.ndarray

    def turn(self, picture: np.ndarray, height: int, width: int) -> np.ndarray:
        """The picture of the level camera ``[h, w, 3]`` as the tilted one: its own size."""
        return cv2.warpPerspective(
            picture, self.homography, (width, height),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REPLICATE,
        )


def level_view(camera: Camera, height: int, width: int) -> LevelView:
    """The level camera at the same place with room for ``camera``'s pitch and roll.

    Pictures taken from one point with different orientations are related by the homography
    ``K R K'^-1`` (Hartley & Zisserman, Multiple View Geometry, section 8.4.2).
    """
    focal = camera.focal(width)
    rise = focal * np.tan(np.deg2rad(abs(camera.pitch)))
    big_width = round(width * _MARGIN)
    big_height = round(height * _MARGIN + 2 * rise + width * abs(np.sin(np.deg2rad(camera.roll))))
    field = 2 * np.rad2deg(np.arctan(big_width / 2 / focal))
    small = _intrinsics(focal, height, width)
    big = _intrinsics(focal, big_height, big_width)
    homography = big @ _tilt(camera.pitch, camera.roll).T @ np.linalg.inv(small)
    return LevelView(
        replace(camera, pitch=0.0, roll=0.0, field=float(field)), big_height, big_width, homography
    )


def _intrinsics(focal: float, height: int, width: int) -> np.ndarray:
    return np.array([[focal, 0, (width - 1) / 2], [0, focal, (height - 1) / 2], [0, 0, 1]])


def tremor(length: int, rng: np.random.Generator, *, degrees: float = 0.25) -> np.ndarray:
    """Hand shake: smooth random yaw, pitch and roll, degrees, float64 ``[length, 3]``."""
    kernel = np.hanning(13) / np.linalg.norm(np.hanning(13))
    white = rng.normal(0, degrees, (length + 12, 3))
    return np.stack([np.convolve(white[:, i], kernel, "valid") for i in range(3)], 1)
