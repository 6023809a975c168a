"""What may differ between places without changing what is heard: changes to maps of motion.

A map is ``[6, 16, 24]``, compressed as features.py says. Mirroring, shifting and scaling move what
is seen; a speed other than one stretches time; the strength of brightness changes goes with
texture and light; cells may go blank.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

_SIGNED = (0, 2)  # channels of velocity to the right
_VELOCITIES, _CHANGES = slice(0, 4), slice(4, 6)


def warp_time(
    available: int, length: int, rng: np.random.Generator
) -> tuple[NDArray[np.intp], float]:
    """Indices of ``length`` frames of a clip played at another speed, and that speed.

    A clip too short for it is held at its last frame.
    """
    speed = float(np.exp(rng.uniform(-0.22, 0.22)))
    span = int(np.ceil(length * speed))
    start = rng.integers(0, max(1, available - span + 1))
    frames = start + np.floor(np.arange(length) * speed).astype(np.intp)
    return np.minimum(frames, available - 1), speed


def augment(
    maps: NDArray[np.float32], speed: float, rng: np.random.Generator
) -> NDArray[np.float32]:
    """A changed copy of the maps ``[T, 6, 16, 24]`` of one clip."""
    maps = _move(maps, rng)
    if rng.random() < 0.5:
        maps = maps[..., ::-1].copy()
        maps[:, _SIGNED] *= -1
    maps[:, _VELOCITIES] *= speed * np.exp(rng.normal(0, 0.15))
    maps[:, _CHANGES] *= np.exp(rng.normal(0, 0.25))
    if rng.random() < 0.5:
        maps += rng.normal(0, 0.1 * rng.random(), maps.shape).astype(np.float32)
    if rng.random() < 0.5:  # a blank patch
        y, x = rng.integers(0, 13), rng.integers(0, 19)
        maps[..., y : y + rng.integers(2, 7), x : x + rng.integers(2, 9)] = 0
    return maps


def _move(maps: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    """Shift and scale about the middle; what comes in from outside is still."""
    steps, channels, height, width = maps.shape
    scale = np.exp(rng.uniform(-0.3, 0.3))
    shift = rng.uniform(-1, 1, 2) * (4, 3)
    middle = np.array([(width - 1) / 2, (height - 1) / 2])
    warp = np.concatenate([np.eye(2) * scale, (middle * (1 - scale) + shift)[:, None]], 1)
    flat = maps.reshape(-1, height, width)
    moved = np.stack([
        cv2.warpAffine(picture, warp, (width, height), flags=cv2.INTER_LINEAR)
        for picture in flat])
    moved = moved.reshape(steps, channels, height, width)
    moved[:, _VELOCITIES] *= scale
    return moved
