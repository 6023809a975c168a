"""Sunlight on a height field: normals, cast shadows, sky light."""

from __future__ import annotations

import cv2
import numpy as np


def sun_direction(azimuth: float, elevation: float) -> np.ndarray:
    """Unit vector towards the sun; degrees clockwise from north and above the horizon."""
    a, e = np.deg2rad(azimuth), np.deg2rad(elevation)
    return np.array([np.sin(a) * np.cos(e), np.cos(a) * np.cos(e), np.sin(e)], np.float32)


def normals(height: np.ndarray, cell: float) -> np.ndarray:
    """Unit normals of a periodic height field in m, ``cell`` m a grid step: ``[N, N, 3]``."""
    slope_x = (np.roll(height, -1, 1) - np.roll(height, 1, 1)) / (2 * cell)
    slope_y = (np.roll(height, -1, 0) - np.roll(height, 1, 0)) / (2 * cell)
    normal = np.stack([-slope_x, -slope_y, np.ones_like(height)], -1)
    return normal / np.linalg.norm(normal, axis=-1, keepdims=True)


def cast_shadow(height: np.ndarray, cell: float, sun: np.ndarray) -> np.ndarray:
    """Share of the sun that reaches each cell, 0..1: ``[N, N]``.

    Walks towards the sun and asks whether the ground ever rises above the ray; doubling steps
    keep the walk short. The soft edge stands for the width of the sun and for stray light.
    """
    size = len(height)
    flat = np.hypot(sun[0], sun[1])
    climb = sun[2] / flat
    lit = np.ones_like(height)
    distance = 1.5 * cell
    relief = float(height.max() - height.min())
    while distance * climb < relief:
        shift = np.array(sun[:2]) / flat * distance / cell
        matrix = np.array([[1, 0, shift[0]], [0, 1, shift[1]]], np.float32)
        there = cv2.warpAffine(
            height, matrix, (size, size), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_WRAP,
        )
        gap = height + distance * climb - there
        lit = np.minimum(lit, np.clip(gap / (0.03 * distance + 0.3 * cell) + 0.7, 0, 1))
        distance *= 1.06
        distance += 0.2 * cell
    return lit


def openness(height: np.ndarray, cell: float, radius: float) -> np.ndarray:
    """How much sky a cell sees, 0.3..1, judged by its height against that around it: ``[N, N]``.

    radius: m.
    """
    around = _mean_around(height, radius / cell)
    return np.clip(0.8 + (height - around) / radius, 0.3, 1.0)


def _mean_around(height: np.ndarray, sigma: float) -> np.ndarray:
    """Periodic Gaussian mean with ``sigma`` in cells; a wide one is computed on a coarser grid."""
    factor = 2 ** max(0, int(np.log2(max(sigma / 2, 1))))
    small = cv2.resize(height, None, fx=1 / factor, fy=1 / factor, interpolation=cv2.INTER_AREA)
    edge = min(len(small), int(4 * sigma / factor) + 1)
    padded = cv2.GaussianBlur(np.pad(small, edge, mode="wrap"), (0, 0), sigma / factor)
    small = np.ascontiguousarray(padded[edge:-edge, edge:-edge])
    return cv2.resize(small, height.shape[::-1], interpolation=cv2.INTER_CUBIC)
