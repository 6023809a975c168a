"""One radar field as a file describes it, before its values are read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from hybridcore.errors import MediaError

MAX_PIXELS = 50_000_000  # of one field; MRMS has 24.5 million

Rates = NDArray[np.float32]
Part = tuple[slice, slice]  # rows and columns
WHOLE: Part = (slice(None), slice(None))
Quantity = Literal["rain rate", "accumulation", "reflectivity"]


@dataclass(frozen=True)
class Grid:
    """Where the pixels of a field lie.

    shape: rows, columns. projection: as a PROJ string, "" if it is not known. bounds: x0, y0, x1,
    y1 of the outer edges, metres of the projection; None if they are not known.
    """

    shape: tuple[int, int]
    projection: str = ""
    bounds: tuple[float, float, float, float] | None = None

    def __post_init__(self) -> None:
        rows, columns = self.shape
        if rows < 1 or columns < 1 or rows * columns > MAX_PIXELS:
            raise MediaError(f"A field of {columns} x {rows} pixels is not read; the limit is "
                             f"{MAX_PIXELS / 1e6:.0f} million.")

    @property
    def pixel(self) -> tuple[float, float] | None:
        """Height and width of a pixel, m; None if they are not known."""
        if self.bounds is None:
            return None
        x0, y0, x1, y1 = self.bounds
        return (y1 - y0) / self.shape[0], (x1 - x0) / self.shape[1]


class Read(Protocol):
    """Gives the rain rates of a field, mm/h, or of a part of it."""

    def __call__(self, part: Part = WHOLE) -> Rates: ...


@dataclass(frozen=True, eq=False)
class Field:
    """source: the format, such as ``"KNMI HDF5"``. quantity: what the file holds; ``read`` gives
    rain rates in any case. time: UTC, the end of what was measured; None where the file says none.
    note: what was assumed to read it, a sentence, or "".
    """

    source: str
    quantity: Quantity
    time: datetime | None
    grid: Grid
    read: Read
    note: str = ""
