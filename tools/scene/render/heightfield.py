"""A periodic height field and where the rays of a level camera meet it.

All pixels of a column of a level camera look along one vertical plane. So the ground under a
column is sampled once, front to back, and a pixel sees the first sample whose elevation reaches
its own: the running maximum of the elevation is searched, which is exact and needs no ray marching
(the "voxel space" idea of landscape flight games of the 1990s, with a search for their loop).
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from tools.scene.render.camera import Camera

_SAMPLES = 1100
_NEAR = 2.0  # m


@dataclass(frozen=True)
class HeightField:
    """height: float32 ``[N, N]``, m, rows to the north, columns to the east, periodic;
    colour: float32 ``[N, N, 3]``, radiance (light included: the surface is matte);
    cell: m a grid step; far: how far is rendered, m.
    """

    height: np.ndarray
    colour: np.ndarray
    cell: float
    far: float

    def sample(self, field: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """``field`` (height, colour or one like them) at places in m, ``[h, w]`` each."""
        size = len(field)
        return cv2.remap(
            field, np.mod(x / self.cell, size).astype(np.float32),
            np.mod(y / self.cell, size).astype(np.float32), cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_WRAP,
        )

    def depth(self, camera: Camera, height: int, width: int, *, floor: float | None = None) \
            -> np.ndarray:
        """Depth along the viewing axis, m, of what each pixel sees, infinite in the sky.

        camera: level. floor: the ground is nowhere lower (the sea). float32 ``[height, width]``.
        """
        focal = camera.focal(width)
        right, _, forward = camera.axes()
        across = (np.arange(width) - (width - 1) / 2) / focal
        rise = ((height - 1) / 2 - np.arange(height)) / focal  # tangent of the elevation
        steps = np.geomspace(_NEAR, self.far, _SAMPLES)[:, None]
        x = camera.x + steps * (forward[0] + across * right[0])
        y = camera.y + steps * (forward[1] + across * right[1])
        ground = self.sample(self.height, x, y)
        if floor is not None:
            ground = np.maximum(ground, floor)
        elevation = (ground - camera.z) / steps  # [samples, width]
        reached = np.maximum.accumulate(elevation, 0)
        # One search for all columns: each is lifted above the one before it.
        limit = 2 * max(1.0, float(np.abs(rise).max()))
        lift = 2 * limit * np.arange(width)
        table = (np.clip(reached, -limit, limit) + lift).T.ravel()
        wanted = (rise[:, None] + lift).ravel()
        first = np.searchsorted(table, wanted).reshape(height, width)
        first = first - _SAMPLES * np.arange(width)
        hit = np.clip(first, 1, _SAMPLES - 1)
        column = np.arange(width)
        below, above = elevation[hit - 1, column], elevation[hit, column]
        share = np.clip((rise[:, None] - below) / np.maximum(above - below, 1e-9), 0, 1)
        distance = steps[hit - 1, 0] + share * (steps[hit, 0] - steps[hit - 1, 0])
        return np.where(first >= _SAMPLES, np.inf, distance).astype(np.float32)
