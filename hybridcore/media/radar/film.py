"""The map under the rain, as a film: plain ground, grid lines, and where no radar sees.

It is quiet on purpose, and still: rain is drawn on top by whoever plays it, and scale and north
above that (`hybridcore.media.radar.marks`).
"""

from __future__ import annotations

from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from hybridcore.media.files import whole_file
from hybridcore.media.writer import VideoWriter
from hybridcore.progress import Progress

if TYPE_CHECKING:
    from hybridcore.media.radar.sequence import RadarSequence

FIELDS_A_SECOND = 4
_LONGER_SIDE = 480  # px, of the film at least
_GROUND, _LINE, _NO_DATA = (240, 241, 242), (222, 224, 227), (224, 226, 229)
_CRF = 16


def enlargement(height: int, width: int) -> int:
    """By how much pixels of the map are enlarged; even, so that the sides of the film are."""
    return 2 * max(1, ceil(_LONGER_SIDE / (2 * max(height, width))))


def write_map(radar: RadarSequence, folder: Path, progress: Progress | None) -> Path:
    """The film, made once for each content."""
    path = folder / f"{radar.digest}-ground.mp4"
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
    if radar.pixel_km is not None:
        px_per_km, every = enlargement(*unseen.shape) / radar.pixel_km, radar.lines_km
        assert every is not None
        _draw_grid(ImageDraw.Draw(picture), picture.size, radar, px_per_km, every)
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
