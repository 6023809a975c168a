"""How the materials look: procedural tiles of colour, and how shiny they are."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.float32]

TILE = 256  # pixels a side
TILE_METRES = 0.4


@dataclass(frozen=True)
class Surface:
    """colours: RGB 0..1 between which the pattern mixes; grain: cells across a tile, coarse to
    fine; stretch: how much longer than wide a cell is; contrast: of the pattern, 0..1; gloss:
    strength of the highlight, 0..1; pattern: lines drawn on top."""

    colours: tuple[tuple[float, float, float], tuple[float, float, float]]
    grain: tuple[int, ...]
    stretch: int = 1
    contrast: float = 1.0
    gloss: float = 0.05
    pattern: str = ""


SURFACES: dict[str, Surface] = {
    "cardboard": Surface(((0.60, 0.43, 0.26), (0.70, 0.53, 0.34)), (4, 64), 8, 0.7, 0.04, "ribs"),
    "carpet": Surface(((0.36, 0.10, 0.13), (0.52, 0.20, 0.20)), (6, 128), 1, 1.0, 0.0),
    "ceramic": Surface(((0.86, 0.87, 0.88), (0.93, 0.93, 0.91)), (3,), 1, 1.0, 0.9),
    "cloth": Surface(((0.20, 0.29, 0.50), (0.30, 0.41, 0.62)), (5, 32), 1, 0.8, 0.02, "weave"),
    "dirt": Surface(((0.22, 0.15, 0.09), (0.42, 0.31, 0.20)), (4, 12, 40, 128), 1, 1.0, 0.0),
    "glass": Surface(((0.50, 0.72, 0.70), (0.62, 0.82, 0.79)), (3,), 1, 1.0, 1.0),
    "grass": Surface(((0.12, 0.26, 0.07), (0.36, 0.52, 0.16)), (6, 48, 128), 5, 1.0, 0.02),
    "gravel": Surface(((0.30, 0.29, 0.27), (0.66, 0.64, 0.60)), (14, 28, 90), 1, 1.3, 0.05),
    "leaf": Surface(((0.33, 0.20, 0.06), (0.66, 0.48, 0.14)), (7, 14, 40), 2, 1.3, 0.06),
    "metal": Surface(((0.52, 0.54, 0.57), (0.68, 0.70, 0.73)), (4, 128), 40, 0.8, 0.8),
    "paper": Surface(((0.86, 0.85, 0.80), (0.95, 0.94, 0.91)), (4, 32), 1, 0.8, 0.03),
    "plastic": Surface(((0.76, 0.16, 0.12), (0.82, 0.22, 0.17)), (3,), 1, 1.0, 0.6),
    "rock": Surface(((0.34, 0.33, 0.33), (0.60, 0.58, 0.55)), (3, 9, 30, 90), 1, 1.0, 0.06),
    "tile": Surface(((0.60, 0.66, 0.68), (0.72, 0.76, 0.77)), (5, 60), 1, 0.7, 0.6, "tiles"),
    "water": Surface(((0.05, 0.17, 0.21), (0.07, 0.21, 0.26)), (3,), 1, 1.0, 0.9),
    "wood": Surface(((0.42, 0.25, 0.12), (0.68, 0.46, 0.25)), (3, 10, 40), 12, 1.0, 0.12),
}


def tile(material: str, rng: np.random.Generator) -> Image:
    """Linear RGB, float32 ``[256, 256, 3]``, repeating at its edges."""
    surface = SURFACES[material]
    mix = np.zeros((TILE, TILE), np.float32)
    for k, cells in enumerate(surface.grain):
        mix += _noise(cells, surface.stretch, rng) / 1.3**k
    mix = mix / np.abs(mix).max()
    mix = np.clip(0.5 + 0.5 * surface.contrast * mix, 0, 1)[..., None]
    first, second = (np.array(c, np.float32) ** 2.2 for c in surface.colours)
    hue = 1 + 0.06 * rng.standard_normal(3).astype(np.float32)  # no two blocks are alike
    colour = (first + (second - first) * mix) * np.clip(hue, 0.75, 1.25)
    return (colour * _lines(surface.pattern)[..., None]).astype(np.float32)


def _noise(cells: int, stretch: int, rng: np.random.Generator) -> Image:
    """Smooth noise of about unit size, ``cells`` across, that repeats at its edges."""
    rows, columns = cells, max(2, cells // stretch)
    grid = rng.uniform(-1, 1, (rows, columns)).astype(np.float32)
    grid = np.pad(grid, 2, mode="wrap")
    scale_y, scale_x = TILE / rows, TILE / columns
    size = (round(scale_x * grid.shape[1]), round(scale_y * grid.shape[0]))
    big = cv2.resize(grid, size, interpolation=cv2.INTER_CUBIC)
    top, left = round(2 * scale_y), round(2 * scale_x)
    return big[top : top + TILE, left : left + TILE]


def _lines(pattern: str) -> Image:
    """What darkens the tile: float32 ``[256, 256]`` up to 1."""
    shade = np.ones((TILE, TILE), np.float32)
    row, column = np.mgrid[:TILE, :TILE]
    if pattern == "ribs":
        shade -= 0.10 * (np.sin(2 * np.pi * row / 8) > 0.3)
    elif pattern == "weave":
        shade -= 0.22 * (((row // 4) + (column // 4)) % 2)
    elif pattern == "tiles":
        shade -= 0.45 * ((row % 128 < 5) | (column % 128 < 5))
    return shade


def sample(image: Image, u: NDArray[np.float32], v: NDArray[np.float32]) -> Image:
    """``image`` at metres ``(u, v)``, repeated: float32 ``[..., 3]``."""
    x = np.mod(u * (TILE / TILE_METRES), TILE).astype(np.float32)
    y = np.mod(v * (TILE / TILE_METRES), TILE).astype(np.float32)
    return cv2.remap(image, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)
