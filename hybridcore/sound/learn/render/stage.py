"""What stands still: a ground and blocks, ray-cast once for each clip.

Metres; x to the right, y up, z away from the camera. A stage keeps, for every pixel, the point that
is seen and how much of its light comes straight from the lamp, so that what moves in front can
cover it and cast a shadow on it without casting any ray again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from hybridcore.sound.learn.render.surfaces import SURFACES, Image, sample, tile

Vector = NDArray[np.float32]

_FINER = 2  # rays a pixel along each side
_FAR = 6.0  # where the ground has faded into the background, m


@dataclass(frozen=True)
class Block:
    """A box on the ground. place: (x, z) of its middle; half: half its sides (x, y, z); turn: about
    the vertical, rad."""

    material: str
    place: tuple[float, float]
    half: tuple[float, float, float]
    turn: float = 0.0

    @property
    def top(self) -> Vector:
        """The middle of its upper side."""
        return np.array([self.place[0], 2 * self.half[1], self.place[1]], np.float32)


@dataclass(frozen=True)
class Camera:
    """eye, target: points; focal: focal length in picture heights."""

    eye: tuple[float, float, float] = (0.0, 0.55, -1.15)
    target: tuple[float, float, float] = (0.0, 0.08, 0.0)
    focal: float = 1.5

    def axes(self) -> NDArray[np.float32]:
        """Rows: right, up, forward."""
        forward = np.subtract(self.target, self.eye)
        forward = forward / np.linalg.norm(forward)
        right = np.cross([0.0, 1.0, 0.0], forward)
        right = right / np.linalg.norm(right)
        return np.stack([right, np.cross(forward, right), forward]).astype(np.float32)

    def rays(self, height: int, width: int) -> Vector:
        """Unit directions, float32 ``[height, width, 3]``."""
        y, x = np.mgrid[:height, :width].astype(np.float32)
        plane = np.stack([(x + 0.5 - width / 2) / height, (height / 2 - y - 0.5) / height,
                          np.full_like(x, self.focal)], -1)
        rays = plane @ self.axes()
        return rays / np.linalg.norm(rays, axis=-1, keepdims=True)

    def project(self, point: Vector, height: int, width: int) -> tuple[float, float, float]:
        """Column and row of a point in pixels, and its distance along the view, m."""
        x, y, z = self.axes() @ (np.asarray(point, np.float32) - np.array(self.eye, np.float32))
        z = max(float(z), 1e-3)
        scale = self.focal * height / z
        return width / 2 + float(x) * scale, height / 2 - float(y) * scale, z


class Stage:
    """The still part of a clip.

    lit: float32 ``[h, w, 3]``, linear light of the picture; lamp: ``[h, w, 3]``, the part of it
    that the lamp gives; point ``[h, w, 3]`` and depth ``[h, w]``: what each pixel sees; rays:
    ``[h, w, 3]``; wet: bool ``[h, w]``, where it sees water on the ground.
    """

    def __init__(
        self, blocks: Sequence[Block], ground: str, camera: Camera, size: tuple[int, int],
        rng: np.random.Generator,
    ) -> None:
        self.blocks, self.ground, self.camera, self.size = tuple(blocks), ground, camera, size
        side = rng.choice([-1.0, 1.0]) * rng.uniform(0.35, 1.0)
        self.sun = _unit(np.array([side, 1.15, rng.uniform(-0.1, 0.7)]))
        self.warmth = np.array([1.0, 0.97, 0.92], np.float32) ** rng.uniform(-0.5, 1.8)
        height, width = size[0] * _FINER, size[1] * _FINER
        rays = camera.rays(height, width)
        depth, normal, albedo, gloss = self._cast(rays, rng)
        point = np.array(camera.eye, np.float32) + rays * depth[..., None]
        shade = self._shade(point, normal)
        lamp = albedo * (shade * np.clip(normal @ self.sun, 0, 1))[..., None] * self.warmth
        halfway = self.sun - rays
        halfway /= np.linalg.norm(halfway, axis=-1, keepdims=True)
        shine = np.clip((normal * halfway).sum(-1), 0, 1) ** (20 + 60 * gloss) * gloss * shade
        lamp = 1.15 * lamp + 0.7 * shine[..., None]
        sky = 0.5 + 0.5 * normal[..., 1:2]
        mirror = (1 - np.abs((normal * rays).sum(-1, keepdims=True))) ** 3 * gloss[..., None]
        rest = albedo * (0.10 + 0.24 * sky) * self._corners(point)[..., None]
        rest = rest + 0.45 * mirror * np.array([0.75, 0.85, 1.0], np.float32)
        fog = np.clip((depth / _FAR), 0, 1)[..., None] ** 2
        backdrop = _backdrop(rays, rng)
        self.lit = _smaller((lamp + rest) * (1 - fog) + backdrop * fog, size)
        self.lamp = _smaller(lamp * (1 - fog), size)
        self.rays = camera.rays(*size)
        self.depth = np.ascontiguousarray(depth[::_FINER, ::_FINER])
        self.point = np.ascontiguousarray(point[::_FINER, ::_FINER])
        on_ground = self.point[..., 1] < 1e-3
        self.wet = on_ground & (self.depth < _FAR) if ground == "water" else np.zeros(size, bool)

    def _cast(
        self, rays: Vector, rng: np.random.Generator
    ) -> tuple[Image, Image, Image, Image]:
        """Depth, normal, albedo and gloss of what every ray meets first."""
        eye = np.array(self.camera.eye, np.float32)
        down = np.minimum(rays[..., 1], -1e-4)
        depth = np.minimum(-eye[1] / down, _FAR * 2)
        normal = np.zeros_like(rays)
        normal[..., 1] = 1
        point = eye + rays * depth[..., None]
        albedo = sample(tile(self.ground, rng), point[..., 0], point[..., 2])
        gloss = np.full(depth.shape, 0.6 * SURFACES[self.ground].gloss, np.float32)
        for block in self.blocks:
            near, face, local = _meet(block, eye, rays)
            closer = near < depth
            depth = np.where(closer, near, depth)
            normal[closer] = face[closer]
            other = np.abs(face[..., 1]) > 0.5
            u = np.where(other, local[..., 0], local[..., 0] + local[..., 2])
            v = np.where(other, local[..., 2], local[..., 1])
            albedo[closer] = sample(tile(block.material, rng), u, v)[closer]
            gloss[closer] = SURFACES[block.material].gloss
        return depth.astype(np.float32), normal, albedo, gloss

    def _shade(self, point: Vector, normal: Vector) -> Image:
        """Share of the lamp that is seen from each point past the blocks, 0..1."""
        start = (point + 2e-3 * normal)[::_FINER, ::_FINER]
        visible = np.zeros(start.shape[:2], np.float32)
        offsets = [(a, b) for a in (-0.09, 0.0, 0.09) for b in (-0.09, 0.0, 0.09)]
        for a, b in offsets:
            toward = _unit(self.sun + np.array([a, 0, b], np.float32))
            free = np.ones(start.shape[:2], bool)
            for block in self.blocks:
                near, _, _ = _meet(block, start, np.broadcast_to(toward, start.shape))
                free &= ~np.isfinite(near)
            visible += free
        visible = cv2.GaussianBlur(visible / len(offsets), (0, 0), 0.7)
        return cv2.resize(visible, point.shape[1::-1], interpolation=cv2.INTER_LINEAR)

    def _corners(self, point: Vector) -> Image:
        """Darker where a block stands on the ground, 0..1."""
        light = np.ones(point.shape[:2], np.float32)
        for block in self.blocks:
            local = np.abs(_local(block, point))
            outside = np.hypot(np.maximum(local[..., 0] - block.half[0], 0),
                               np.maximum(local[..., 2] - block.half[2], 0))
            near = 1 - 0.55 * np.exp(-outside / 0.035)
            light *= np.where(point[..., 1] < 1e-3, near, 1)
        return light


def _meet(block: Block, start: Vector, rays: Vector) -> tuple[Image, Vector, Vector]:
    """Where rays enter a block: distance (inf: never), normal, and the point in its own axes."""
    origin = _local(block, start)
    along = _turned(rays, -block.turn)
    along = np.where(np.abs(along) < 1e-6, 1e-6, along)
    half = np.array(block.half, np.float32)
    first, second = (-half - origin) / along, (half - origin) / along
    entry, leave = np.minimum(first, second), np.maximum(first, second)
    near, far = entry.max(-1), leave.min(-1)
    hit = (near < far) & (near > 1e-4)
    axis = entry.argmax(-1)
    face = -np.sign(along) * (axis[..., None] == np.arange(3))
    near = np.where(hit, near, np.inf)
    local = origin + along * np.where(hit, near, 0)[..., None]
    return near, _turned(face, block.turn).astype(np.float32), local.astype(np.float32)


def _local(block: Block, point: Vector) -> Vector:
    middle = np.array([block.place[0], block.half[1], block.place[1]], np.float32)
    return _turned(point - middle, -block.turn)


def _turned(vectors: Vector, angle: float) -> Vector:
    """Turned about the vertical."""
    c, s = np.float32(np.cos(angle)), np.float32(np.sin(angle))
    x, z = vectors[..., 0], vectors[..., 2]
    return np.stack([c * x + s * z, vectors[..., 1], c * z - s * x], -1)


def _unit(vector: NDArray[np.floating]) -> Vector:
    return (vector / np.linalg.norm(vector)).astype(np.float32)


def _backdrop(rays: Vector, rng: np.random.Generator) -> Image:
    """A room out of focus behind the ground."""
    low, high = (rng.uniform(0.10, 0.45, 3).astype(np.float32) for _ in range(2))
    height = np.clip(rays[..., 1:2] * 2 + 0.5, 0, 1)
    return low * (1 - height) + high * height


def _smaller(image: Image, size: tuple[int, int]) -> Image:
    return cv2.resize(image, size[::-1], interpolation=cv2.INTER_AREA)
