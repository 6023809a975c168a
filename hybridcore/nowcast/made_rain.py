"""Rain that this project made: cells that are carried, grow and decay, as a radar would see them.

Not weather: no equation of the air is solved. Every cell is a soft disc that is born, swells, fades
and moves with the others.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import numpy as np

from hybridcore.media.files import whole_file

SIDE, FIELDS, STEP = 96, 25, 5.0  # px of 2 km, fields, minutes
_LEAST = 0.08  # mm/h
_ROUGH, _LASTS = 0.55, 60.0  # of the texture: its strength, and minutes until it is another
_TURN = 0.42  # degrees a minute
_BEGIN = datetime(2026, 6, 15, 13, 0)  # UTC; no such rain fell
# The middle of Finland, as the Finnish institute writes it; made rain falls there.
_HEADER = (
    "P5\n# obstime {time}\n# type stereographic\n# centrallongitude 25.000\n"
    "# centrallatitude 90.000\n# truelatitude 60.000\n# bottomleft 23.203226 61.116918\n"
    "# topright 26.916963 62.858148\n# producttype MADE BY HYBRIDCORE\n{side} {side}\n255\n")

Moved = Callable[[np.ndarray, float], np.ndarray]


@dataclass(frozen=True)
class Cells:
    """n cells. start: float ``[n, 2]``, px, x and y where each would be at minute 0. born, life:
    minutes ``[n]``. peak: mm/h ``[n]``. radius: px ``[n]``."""

    start: np.ndarray
    born: np.ndarray
    life: np.ndarray
    peak: np.ndarray
    radius: np.ndarray


def field(cells: Cells, moved: Moved, minute: float) -> np.ndarray:
    """The rain of a minute, float32 ``[SIDE, SIDE]`` in mm/h; moved: where places ``[n, 2]`` of
    minute 0 are at a minute."""
    age = (minute - cells.born) / cells.life
    strength = np.where((age > 0) & (age < 1), np.sin(np.pi * np.clip(age, 0, 1)), 0) * cells.peak
    y, x = np.mgrid[:SIDE, :SIDE]
    rain = np.zeros((SIDE, SIDE))
    for (left, top), much, radius in zip(
            moved(cells.start, minute), strength, cells.radius, strict=True):
        if much > 0:
            rain += much * np.exp(-((x - left) ** 2 + (y - top) ** 2) / (2 * radius**2))
    came_from = moved(np.stack([x.ravel(), y.ravel()], 1).astype(float), -minute)
    rain *= np.exp(_ROUGH * _texture(came_from.reshape(SIDE, SIDE, 2), minute))
    return np.where(rain < _LEAST, 0, rain).astype(np.float32)


def _texture(places: np.ndarray, minute: float) -> np.ndarray:
    """Noise at places ``[SIDE, SIDE, 2]``, mean 0 and deviation 1, which is another one after an
    hour."""
    turned = minute / _LASTS * np.pi / 2
    one, other = (_read(picture, places) for picture in _noise())
    mixed: np.ndarray = np.cos(turned) * one + np.sin(turned) * other
    return mixed


def _read(picture: np.ndarray, places: np.ndarray) -> np.ndarray:
    """A picture that goes on at its other side, between its pixels. In double precision and by
    hand: another processor is to make the same bytes."""
    side = len(picture)
    first = np.floor(places).astype(int)
    x, y = np.moveaxis(places - first, -1, 0)
    column, row = np.moveaxis(first % side, -1, 0)
    right, below = (column + 1) % side, (row + 1) % side
    read: np.ndarray = (
        (1 - y) * ((1 - x) * picture[row, column] + x * picture[row, right])
        + y * ((1 - x) * picture[below, column] + x * picture[below, right]))
    return read


@cache
def _noise() -> tuple[np.ndarray, np.ndarray]:
    """Two pictures of noise that is coarse more than fine, as rain is; each goes on at its other
    side."""
    rng, side = np.random.default_rng(2), 256
    frequency = np.hypot(np.fft.fftfreq(side)[:, None], np.fft.fftfreq(side)[None])
    weight = np.where(frequency > 0, np.maximum(frequency, 1 / 48) ** -1.6, 0)
    made = [np.fft.ifft2(np.fft.fft2(rng.normal(size=(side, side))) * weight).real
            for _ in range(2)]
    return made[0] / made[0].std(), made[1] / made[1].std()


def band(seed: int = 4) -> list[np.ndarray]:
    """A band of rain that passes to the east, with cells in it that grow and decay."""
    rng = np.random.default_rng(seed)
    count = 150
    along = rng.uniform(-20, SIDE + 20, count)
    across = rng.normal(0, 6, count)
    start = np.stack([18 - 0.28 * (along - SIDE / 2) + across, along], 1)
    heavy = rng.random(count) < 0.22
    cells = Cells(start, rng.uniform(-60, 105, count), rng.uniform(40, 120, count),
                  np.where(heavy, rng.uniform(6, 22, count), rng.uniform(0.4, 2.5, count)),
                  np.where(heavy, rng.uniform(1.6, 3.2, count), rng.uniform(3, 7, count)))
    return [field(cells, _drifting(0.36, -0.05), k * STEP) for k in range(FIELDS)]


def turning(seed: int = 11) -> list[np.ndarray]:
    """Showers that go round a low."""
    rng = np.random.default_rng(seed)
    count = 36
    far, angle = 44 * np.sqrt(rng.random(count)), rng.uniform(0, 2 * np.pi, count)
    middle = np.array([SIDE / 2 - 4, SIDE / 2 + 4])
    start = middle + far[:, None] * np.stack([np.cos(angle), np.sin(angle)], 1)
    cells = Cells(start, rng.uniform(-60, 105, count), rng.uniform(45, 120, count),
                  rng.uniform(0.8, 14, count), rng.uniform(1.6, 4.2, count))

    def moved(places: np.ndarray, minute: float) -> np.ndarray:
        turn = -np.deg2rad(_TURN) * minute  # against the clock, seen with north at the top
        spin = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
        turned: np.ndarray = middle + (places - middle) @ spin
        return turned

    return [field(cells, moved, k * STEP) for k in range(FIELDS)]


def born(seed: int = 7) -> list[np.ndarray]:
    """Light rain in the west, and a storm in the dry east that is born after an hour."""
    rng = np.random.default_rng(seed)
    count = 45
    start = np.stack([rng.uniform(-14, 26, count), rng.uniform(0, SIDE, count)], 1)
    light = Cells(start, rng.uniform(-60, 105, count), rng.uniform(50, 130, count),
                  rng.uniform(0.3, 2.2, count), rng.uniform(2.5, 6, count))
    storm = Cells(
        np.array([[44.0, 40.0], [47.0, 44.0], [42.0, 47.0], [50.0, 39.0]]),
        np.array([66.0, 72.0, 78.0, 84.0]), np.full(4, 110.0),
        np.array([30.0, 42.0, 26.0, 34.0]), np.array([3.2, 4.0, 3.6, 3.0]))
    moved = _drifting(0.22, 0.04)
    return [field(light, moved, k * STEP) + field(storm, moved, k * STEP) for k in range(FIELDS)]


def _drifting(across: float, down: float) -> Moved:
    """All that moves the same way, px a minute."""
    return lambda places, minute: places + np.array([across, down]) * minute


def write_sample(name: str, make: Callable[[], list[np.ndarray]], folder: Path) -> Path:
    """Fields as a zip of PGM files in ``folder``, as the Finnish institute writes them; the same
    bytes every time. They are made only if the file is not there yet."""
    path = folder / f"{name}.zip"
    if path.is_file():
        return path
    with whole_file(path) as partial, zipfile.ZipFile(partial, "w", zipfile.ZIP_STORED) as archive:
        for k, rates in enumerate(make()):
            stamp = f"{_BEGIN + timedelta(minutes=STEP * k):%Y%m%d%H%M}"
            header = _HEADER.format(time=stamp, side=SIDE).encode()
            archive.writestr(zipfile.ZipInfo(f"{stamp}_made.pgm", (2026, 6, 15, 0, 0, 0)),
                             header + reflectivity(rates).tobytes())
    return path


def reflectivity(rates: np.ndarray) -> np.ndarray:
    """Rates in mm/h as 8 bits of half a dBZ (Marshall & Palmer, Z = 200 R^1.6), 0 where it is
    dry."""
    dbz = 10 * np.log10(200 * np.maximum(rates, 1e-3) ** 1.6)
    codes = np.where(rates > 0, np.clip(np.rint(2 * dbz + 64), 1, 254), 0)
    return codes.astype(np.uint8)
