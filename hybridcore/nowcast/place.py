"""A place on the map: chosen by a person, or where most rain is expected."""

from __future__ import annotations

import re
from dataclasses import dataclass

import cv2
import numpy as np

from hybridcore.errors import OptionError
from hybridcore.media.radar import RadarSequence

_HEAVY = 10.0  # mm/h; more does not make a place more telling
_BLUR = 2.0  # px
_NUMBERS = re.compile(r"\s*([-+]?\d+(?:\.\d+)?)\s*[,; ]\s*([-+]?\d+(?:\.\d+)?)\s*")


@dataclass(frozen=True)
class Place:
    """A pixel of the map. text: where it is, in words."""

    row: int
    column: int
    text: str


def place_at(source: RadarSequence, row: int, column: int) -> Place:
    """The place of a pixel, named by how far it is from the middle of the map."""
    east, north = offset(source, row, column)
    unit = "px" if source.pixel_km is None else "km"
    named = [f"{abs(round(far))} {unit} {way}" for far, way in (
        (east, "east" if east > 0 else "west"), (north, "north" if north > 0 else "south"))
        if round(far)]
    return Place(row, column, f"{' and '.join(named)} of the middle" if named else
                 "the middle of the map")


def offset(source: RadarSequence, row: int, column: int) -> tuple[float, float]:
    """How far a pixel lies east and north of the middle, km, or px where the map has no scale."""
    height, width = source.rates.shape[1:]
    scale = source.pixel_km or 1.0
    return (column - (width - 1) / 2) * scale, ((height - 1) / 2 - row) * scale


def written(source: RadarSequence, row: int, column: int) -> str:
    """A pixel as the option ``point`` has it."""
    east, north = offset(source, row, column)
    return f"{east:.1f}, {north:.1f}"


def parse_place(source: RadarSequence, text: str) -> Place:
    """The place that ``text`` names: how far east and north of the middle.

    Raises:
        OptionError: it names none, or one outside the map.
    """
    found = _NUMBERS.fullmatch(text)
    unit = "pixels" if source.pixel_km is None else "km"
    if found is None:
        raise OptionError(f"“{text}” is no place; write how many {unit} east and north of the "
                          "middle, such as 12, -30.")
    height, width = source.rates.shape[1:]
    scale = source.pixel_km or 1.0
    east, north = (float(number) / scale for number in found.groups())
    column, row = round((width - 1) / 2 + east), round((height - 1) / 2 - north)
    if not (0 <= row < height and 0 <= column < width):
        raise OptionError(f"“{text}” lies outside the map, which reaches {width * scale / 2:.0f} "
                          f"{unit} east and {height * scale / 2:.0f} north of its middle.")
    return place_at(source, row, column)


def rainiest(source: RadarSequence, carried: np.ndarray) -> Place:
    """Where most rain comes by within the hour if it only moves, ``carried [S, H, W]``; the middle
    where there is none."""
    height, width = carried.shape[1:]
    total = np.minimum(np.nan_to_num(carried), _HEAVY).sum(0)
    total = cv2.GaussianBlur(total, (0, 0), _BLUR, borderType=cv2.BORDER_REPLICATE)
    total = np.where(np.isnan(carried).any(0), -1, total)  # its whole hour is to be known
    if total.max() <= 0:
        return place_at(source, height // 2, width // 2)
    row, column = np.unravel_index(int(total.argmax()), total.shape)
    return place_at(source, int(row), int(column))
