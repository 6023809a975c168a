"""GRIB edition 2 (WMO Manual on Codes, FM 92) as MRMS and others use it for rain.

Read here in full: a grid of latitudes and longitudes (template 3.0) in simple (5.0) or PNG packing
(5.41), with or without a bitmap. Other packings are refused by name.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from hybridcore.errors import MediaError
from hybridcore.media.radar.field import WHOLE, Field, Grid, Part, Quantity, Rates, Read
from hybridcore.media.radar.projection import plain, project
from hybridcore.media.radar.units import rate_of_reflectivity

_PARAMETERS: dict[tuple[int, int, int], tuple[str, Quantity, float]] = {
    # discipline, category, number -> source, quantity, factor to mm/h or dBZ
    (209, 6, 1): ("MRMS GRIB2", "rain rate", 1.0),
    (0, 1, 7): ("GRIB2", "rain rate", 3600.0),
    (0, 1, 52): ("GRIB2", "rain rate", 3600.0),
    (0, 16, 4): ("GRIB2", "reflectivity", 1.0),
    (0, 16, 5): ("GRIB2", "reflectivity", 1.0)}
_PACKINGS = {2: "complex", 3: "complex", 4: "floating-point", 40: "JPEG 2000", 42: "CCSDS",
             50: "spectral"}
_SECONDS = {0: 60, 1: 3600, 2: 86_400, 13: 1}  # code table 4.4
_AT_ONCE = 1 << 20  # values that are unpacked together
_DEGREES = 1e-6

_DAMAGED = "The radar file is damaged; copy or download it again."

Sections = dict[int, bytes]


def grib_fields(content: bytes) -> list[Field]:
    """The maps of rain in a file.

    Raises:
        MediaError: there is none, it breaks off, or it is packed in a way that is not read.
    """
    fields = []
    others: list[str] = []
    for discipline, sections in _messages(content):
        category, parameter = sections[4][9], sections[4][10]
        what = _PARAMETERS.get((discipline, category, parameter))
        if what is None:
            others.append(f"{discipline}-{category}-{parameter}")
            continue
        source, quantity, factor = what
        fields.append(Field(source, quantity, _time(sections), _grid(sections[3]),
                            _reader(sections, quantity, factor)))
    if not fields:
        raise MediaError(f"This GRIB file holds no rain rate but parameter "
                         f"{', '.join(others[:3]) or 'none'}; choose MRMS PrecipRate, for one.")
    return fields


def _messages(content: bytes) -> Iterator[tuple[int, Sections]]:
    """The discipline and the sections of each message."""
    at = content.find(b"GRIB")
    while at >= 0 and content[at : at + 4] == b"GRIB":
        if content[at + 7] != 2:
            raise MediaError("This is GRIB edition 1; convert it to edition 2 (grib_set -s "
                             "edition=2) and choose it again.")
        discipline, end = content[at + 6], at + struct.unpack_from(">Q", content, at + 8)[0]
        if end > len(content):
            raise MediaError("The radar file breaks off; copy or download it again.")
        at += 16
        sections: Sections = {}
        while content[at : at + 4] != b"7777":
            length, number = struct.unpack_from(">IB", content, at)
            if length < 5 or at + length > end:
                raise MediaError(_DAMAGED)
            sections[number] = content[at : at + length]
            at += length
            if number == 7:
                if not {1, 3, 4, 5, 6} <= set(sections):
                    raise MediaError(_DAMAGED)
                yield discipline, dict(sections)
        at = content.find(b"GRIB", end)


def _time(sections: Sections) -> datetime:
    """Reference time and lead."""
    year, month, day, hour, minute, second = struct.unpack_from(">HBBBBB", sections[1], 12)
    unit, lead = struct.unpack_from(">BI", sections[4], 17)
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC) + timedelta(
        seconds=_SECONDS.get(unit, 0) * lead)


def _grid(section: bytes) -> Grid:
    """A regular grid, as a plane map that is true to scale in its middle latitude."""
    if struct.unpack_from(">H", section, 12)[0] != 0:
        raise MediaError("The GRIB file is on a grid that is not read; convert it to latitudes and "
                         "longitudes.")
    columns, rows = struct.unpack_from(">II", section, 30)
    first_lat, first_lon = (_signed(section, at) * _DEGREES for at in (46, 50))
    last_lat, last_lon = (_signed(section, at) * _DEGREES for at in (55, 59))
    if min(rows, columns) < 2:
        raise MediaError("The GRIB file holds no map.")
    width = ((last_lon - first_lon) % 360) / (columns - 1)
    height = abs(first_lat - last_lat) / (rows - 1)
    west, east = first_lon - width / 2, first_lon - width / 2 + columns * width
    south, north = (min(first_lat, last_lat) - height / 2, max(first_lat, last_lat) + height / 2)
    middle = (first_lon + (columns - 1) / 2 * width + 180) % 360 - 180
    projection = plain(f"+proj=eqc +lat_ts={(south + north) / 2:.6f} +lon_0={middle:.6f} "
                       "+R=6371000")
    x1, y1 = project(projection, middle + (east - west) / 2, north)
    return Grid((rows, columns), projection,
                (-x1, project(projection, middle, south)[1], x1, y1))


def _reader(sections: Sections, quantity: Quantity, factor: float) -> Read:
    def read(part: Part = WHOLE) -> Rates:
        columns, rows = struct.unpack_from(">II", sections[3], 30)
        codes, there = _placed(_codes(sections), sections[6], rows * columns)
        plane = _unpacked(_turned(codes.reshape(rows, columns), sections[3])[part], sections[5])
        if there is not None:
            plane[~_turned(there.reshape(rows, columns), sections[3])[part]] = np.nan
        if quantity == "reflectivity":
            plane[plane <= -99] = np.nan
            return rate_of_reflectivity(plane)
        plane *= np.float32(factor)
        plane[plane < 0] = np.nan  # MRMS: -3 outside of every radar, -1 missing
        return plane

    return read


def _turned(plane: NDArray[np.generic], grid: bytes) -> NDArray[Any]:
    """With the north first, and west first in each row (flag table 3.4)."""
    scan = grid[71]
    if scan & 0b0011_0000:
        raise MediaError("The GRIB file runs along its columns; convert it to run along rows.")
    plane = plane[::-1] if scan & 0b0100_0000 else plane
    return plane[:, ::-1] if scan & 0b1000_0000 else plane


def _codes(sections: Sections) -> NDArray[np.integer]:
    """The integers of the values that are there."""
    count, template = struct.unpack_from(">IH", sections[5], 5)
    if template not in (0, 41):
        raise MediaError(
            f"The GRIB file is in {_PACKINGS.get(template, f'number {template}')} packing, which "
            "is not read; repack it (grib_set -r -s packingType=grid_simple).")
    bits = sections[5][19]
    Grid((1, count))  # not more than is read at all
    if bits == 0:
        return np.zeros(count, np.uint8)
    data = sections[7][5:]
    return _from_png(data, count) if template == 41 else _from_bits(data, count, bits)


def _unpacked(codes: NDArray[np.integer], representation: bytes) -> Rates:
    """(R + X 2^E) / 10^D, regulation 92.9.4."""
    (reference,) = struct.unpack_from(">f", representation, 11)
    binary, decimal = (_short(representation, at) for at in (15, 17))
    values = codes.astype(np.float32)
    values *= np.float32(2.0**binary / 10.0**decimal)
    values += np.float32(reference / 10.0**decimal)
    return values


def _from_png(data: bytes, count: int) -> NDArray[np.integer]:
    with Image.open(io.BytesIO(data), formats=("PNG",)) as image:
        Grid((image.height, image.width))
        codes = np.asarray(image)
    if codes.ndim == 3:  # the bytes of one number
        parts = [codes[..., k].astype(np.uint32) << 8 * (codes.shape[2] - 1 - k)
                 for k in range(codes.shape[2])]
        codes = np.bitwise_or.reduce(parts)
    if codes.size != count:
        raise MediaError(_DAMAGED)
    return codes.ravel()


def _from_bits(data: bytes, count: int, bits: int) -> NDArray[np.integer]:
    if bits > 32 or len(data) * 8 < count * bits:
        raise MediaError(_DAMAGED)
    if bits in (8, 16, 32):
        return np.frombuffer(data, f">u{bits // 8}", count)
    packed = np.frombuffer(data, np.uint8)
    codes = np.empty(count, np.uint32)
    powers = 1 << np.arange(bits - 1, -1, -1, dtype=np.uint32)
    for start in range(0, count, _AT_ONCE):  # a multiple of 8, so that it begins on a byte
        end = min(start + _AT_ONCE, count)
        one = np.unpackbits(packed[start * bits // 8 : -(-end * bits // 8)])
        codes[start:end] = one[: (end - start) * bits].reshape(-1, bits) @ powers
    return codes


def _placed(codes: NDArray[np.integer], bitmap: bytes, count: int
            ) -> tuple[NDArray[np.integer], NDArray[np.bool_] | None]:
    """The integers, one a point of the grid, and where the bitmap has a value; None: everywhere."""
    if bitmap[5] == 255:
        if len(codes) != count:
            raise MediaError(_DAMAGED)
        return codes, None
    there = np.unpackbits(np.frombuffer(bitmap[6:], np.uint8))[:count].astype(bool)
    if bitmap[5] != 0 or len(there) != count or int(there.sum()) != len(codes):
        raise MediaError(_DAMAGED)
    whole = np.zeros(count, codes.dtype)
    whole[there] = codes
    return whole, there


def _signed(section: bytes, at: int) -> int:
    """Four bytes whose first bit is the sign."""
    (number,) = struct.unpack_from(">I", section, at)
    return -(number & 0x7FFF_FFFF) if number >> 31 else number


def _short(section: bytes, at: int) -> int:
    """Two bytes whose first bit is the sign."""
    (number,) = struct.unpack_from(">H", section, at)
    return -(number & 0x7FFF) if number >> 15 else number
