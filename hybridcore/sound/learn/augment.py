"""What may differ between places without changing what is heard: changes to stroke statistics.

Mirroring turns what is signed; a speed other than one stretches time; light, texture, distance and
recording change each number by a factor, an offset and noise. Numbers are in standard deviations.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hybridcore.sound.strokes import MIRRORED, STATISTICS

_FACTOR, _OFFSET, _NOISE = 0.15, 0.2, 0.15  # standard deviations
_SPEED = 0.2  # of the logarithm, to either side


def warp_time(available: int, length: int, rng: np.random.Generator) -> NDArray[np.intp]:
    """Indices of ``length`` frames of a clip played at another speed.

    A clip too short for it is held at its last frame.
    """
    speed = float(np.exp(rng.uniform(-_SPEED, _SPEED)))
    span = int(np.ceil(length * speed))
    start = rng.integers(0, max(1, available - span + 1))
    return np.minimum(start + np.floor(np.arange(length) * speed).astype(np.intp), available - 1)


def augment(
    strokes: NDArray[np.float32], rng: np.random.Generator
) -> NDArray[np.float32]:
    """A changed copy of the statistics ``[T, 2 F]`` of one clip, measured in both ways."""
    strokes = strokes.copy()
    if rng.random() < 0.5:
        strokes.reshape(len(strokes), -1, len(STATISTICS))[..., MIRRORED] *= -1
    numbers = strokes.shape[1]
    strokes *= np.exp(rng.normal(0, _FACTOR, numbers))
    strokes += rng.normal(0, _OFFSET, numbers)
    strokes += rng.normal(0, _NOISE, strokes.shape)
    return strokes
