"""The working grid: square pixels of about 2 km on a side of at most 384 px."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from hybridcore.media.radar.field import Field, Grid, Part, Rates

PIXEL = 2000.0  # m
MAX_SIDE = 384  # px
MOST = 200.0  # mm/h: what is above is hail or an echo that is no rain
WET = 0.1  # mm/h
_SQUARE = 0.01  # how much height and width of a pixel may differ


@dataclass(frozen=True)
class Working:
    """How the fields of a file become those that are worked with.

    part: rows and columns of the file, from the north-west, that are used. size: rows and columns
    that they become. pixel: the side of one of these, m; None if it is not known.
    """

    grid: Grid
    part: Part
    size: tuple[int, int]
    pixel: float | None

    @property
    def bounds(self) -> tuple[float, float, float, float] | None:
        """x0, y0, x1, y1 of the part, m."""
        if self.grid.bounds is None or self.grid.pixel is None:
            return None
        (height, width), (x0, _, _, y1) = self.grid.pixel, self.grid.bounds
        rows, columns = self.part
        return (x0 + columns.start * width, y1 - rows.stop * height,
                x0 + columns.stop * width, y1 - rows.start * height)

    def __call__(self, field: Field) -> Rates:
        """The part of a field of the file, on the working grid."""
        return reduced(field.read(self.part), self.size)

    @property
    def is_large(self) -> bool:
        """Whether the map has more pixels than are worked with."""
        return max(self.size) > MAX_SIDE

    def around_rain(self, field: Field) -> Working:
        """The same for the part of a large map that has most pixels of rain in this field."""
        if not self.is_large:
            return self
        small = self(field)
        rows, columns = (min(side, MAX_SIDE) for side in self.size)
        worth = (small >= WET) + 1e-3 * np.isfinite(small)
        sums = np.pad(worth, ((1, 0), (1, 0))).cumsum(0).cumsum(1)
        inside = (sums[rows:, columns:] - sums[:-rows, columns:]
                  - sums[rows:, :-columns] + sums[:-rows, :-columns])
        top, left = (int(at) for at in np.unravel_index(int(inside.argmax()), inside.shape))
        down, across = ((part.stop - part.start) / side
                        for part, side in zip(self.part, self.size, strict=True))
        part = (slice(round(top * down), round((top + rows) * down)),
                slice(round(left * across), round((left + columns) * across)))
        return replace(self, part=part, size=(rows, columns))


def working(grid: Grid) -> Working:
    """How the whole of a grid is worked with; a large one is for `Working.around_rain`.

    Where pixels of the file are about square, whole blocks of them become one; else they are
    blended by area. Without known sides, blocks are as large as they must be.
    """
    rows, columns = grid.shape
    if grid.pixel is None:
        factor, pixel = -(-max(rows, columns) // MAX_SIDE), None
    else:
        height, width = grid.pixel
        factor = max(1, round(PIXEL / height))
        if abs(height / width - 1) > _SQUARE:
            pixel = max(PIXEL, height, width)
            size = (max(1, round(rows * height / pixel)), max(1, round(columns * width / pixel)))
            return Working(grid, (slice(0, rows), slice(0, columns)), size, pixel)
        pixel = height * factor
    factor = min(factor, rows, columns)
    size = (rows // factor, columns // factor)
    return Working(grid, (slice(0, size[0] * factor), slice(0, size[1] * factor)), size, pixel)


def reduced(rates: Rates, size: tuple[int, int]) -> Rates:
    """The field on fewer pixels, rows and columns: the mean of what is known in each, no data
    where under half of it is known."""
    known = np.isfinite(rates)
    values = np.where(known, np.minimum(rates, MOST), 0).astype(np.float32)
    share = cv2.resize(known.astype(np.float32), size[::-1], interpolation=cv2.INTER_AREA)
    total = cv2.resize(values, size[::-1], interpolation=cv2.INTER_AREA)
    enough = share >= 0.5 - 1e-6
    return np.where(enough, total / np.where(enough, share, 1), np.nan).astype(np.float32)
