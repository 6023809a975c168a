"""What a fixed camera sees before anybody comes: a brick wall over paving slabs, in evening sun."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

RATE = 25  # frames a second of the clips
WIDTH, HEIGHT = 640, 360


@dataclass(frozen=True)
class Lens:
    """A level camera at ``[0, height, 0]`` that looks along -z; metres. focal: pixels; horizon:
    the row of the picture that is at the camera's height."""

    height: float = 1.5
    focal: float = 520.0
    horizon: float = 150.0

    def project(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """World points ``[..., 3]`` (x right, y up) -> pixels ``[..., 2]``, and pixels a metre."""
        scale = self.focal / -points[..., 2]
        across = WIDTH / 2 + points[..., 0] * scale
        down = self.horizon + (self.height - points[..., 1]) * scale
        return np.stack([across, down], -1), scale


def backdrop(lens: Lens, *, wall: float, seed: int) -> np.ndarray:
    """The empty scene, float32 ``[360, 640, 3]`` in 0..1 (linear); ``wall``: its distance, m."""
    rng = np.random.default_rng(seed)
    row, column = np.mgrid[:HEIGHT, :WIDTH].astype(np.float32)
    across, down = column + 0.5 - WIDTH / 2, row + 0.5 - lens.horizon
    depth = np.minimum(wall, lens.height * lens.focal / np.maximum(down, 1e-3))
    on_wall = depth >= wall
    x = across * depth / lens.focal
    y = lens.height - down * depth / lens.focal
    picture = np.where(on_wall[..., None], _bricks(x, y, rng), _slabs(x, -depth, rng))
    foot = np.exp(-np.abs(depth - wall) / 0.25) * np.where(on_wall, np.exp(-y / 0.2), 1)
    picture *= (1 - 0.45 * foot)[..., None]  # little light reaches the corner
    sun = 0.75 + 0.35 * (1 - column / WIDTH) - 0.15 * (row / HEIGHT)
    return (picture * sun[..., None]).astype(np.float32)


def _grain(rng: np.random.Generator, cell: int) -> np.ndarray:
    """Smooth noise of about unit deviation, ``[360, 640]``."""
    coarse = rng.standard_normal((HEIGHT // cell + 2, WIDTH // cell + 2)).astype(np.float32)
    return cv2.resize(coarse, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)


def _joints(u: np.ndarray, v: np.ndarray, width: float) -> np.ndarray:
    """1 on the joints between unit cells, 0 inside; width as a share of a cell."""
    near = np.minimum(np.abs(u - np.round(u)), np.abs(v - np.round(v)))
    return np.clip(1.5 - near / width, 0, 1)


def _bricks(x: np.ndarray, y: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    v = y / 0.11
    u = x / 0.34 + 0.5 * (np.floor(v) % 2)
    tone = rng.uniform(0.75, 1.2, (64, 128)).astype(np.float32)
    shade = tone[np.floor(v).astype(int) % 64, np.floor(u).astype(int) % 128]
    shade = shade * (1 + 0.06 * _grain(rng, 2) + 0.08 * _grain(rng, 40))
    brick = shade[..., None] * np.array([0.34, 0.21, 0.16], np.float32)
    mortar = np.array([0.40, 0.38, 0.34], np.float32)
    joint = _joints(u, v, 0.06)[..., None]
    return brick * (1 - joint) + mortar * joint


def _slabs(x: np.ndarray, z: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    u, v = x / 0.6, z / 0.6
    tone = rng.uniform(0.88, 1.1, (64, 64)).astype(np.float32)
    shade = tone[np.floor(v).astype(int) % 64, np.floor(u).astype(int) % 64]
    shade = shade * (1 + 0.05 * _grain(rng, 2) + 0.07 * _grain(rng, 24))
    grey = np.array([0.38, 0.37, 0.35], np.float32)
    return (shade * (1 - 0.35 * _joints(u, v, 0.02)))[..., None] * grey
