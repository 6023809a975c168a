"""A picture of a height field under a sky, with or without a sea."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tools.scene.render.camera import Camera, level_view, rays
from tools.scene.render.heightfield import HeightField
from tools.scene.render.sky import Sky
from tools.scene.render.water import Sea


@dataclass(frozen=True)
class Landscape:
    """grain: relief too fine for the field: tile, float32 ``[N, N]`` around zero, laid over the
    ground at 1/16 of the field's cell so that near ground is not smooth. sea: at height zero.
    """

    ground: HeightField
    sky: Sky
    grain: np.ndarray | None = None
    sea: Sea | None = None

    def render(self, camera: Camera, height: int, width: int, time: float) -> np.ndarray:
        """Radiance, float32 ``[height, width, 3]``; time (s) moves clouds and waves."""
        view = level_view(camera, height, width)
        level = view.camera
        directions = rays(level, view.height, view.width)
        # Depth is along the axis; the ray to a pixel off the axis is longer.
        stretch = 1 / (directions @ level.axes()[2].astype(np.float32))
        floor = None if self.sea is None else 0.0
        depth = self.ground.depth(level, view.height, view.width, floor=floor)
        sky = np.isinf(depth)
        distance = np.where(sky, 0, depth) * stretch
        place = level.position + directions * distance[..., None]
        colour = self.ground.sample(self.ground.colour, place[..., 0], place[..., 1])
        if self.grain is not None:
            colour = colour * (1 + self._grain(place, distance))[..., None]
        if self.sea is not None:
            colour = self.sea.over(colour, self.ground, self.sky, place, directions, distance, time)
        colour = self.sky.veil(colour, distance, directions)
        if sky.any():
            end = int(np.flatnonzero(sky.any(1))[-1]) + 1  # no sky below this row
            above = self.sky.colour(directions[:end], drift=0.01 * time)
            colour[:end] = np.where(sky[:end, :, None], above, colour[:end])
        return view.turn(colour, height, width)

    def _grain(self, place: np.ndarray, distance: np.ndarray) -> np.ndarray:
        """Brightness of the fine relief, fading out where a pixel covers many of its cells."""
        assert self.grain is not None
        cell = self.ground.cell
        fine = self.ground.sample(self.grain, place[..., 0] * 16, place[..., 1] * 16)
        coarse = self.ground.sample(self.grain, place[..., 1] * 3.1, place[..., 0] * 3.1)
        return fine * np.exp(-distance / (25 * cell)) + coarse * np.exp(-distance / (140 * cell))
