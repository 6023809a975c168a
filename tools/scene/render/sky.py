"""The sky as a function of direction: a gradient, the glow of the sun, a layer of clouds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

from tools.scene.render.noise import fractal

_TILE = 1024  # cells a side of the cloud map, which repeats
_CELLS_PER_KM = 40.0


@dataclass(frozen=True)
class Sky:
    """zenith, horizon, sun_colour: linear colours; sun: unit vector towards the sun; cover: share
    of the sky under clouds, 0..1; cloud_height: km above the ground; seed: of the clouds;
    haze: distance in m at which the air hides 63 % of what lies behind it.
    """

    zenith: np.ndarray
    horizon: np.ndarray
    sun: np.ndarray
    sun_colour: np.ndarray
    cover: float = 0.4
    cloud_height: float = 1.6
    seed: int = 0
    haze: float = 15_000.0

    @cached_property
    def _clouds(self) -> np.ndarray:
        """Thickness 0..1 and brightness 0..1 of the cloud layer, float32 ``[N, N, 2]``."""
        rng = np.random.default_rng(self.seed)
        field = fractal(_TILE, 4, 8, rng, gain=0.56)
        floor = np.quantile(field, 1 - self.cover)
        thickness = np.clip((field - floor) / 0.28, 0, 1)
        # Lit from the sun's side: thinner towards the sun means brighter.
        towards = np.array(
            [[1, 0, -self.sun[0] * 9], [0, 1, -self.sun[1] * 9]], np.float32
        )
        smooth = cv2.GaussianBlur(thickness, (0, 0), 5)
        shifted = cv2.warpAffine(smooth, towards, (_TILE, _TILE), borderMode=cv2.BORDER_WRAP)
        light = np.clip(1 - 0.45 * smooth + 0.7 * (thickness - shifted), 0.35, 1.1)
        return np.stack([thickness, light], -1).astype(np.float32)

    def colour(self, directions: np.ndarray, *, drift: float = 0.0) -> np.ndarray:
        """Radiance along unit ``directions`` ``[h, w, 3]``: float32, same shape.

        drift: km that the clouds have moved to the east.
        """
        up = np.clip(directions[..., 2], 0, 1)[..., None]
        base = self.zenith + (self.horizon - self.zenith) * np.exp(-up * 4.5)
        towards_sun = np.clip(directions @ self.sun.astype(np.float32), 0, 1)[..., None]
        base = base + self.sun_colour * (0.10 * towards_sun**6 + 0.35 * towards_sun**60)
        base = base + self.sun_colour * 8 * np.clip((towards_sun - 0.9996) / 0.0003, 0, 1)
        if self.cover <= 0:
            return base.astype(np.float32)
        reach = self.cloud_height / np.maximum(directions[..., 2], 0.02)
        x = (directions[..., 0] * reach + drift) * _CELLS_PER_KM
        y = directions[..., 1] * reach * _CELLS_PER_KM
        layer = cv2.remap(
            self._clouds, np.mod(x, _TILE).astype(np.float32), np.mod(y, _TILE).astype(np.float32),
            cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP,
        )
        # Towards the horizon the layer is seen edge on and sinks into the haze.
        opacity = layer[..., :1] * np.clip((up - 0.025) / 0.14, 0, 1) * 0.96
        white = self.sun_colour * 0.62 + self.horizon * 0.25
        return (base + (white * layer[..., 1:] - base) * opacity).astype(np.float32)

    def veil(self, colour: np.ndarray, distance: np.ndarray, directions: np.ndarray) -> np.ndarray:
        """Aerial perspective: ``colour`` ``[..., 3]`` seen through ``distance`` m of air."""
        clear = np.exp(-distance / self.haze)[..., None]
        towards_sun = np.clip(directions @ self.sun.astype(np.float32), 0, 1)[..., None]
        # Blue light is scattered in first, so near haze is bluer than the horizon behind it.
        air = (self.horizon * 0.75 + self.zenith * 0.25) + self.sun_colour * 0.12 * towards_sun**4
        return (air + (colour - air) * clear).astype(np.float32)
