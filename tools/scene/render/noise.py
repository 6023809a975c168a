"""Periodic fractal noise on a square grid.

Octaves are lattices of random numbers, interpolated with cubics (value noise). The sums are those
of Musgrave, "Methods for realistic landscape imaging" (1993): fractional Brownian motion and the
ridged multifractal, in which rough ground stays rough and valleys fill smoothly.
"""

from __future__ import annotations

import cv2
import numpy as np

_PAD = 3  # lattice cells around the tile, so that the cubic sees its neighbours across the edge


def octave(size: int, cells: int, rng: np.random.Generator) -> np.ndarray:
    """Smooth noise with ``cells`` bumps a side, roughly in -1..1: float32 ``[size, size]``."""
    lattice = rng.uniform(-1, 1, (cells, cells)).astype(np.float32)
    padded = np.pad(lattice, _PAD, mode="wrap")
    scale = size / cells
    matrix = np.array([[1 / scale, 0, _PAD], [0, 1 / scale, _PAD]], np.float32)
    return cv2.warpAffine(
        padded, matrix, (size, size), flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    )


def fractal(
    size: int, cells: int, octaves: int, rng: np.random.Generator, *, gain: float = 0.5
) -> np.ndarray:
    """Fractional Brownian motion, each octave twice as fine and ``gain`` times as high: about
    -1..1, float32 ``[size, size]``. ``cells`` is that of the coarsest octave.
    """
    total = np.zeros((size, size), np.float32)
    for k in range(octaves):
        total += gain**k * octave(size, cells * 2**k, rng)
    return total * (1 - gain)


def ridged(
    size: int, cells: int, octaves: int, rng: np.random.Generator, *, gain: float = 0.5
) -> np.ndarray:
    """Ridged multifractal, float32 ``[size, size]`` in about 0..1: crests are at 1."""
    total = np.zeros((size, size), np.float32)
    weight = np.ones((size, size), np.float32)
    for k in range(octaves):
        ridge = (1 - np.abs(octave(size, cells * 2**k, rng))) ** 2
        total += gain**k * weight * ridge
        weight = np.clip(weight * ridge * 1.6, 0, 1)  # fine ridges grow only on coarse ones
    return total * (1 - gain)


def warped(field: np.ndarray, amount: np.ndarray) -> np.ndarray:
    """``field`` read at places displaced by ``amount`` cells (``[2, size, size]``), periodic."""
    size = len(field)
    y, x = np.mgrid[:size, :size].astype(np.float32)
    return cv2.remap(
        field, (x + amount[0]) % size, (y + amount[1]) % size, cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_WRAP,
    )
