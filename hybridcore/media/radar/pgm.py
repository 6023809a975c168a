"""PGM and GeoTIFF of the Finnish Meteorological Institute: reflectivity in 8 bits."""

from __future__ import annotations

import html
import io
import re
import warnings
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from hybridcore.errors import MediaError
from hybridcore.media.radar.field import WHOLE, Field, Grid, Part, Rates
from hybridcore.media.radar.projection import plain, project
from hybridcore.media.radar.units import rate_of_reflectivity

_MISSING = 255
# What the files leave out, after pysteps (Pulkkinen et al. 2019), import_fmi_pgm.
_EARTH = "+R=6371288 +x_0=380886.310 +y_0=3395677.920"
_HEADER = 1 << 14  # bytes
_ITEM = re.compile(r'<Item name="([^"]+)"[^>]*>([^<]*)</Item>')
_METADATA, _SCALE, _TIE, _KEYS = 42112, 33550, 33922, 34735  # tags of GeoTIFF and GDAL
_PROJECTED = 3072  # the key of the EPSG number of a projection


def is_fmi_pgm(content: bytes) -> bool:
    """Whether a PGM file has what FMI writes in its comments."""
    return content[:2] == b"P5" and b"# obstime" in content[:_HEADER]


def fmi_pgm_fields(content: bytes) -> list[Field]:
    """The one field of a file: (code - 64) / 2 dBZ."""
    words: dict[str, str] = dict(re.findall(
        r"^#[ \t]*(\S+)[ \t]+(.*?)\s*$", content[:_HEADER].decode("latin-1"), re.MULTILINE))

    def read(part: Part = WHOLE) -> Rates:
        with Image.open(io.BytesIO(content), formats=("PPM",)) as image:
            return _reflectivity(np.asarray(image)[part], 0.5, -32.0, _MISSING)

    with Image.open(io.BytesIO(content), formats=("PPM",)) as image:
        size = (image.height, image.width)
    return [Field("FMI PGM", "reflectivity", _time(words.get("obstime", "")),
                  _pgm_grid(size, words), read)]


def is_fmi_tiff(content: bytes) -> bool:
    """Whether a TIFF file says how reflectivity is coded in it."""
    if content[:4] not in (b"II*\0", b"MM\0*"):
        return False
    with Image.open(io.BytesIO(content), formats=("TIFF",)) as image:
        return "Gain" in _items(image)


def fmi_tiff_fields(content: bytes) -> list[Field]:
    """The one field of a file."""
    with Image.open(io.BytesIO(content), formats=("TIFF",)) as image:
        items, grid = _items(image), _tiff_grid(image)
        if image.mode != "L":
            raise MediaError("The GeoTIFF has no single band of 8 bits, which is what is read.")
    gain, offset = float(items["Gain"]), float(items.get("Offset", 0))

    def read(part: Part = WHOLE) -> Rates:
        with Image.open(io.BytesIO(content), formats=("TIFF",)) as image:
            return _reflectivity(np.asarray(image)[part], gain, offset,
                                 int(float(items.get("Nodata", _MISSING))))

    return [Field("FMI GeoTIFF", "reflectivity", _time(items.get("Observation time", "")), grid,
                  read)]


def _reflectivity(codes: NDArray[np.uint8], gain: float, offset: float, missing: int) -> Rates:
    """Rates of 8-bit reflectivity in which 0 is dry."""
    table = np.arange(256, dtype=np.float32) * gain + offset
    table[0] = -np.inf
    if 0 <= missing < 256:
        table[missing] = np.nan
    return rate_of_reflectivity(table)[codes]


def _pgm_grid(size: tuple[int, int], words: dict[str, str]) -> Grid:
    if words.get("type") != "stereographic":
        return Grid(size)
    projection = plain(f"+proj=stere +lon_0={words.get('centrallongitude')} "
                       f"+lat_0={words.get('centrallatitude')} "
                       f"+lat_ts={words.get('truelatitude')} {_EARTH}")
    corners = [[float(part) for part in words.get(corner, "").split()]
               for corner in ("bottomleft", "topright")]
    if not projection or any(len(corner) != 2 for corner in corners):
        return Grid(size)
    (x0, y0), (x1, y1) = (project(projection, *corner) for corner in corners)
    return Grid(size, projection, (x0, y0, x1, y1))


def _tiff_grid(image: Image.Image) -> Grid:
    import pyproj

    size, tags = (image.height, image.width), _tags(image)
    if _SCALE not in tags or _TIE not in tags:
        return Grid(size)
    keys = tags.get(_KEYS, ())
    code = next((keys[k + 3] for k in range(4, len(keys) - 3, 4) if keys[k] == _PROJECTED), 0)
    try:
        with warnings.catch_warnings():  # a PROJ string says less than the register, but enough
            warnings.simplefilter("ignore", UserWarning)
            projection = plain(pyproj.CRS.from_epsg(int(code)).to_proj4())
    except pyproj.exceptions.CRSError:
        projection = ""
    (width, height, _), (column, row, _, x, y, _) = tags[_SCALE][:3], tags[_TIE][:6]
    left, top = x - column * width, y + row * height
    return Grid(size, projection, (left, top - size[0] * height, left + size[1] * width, top)
                if projection else None)


def _items(image: Image.Image) -> dict[str, str]:
    return dict(_ITEM.findall(html.unescape(html.unescape(str(_tags(image).get(_METADATA, ""))))))


def _tags(image: Image.Image) -> dict[int, tuple[float, ...]]:
    return getattr(image, "tag_v2", {})


def _time(written: str) -> datetime | None:
    try:
        return datetime.strptime(written[:12], "%Y%m%d%H%M").replace(tzinfo=UTC)
    except ValueError:
        return None
