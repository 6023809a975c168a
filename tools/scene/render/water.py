"""The sea: waves as a drifting normal map, Fresnel reflection of sky and land, colour by depth."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

from tools.scene.render.heightfield import HeightField
from tools.scene.render.noise import fractal
from tools.scene.render.sky import Sky

_TILE = 512
_MARCH = 32  # steps of a reflected ray


@dataclass(frozen=True)
class Sea:
    """deep, shallow: linear colours of the water; clarity: m of water through which the bottom
    is seen; chop: steepness of the waves; swell: size of the wave tile, m; foam: 0..1, surf
    along the shore; seed: of the waves.
    """

    deep: np.ndarray
    shallow: np.ndarray
    clarity: float = 4.0
    chop: float = 0.12
    swell: float = 60.0
    foam: float = 0.0
    seed: int = 7

    @cached_property
    def _slopes(self) -> np.ndarray:
        """Slopes of the waves to the east and north, float32 ``[N, N, 2]``."""
        waves = fractal(_TILE, 6, 6, np.random.default_rng(self.seed), gain=0.55)
        waves = -np.abs(waves)  # sharp crests
        slope = np.stack([waves - np.roll(waves, 1, 1), waves - np.roll(waves, 1, 0)], -1)
        return (slope / slope.std()).astype(np.float32)

    def _tile(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        return cv2.remap(
            self._slopes, np.mod(x * _TILE, _TILE).astype(np.float32),
            np.mod(y * _TILE, _TILE).astype(np.float32), cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_WRAP,
        )

    def over(
        self, land: np.ndarray, ground: HeightField, sky: Sky, place: np.ndarray,
        directions: np.ndarray, distance: np.ndarray, time: float,
    ) -> np.ndarray:
        """``land`` ``[h, w, 3]`` with water wherever the ground lies below zero.

        place: ``[h, w, 3]``, m, of what each pixel sees; directions: unit rays; distance: m.
        """
        depth = -ground.sample(ground.height, place[..., 0], place[..., 1])
        wet = (depth > 0) & (distance > 0) & (directions[..., 2] < -1e-4)
        if not wet.any():
            return land
        rows = np.flatnonzero(wet.any(1))
        band = slice(rows[0], rows[-1] + 1)  # only the rows that hold water are worked on
        x, y = place[band, :, 0], place[band, :, 1]
        far, depth, ray = distance[band], np.maximum(depth[band], 0), directions[band]
        slopes = self._tile(x / self.swell + 0.05 * time, y / self.swell + 0.03 * time)
        slopes = slopes + 0.8 * self._tile(
            y / self.swell * 0.23 - 0.011 * time, x / self.swell * 0.23 + 0.017 * time
        )
        # A pixel far off covers many waves: their slopes average out.
        calm = self.chop / (1 + far / (5 * self.swell))
        normal = np.concatenate([-slopes * calm[..., None], np.ones_like(slopes[..., :1])], -1)
        normal /= np.linalg.norm(normal, axis=-1, keepdims=True)
        facing = np.clip(-(ray * normal).sum(-1, keepdims=True), 0.02, 1)
        mirror = ray + 2 * facing * normal
        mirror[..., 2] = np.abs(mirror[..., 2]) + 0.01
        mirror /= np.linalg.norm(mirror, axis=-1, keepdims=True)
        image = self._mirrored(ground, sky, x, y, mirror)
        # Schlick (1994), normal reflectance of water 0.02; rough water reflects less at grazing.
        fresnel = 0.02 + 0.98 * (1 - facing) ** 5 * 0.75
        murk = np.exp(-depth / self.clarity)[..., None]
        pale = np.exp(-depth / (5 * self.clarity))[..., None]
        body = self.deep + (self.shallow - self.deep) * pale
        body = body + (land[band] * np.array([0.7, 0.9, 0.95], np.float32) - body) * murk
        water = body * (1 - fresnel) + image * fresnel
        if self.foam:
            water = water + (0.85 - water) * self._surf(x, y, depth, slopes, time)[..., None]
        shore = np.clip(depth / 0.15, 0, 1)[..., None] * wet[band][..., None]
        result = land.copy()
        result[band] = land[band] + (water - land[band]) * shore
        return result

    def _surf(
        self, x: np.ndarray, y: np.ndarray, depth: np.ndarray, slopes: np.ndarray, time: float
    ) -> np.ndarray:
        """Foam 0..1: lines that run ashore, where depth tells how far the shore is."""
        ragged = depth + 0.35 * slopes[..., 0] + 0.5 * np.sin(x / 41) + 0.4 * np.sin(y / 29)
        lines = np.clip(np.sin(ragged * 2.6 + 1.1 * time) * 2 - 1.1, 0, 1)
        edge = np.exp(-((depth - 0.25) / 0.3) ** 2)
        near = np.exp(-depth / 1.9)
        return np.clip(self.foam * (lines * near + edge * 0.8) * (0.75 + 0.25 * slopes[..., 1]),
                       0, 1)

    def _mirrored(
        self, ground: HeightField, sky: Sky, x: np.ndarray, y: np.ndarray, ray: np.ndarray
    ) -> np.ndarray:
        """What reflected rays ``[h, w, 3]`` from the water at x, y (m) see."""
        near = np.full(x.shape, np.nan, np.float32)  # distance to the land that is met
        for step in np.geomspace(1.5, ground.far / 6, _MARCH).astype(np.float32):
            px, py = x + ray[..., 0] * step, y + ray[..., 1] * step
            met = ground.sample(ground.height, px, py) > ray[..., 2] * step
            near[np.isnan(near) & met] = step
        land = np.nan_to_num(near)
        image = ground.sample(ground.colour, x + ray[..., 0] * land, y + ray[..., 1] * land)
        return np.where(np.isnan(near)[..., None], sky.colour(ray), image)
