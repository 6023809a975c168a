"""The map under the rain, as a film: plain ground, grid lines, scale, north, and where no radar
sees.

It is quiet on purpose, and still: rain is drawn on top by whoever plays it.
"""

from __future__ import annotations

from contextlib import suppress
from math import ceil, cos, radians, sin
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from hybridcore.errors import MediaError
from hybridcore.media.files import whole_file
from hybridcore.media.radar.projection import north
from hybridcore.media.writer import VideoWriter
from hybridcore.progress import Progress

if TYPE_CHECKING:
    from hybridcore.media.radar.sequence import RadarSequence

FIELDS_A_SECOND = 4
_LONGER_SIDE = 480  # px, of the film at least
_GROUND, _LINE, _INK = (240, 241, 242), (222, 224, 227), (96, 101, 108)
_NO_DATA = (224, 226, 229)
_SIZE = 13  # px, of letters
_MARGIN = 12  # px
_CRF = 16


def enlargement(height: int, width: int) -> int:
    """By how much pixels of the map are enlarged; even, so that the sides of the film are."""
    return 2 * max(1, ceil(_LONGER_SIDE / (2 * max(height, width))))


def write_map(radar: RadarSequence, folder: Path, progress: Progress | None) -> Path:
    """The film, made once for each content."""
    path = folder / f"{radar.digest}-map.mp4"
    if not path.exists():
        picture = draw_map(radar)
        height, width = picture.shape[:2]
        with whole_file(path) as partial, VideoWriter(
                partial, width, height, FIELDS_A_SECOND, crf=_CRF) as writer:
            for k in range(radar.frames):
                writer.write(picture)
                if progress is not None:
                    progress(k + 1, radar.frames)
    return path


def draw_map(radar: RadarSequence) -> NDArray[np.uint8]:
    """One picture of it, uint8 RGB ``[h, w, 3]``."""
    unseen: NDArray[np.bool_] = np.isnan(radar.rates[0])
    if unseen.all():
        unseen = np.asarray(np.isnan(radar.rates).all(0))
    picture = Image.fromarray(_ground(unseen, enlargement(*unseen.shape)))
    draw = ImageDraw.Draw(picture)
    font = ImageFont.load_default(_SIZE)
    if radar.pixel_km is not None:
        px_per_km, every = enlargement(*unseen.shape) / radar.pixel_km, radar.lines_km
        assert every is not None
        _draw_grid(draw, picture.size, radar, px_per_km, every)
        _draw_scale(draw, picture.size, px_per_km, every, font)
    if radar.projection and radar.bounds is not None:
        with suppress(MediaError):
            _draw_north(draw, picture.size, north(radar.projection, radar.bounds), font)
    return np.asarray(picture)


def _ground(unseen: NDArray[np.bool_], factor: int) -> NDArray[np.uint8]:
    """Plain where radar sees, darker elsewhere."""
    picture = np.array([_GROUND, _NO_DATA], np.uint8)[unseen.astype(np.intp)]
    return picture.repeat(factor, 0).repeat(factor, 1)


def _draw_grid(draw: ImageDraw.ImageDraw, size: tuple[int, int], radar: RadarSequence,
               px_per_km: float, every: float) -> None:
    """Lines at whole multiples of ``every`` km of the projection, or from the upper left."""
    width, height = size
    x0, _, _, y1 = radar.bounds or (0.0, 0.0, 0.0, 0.0)
    gap = every * px_per_km
    for at in np.arange((-x0 / 1000 % every) * px_per_km, width, gap):
        draw.line([(at, 0), (at, height)], _LINE)
    for at in np.arange((y1 / 1000 % every) * px_per_km, height, gap):
        draw.line([(0, at), (width, at)], _LINE)


def _draw_scale(draw: ImageDraw.ImageDraw, size: tuple[int, int], px_per_km: float, every: float,
                font: ImageFont.FreeTypeFont | ImageFont.ImageFont) -> None:
    length = every * px_per_km
    left, foot = _MARGIN, size[1] - _MARGIN
    draw.line([(left, foot - 4), (left, foot), (left + length, foot), (left + length, foot - 4)],
              _INK, 1)
    draw.text((left + length / 2, foot - 4), f"{every:.0f} km", _INK, font, "mb")


def _draw_north(draw: ImageDraw.ImageDraw, size: tuple[int, int], degrees: float,
                font: ImageFont.FreeTypeFont | ImageFont.ImageFont) -> None:
    """An arrow to the north, turned clockwise by so much, in the upper right."""
    x, y = size[0] - _MARGIN - 14, _MARGIN + 26
    turn = radians(degrees)

    def point(ahead: float, aside: float) -> tuple[float, float]:
        return (x + ahead * sin(turn) + aside * cos(turn),
                y - ahead * cos(turn) + aside * sin(turn))

    draw.line([point(-10, 0), point(10, 0)], _INK, 1)
    draw.polygon([point(12, 0), point(4, -4), point(4, 4)], _INK)
    draw.text(point(21, 0), "N", _INK, font, "mm")
