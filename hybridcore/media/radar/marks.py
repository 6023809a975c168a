"""Scale and north of a map, to lie above the rain: dark with a light rim, so that they are legible
on every colour."""

from __future__ import annotations

import io
from contextlib import suppress
from math import cos, radians, sin
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from hybridcore.errors import MediaError
from hybridcore.media.radar.projection import north

if TYPE_CHECKING:
    from hybridcore.media.radar.sequence import RadarSequence

INK, RIM = (38, 42, 48), (255, 255, 255)
LONGER_SIDE = 480  # units, of the picture; letters are as large on a small map as on a large one
FINE = 2  # px a unit
_SMOOTH = 2  # times finer still while it is drawn
_LETTERS, _LINE, _RIM = 13, 1.5, 2.0  # units: of letters, of lines, and around both
_MARGIN = 12  # units
_LENGTHS = (5, 10, 20, 50, 100, 200, 500)  # km, of a bar

Point = tuple[float, float]


def marks(radar: RadarSequence) -> bytes:
    """They alone on clear ground, as a PNG of the shape of the map."""
    rows, columns = radar.rates.shape[1:]
    cell = LONGER_SIDE / max(rows, columns)
    width, height = columns * cell, rows * cell
    pen = Pen(width, height)
    if radar.pixel_km is not None:
        length = bar_km(columns * radar.pixel_km)
        pen.scale((_MARGIN, height - _MARGIN), length / radar.pixel_km * cell, f"{length} km")
    if (turn := north_of(radar)) is not None:
        pen.north((width - _MARGIN - 14, _MARGIN + 26), turn)
    block = io.BytesIO()
    Image.fromarray(pen.picture()).save(block, "PNG", optimize=True)
    return block.getvalue()


def bar_km(width: float) -> int:
    """How long the scale bar of a map is, km, that is ``width`` km wide."""
    return max((km for km in _LENGTHS if km < width / 3), default=_LENGTHS[0])


def north_of(radar: RadarSequence) -> float | None:
    """Where north points in the middle of the map: degrees clockwise from up; None where it is not
    known."""
    if radar.projection and radar.bounds is not None:
        with suppress(MediaError):
            return north(radar.projection, radar.bounds)
    return None


class Pen:
    """Draws on a clear picture of ``width`` x ``height`` units."""

    def __init__(self, width: float, height: float) -> None:
        self._size, self._unit = (round(width * FINE), round(height * FINE)), FINE * _SMOOTH
        self._image = Image.new("RGBA", (self._size[0] * _SMOOTH, self._size[1] * _SMOOTH),
                                (*RIM, 0))
        self._draw = ImageDraw.Draw(self._image)
        self._font = ImageFont.load_default(_LETTERS * self._unit)

    def scale(self, left_foot: Point, length: float, text: str) -> None:
        """A bar so long, with its text above."""
        left, foot = left_foot
        corners = [(left, foot - 4), (left, foot), (left + length, foot), (left + length, foot - 4)]
        self._lines([corners])
        self._text((left + length / 2, foot - 4), text, "mb")

    def north(self, middle: Point, degrees: float) -> None:
        """An arrow that points up, turned clockwise by so much, with an N before it."""
        x, y = middle
        turn = radians(degrees)

        def point(ahead: float, aside: float) -> Point:
            return (x + ahead * sin(turn) + aside * cos(turn),
                    y - ahead * cos(turn) + aside * sin(turn))

        self._lines([[point(-10, 0), point(12, 0)],
                     [point(4, -4), point(12, 0), point(4, 4), point(4, -4)]])
        self._text(point(21, 0), "N", "mm")

    def picture(self) -> np.ndarray:
        """What was drawn, uint8 RGBA ``[height, width, 4]``."""
        return np.asarray(self._image.resize(self._size, Image.Resampling.BOX))

    def _lines(self, lines: list[list[Point]]) -> None:
        for colour, width in ((RIM, _LINE + 2 * _RIM), (INK, _LINE)):
            for line in lines:
                places = [(x * self._unit, y * self._unit) for x, y in line]
                self._draw.line(places, colour, round(width * self._unit), "curve")
                half = width * self._unit / 2
                for x, y in places:
                    self._draw.ellipse((x - half, y - half, x + half, y + half), colour)

    def _text(self, at: Point, text: str, anchor: str) -> None:
        x, y = (part * self._unit for part in at)
        self._draw.text((x, y), text, INK, self._font, anchor,
                        stroke_width=round(_RIM * self._unit), stroke_fill=RIM)
