"""A long corridor with doors, ceiling lamps and a polished floor, ray traced.

It is the inside of a box, so a ray's hit is the nearest of three planes. The light of the lamps
comes from the formula for a small area source (Cohen & Wallace 1993, Radiosity and Realistic Image
Synthesis): area cos(a) cos(b) / (pi r^2). Light that walls return is a constant.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tools.scene.render.camera import Camera, rays
from tools.scene.render.film import linear

_DOOR_WIDTH, _DOOR_HEIGHT, _FRAME = 0.95, 2.08, 0.07  # m
_LAMP_LENGTH, _LAMP_WIDTH = 1.2, 0.32  # m
_GLOW = 5.0  # radiance of a lamp


@dataclass(frozen=True)
class Corridor:
    """Runs to the north from y = 0; its floor is z = 0 and its middle is x = 0.

    width, height, length, door_step, lamp_step: m; wall: linear colour; seed: which doors differ.
    """

    width: float = 2.5
    height: float = 2.65
    length: float = 36.0
    door_step: float = 4.2
    lamp_step: float = 3.0
    wall: tuple[float, float, float] = (0.74, 0.70, 0.60)
    seed: int = 0

    def render(self, camera: Camera, height: int, width: int, time: float) -> np.ndarray:
        """Radiance, float32 ``[height, width, 3]``; nothing here moves with ``time``."""
        direction = rays(camera, height, width)
        start = np.broadcast_to(camera.position, direction.shape)
        place, colour = self._look(start, direction)
        floor = place[..., 2] < 1e-3
        if floor.any():
            band = slice(int(np.flatnonzero(floor.any(1))[0]), None)  # no floor above this row
            mirrored = direction[band] * np.array([1, 1, -1], np.float32)
            image = self._look(place[band], mirrored)[1]
            # Schlick (1994), with the reflectance of polish at normal incidence.
            share = 0.05 + 0.55 * (1 - np.abs(direction[band, :, 2:])) ** 4
            share = share * floor[band, :, None]
            colour[band] += (np.minimum(image, 2.5) - colour[band]) * share
        return colour

    def _look(self, start: np.ndarray, direction: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Where rays ``[h, w, 3]`` from inside hit, and the radiance there."""
        low = np.array([-self.width / 2, 0, 0], np.float32)
        high = np.array([self.width / 2, self.length, self.height], np.float32)
        safe = np.where(np.abs(direction) < 1e-6, 1e-6, direction)
        reach = np.where(safe > 0, high - start, low - start) / safe
        axis = reach.argmin(-1)
        distance = np.take_along_axis(reach, axis[..., None], -1)
        place = np.clip(start + distance * direction, low, high)
        x, y, z = np.moveaxis(place, -1, 0)
        surface = [
            (axis == 0, self._side(np.sign(x), y, z)),
            (axis == 1, self._end(x, z)),
            ((axis == 2) & (z < 1), self._floor(x, y)),
        ]
        albedo = self._ceiling(x, y)
        for where, paint in surface:
            albedo = np.where(where[..., None], paint, albedo)
        normal = np.zeros_like(place)
        np.put_along_axis(normal, axis[..., None], -np.sign(
            np.take_along_axis(direction, axis[..., None], -1)), -1)
        # Dust in a corner: less light where two surfaces meet.
        gaps = np.sort(np.minimum(place - low, high - place), -1)[..., 1]
        corner = 1 - 0.35 * np.exp(-gaps / 0.16)
        colour = albedo * (self._light(place, normal) * corner)[..., None]
        lamp = self._is_lamp(x, y) & (axis == 2) & (z > 1)
        window = (axis == 1) & (np.abs(x) < 0.62) & (z > 0.85) & (z < 2.15)
        bars = (np.abs(np.abs(x) - 0.3) < 0.62) & ((np.abs(x) < 0.03) | (np.abs(z - 1.5) < 0.03))
        glow = _GLOW * np.array([1, 1, 0.93], np.float32)
        colour = np.where(lamp[..., None], glow, colour)
        daylight = np.array([2.2, 2.5, 2.8], np.float32) * (0.6 + 0.4 * (z[..., None] - 0.85))
        colour = np.where((window & ~bars)[..., None], daylight, colour)
        return place, colour.astype(np.float32)

    def _light(self, place: np.ndarray, normal: np.ndarray) -> np.ndarray:
        """Irradiance over pi from the lamps, and what the walls return."""
        total = np.full(place.shape[:2], 0.24, np.float32)
        for y in np.arange(self.lamp_step / 2, self.length, self.lamp_step):
            to_lamp = np.array([0, y, self.height - 0.06], np.float32) - place
            square = (to_lamp**2).sum(-1) + 0.05
            cosines = np.clip((to_lamp * normal).sum(-1), 0, None) * \
                np.clip(to_lamp[..., 2], 0.03, None) / square
            total += _GLOW * _LAMP_LENGTH * _LAMP_WIDTH / np.pi * cosines / square * 1.6
        return total

    def _is_lamp(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        along = np.abs(np.mod(y, self.lamp_step) - self.lamp_step / 2)
        return (along < _LAMP_LENGTH / 2) & (np.abs(x) < _LAMP_WIDTH / 2)

    def _ceiling(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """White panels of 0.6 m in a grid of rails."""
        seam = np.minimum(np.abs(np.mod(x + 0.3, 0.6) - 0.3), np.abs(np.mod(y, 0.6) - 0.3))
        return np.array([0.80, 0.80, 0.77], np.float32) * (1 - 0.35 * (seam < 0.012))[..., None]

    def _floor(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """Linoleum tiles of two greys."""
        dark = (np.floor(x / 0.5 + 0.5) + np.floor(y / 0.5)) % 2
        seam = np.minimum(np.abs(np.mod(x + 0.25, 0.5) - 0.25) - 0.25,
                          np.abs(np.mod(y, 0.5) - 0.25) - 0.25)
        tile = linear(150, 142, 128) + (linear(172, 165, 150) - linear(150, 142, 128)) * \
            dark[..., None]
        return tile * (1 - 0.25 * (seam > -0.006))[..., None]

    def _end(self, x: np.ndarray, z: np.ndarray) -> np.ndarray:
        return np.array(self.wall, np.float32) * np.ones((*x.shape, 1), np.float32)

    def _side(self, side: np.ndarray, y: np.ndarray, z: np.ndarray) -> np.ndarray:
        """A wall: paint, rail, skirting board, doors with frames and handles, notice boards.

        side: -1 on the left, 1 on the right; doors of the two sides are staggered.
        """
        shifted = y + np.where(side > 0, self.door_step * 0.5, 0)
        number = np.floor(shifted / self.door_step)
        across = np.mod(shifted, self.door_step) - self.door_step / 2
        colour = np.array(self.wall, np.float32) * np.where(z < 1.0, 0.72, 1.0)[..., None]
        colour = np.where((np.abs(z - 1.0) < 0.035)[..., None], linear(128, 92, 60), colour)
        colour = np.where((z < 0.11)[..., None], linear(74, 58, 46), colour)
        dice = np.mod(np.sin((number + 3 * side) * 12.9898 + self.seed) * 43758.5453, 1)
        board = (np.abs(across - 1.55) < 0.42) & (np.abs(z - 1.6) < 0.28) & (dice > 0.45)
        cork = linear(196, 164, 116) * np.ones_like(colour)
        paper = np.mod(np.floor(across * 6) * 7 + np.floor(z * 6) * 3, 4) < 2
        cork = np.where(paper[..., None], linear(232, 232, 226), cork)
        colour = np.where(board[..., None], cork, colour)
        framed = (np.abs(across) < _DOOR_WIDTH / 2 + _FRAME) & (z < _DOOR_HEIGHT + _FRAME)
        door = (np.abs(across) < _DOOR_WIDTH / 2) & (z < _DOOR_HEIGHT)
        wood = linear(146, 98, 58) + (linear(120, 78, 46) - linear(146, 98, 58)) * (
            0.5 + 0.5 * np.sin(across * 60 + 3 * np.sin(z * 4 + number)))[..., None]
        panel = (np.abs(across) < 0.32) & (np.abs(np.mod(z, 1.0) - 0.5) < 0.36)
        wood = wood * np.where(panel, 0.84, 1.0)[..., None]
        handle = (np.abs(across - 0.38) < 0.05) & (np.abs(z - 1.02) < 0.05)
        wood = np.where(handle[..., None], np.array([0.7, 0.7, 0.66], np.float32), wood)
        sign = (np.abs(across) < 0.12) & (np.abs(z - 1.62) < 0.05)
        wood = np.where(sign[..., None], linear(230, 230, 224), wood)
        colour = np.where(framed[..., None], linear(92, 66, 46), colour)
        return np.where(door[..., None], wood, colour)
