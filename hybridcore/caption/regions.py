"""Boxes over a picture, and what the encoder saw inside each.

Words that are seen have boxes of their own (:mod:`hybridcore.caption.word_regions`). Where there
are none, and where the aligner learned, nineteen windows of the encoder's grid and the whole
picture stand for the nineteen detections and the whole picture of Karpathy & Fei-Fei 2015. These
are the same for every picture and follow no object; their features are the mean over the cells
inside (RoI average pooling), so nothing beyond the grid is computed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hybridcore.caption.grid import CELLS

Window = tuple[int, int, int, int]  # cells x0, y0, x1, y1; x1 and y1 exclusive


@dataclass(frozen=True)
class Regions:
    """R regions of one picture, the first of which is the whole.

    boxes: float32 ``[R, 4]``, x0, y0, x1, y1 in 0..1. pooling: float32 ``[R, 49]``, how much every
    cell counts in each, in rows that sum to one. names: what each shows; "" where it is not known.
    """

    boxes: NDArray[np.float32]
    pooling: NDArray[np.float32]
    names: tuple[str, ...]


def fixed_regions() -> Regions:
    """The same for every picture."""
    return Regions(boxes(), pooling(), ("",) * len(windows()))


def windows() -> list[Window]:
    """The whole grid, four large squares, three columns and three rows, nine small squares."""
    thirds = ((0, 3), (2, 5), (4, 7))
    halves = ((0, 5), (2, 7))
    return [
        (0, 0, CELLS, CELLS),
        *((x0, y0, x1, y1) for y0, y1 in halves for x0, x1 in halves),
        *((x0, 0, x1, CELLS) for x0, x1 in thirds),
        *((0, y0, CELLS, y1) for y0, y1 in thirds),
        *((x0, y0, x1, y1) for y0, y1 in thirds for x0, x1 in thirds),
    ]


def boxes() -> NDArray[np.float32]:
    """float32 ``[R, 4]``: x0, y0, x1, y1 in 0..1 of the picture; the first is the whole."""
    return np.array(windows(), np.float32) / np.float32(CELLS)


def pooling() -> NDArray[np.float32]:
    """float32 ``[R, 49]``: times the cells, the mean over the cells of every box."""
    inside = np.zeros((len(windows()), CELLS, CELLS), np.float32)
    for share, (x0, y0, x1, y1) in zip(inside, windows(), strict=True):
        share[y0:y1, x0:x1] = 1 / ((x1 - x0) * (y1 - y0))
    return inside.reshape(len(inside), -1)
