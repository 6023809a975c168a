"""Radar fields as pictures: products of MeteoSwiss, and grey where a shade is a reflectivity."""

from __future__ import annotations

import io
import re

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from hybridcore.errors import MediaError
from hybridcore.media.radar.field import WHOLE, Field, Grid, Part, Rates, Read
from hybridcore.media.radar.projection import plain
from hybridcore.media.radar.times import time_in
from hybridcore.media.radar.units import rate_of_amount, rate_of_reflectivity

_FORMATS = ("PNG", "GIF", "PPM", "TIFF")
_CODED = ("AQC", "CPC")  # products of MeteoSwiss whose codes are logarithms of the amount
_PRODUCT = re.compile(r"PRDT=(([A-Z]{3})\d{9})")
_OVER = re.compile(r"ACCU[mM]=0*(\d+)")
# The Swiss domain is not in the files (pysteps, Pulkkinen et al. 2019, import_mch_gif).
_SWISS = Grid((640, 710), plain(
    "+proj=somerc +lon_0=7.43958333333333 +lat_0=46.9524055555556 +k_0=1 +x_0=600000 +y_0=200000 "
    "+ellps=bessel"), (255_000.0, -160_000.0, 965_000.0, 480_000.0))

_DARKEST, _SPAN = -10.0, 70.0  # dBZ at 0, and from there to 255: as HKO-7 (Shi et al. 2017)
GREY_NOTE = ("The pictures are read as grey of reflectivity, black dry, -10 dBZ at 0 to 60 dBZ at "
             "255, as in HKO-7; this is assumed, so amounts may be wrong.")
_COLOURED = 12  # difference of channels above which a pixel has a colour
_COLOURED_SHARE = 0.002


def picture_fields(content: bytes) -> list[Field]:
    """The frames of a picture.

    Raises:
        MediaError: it has colours, or is no picture.
    """
    image = Image.open(io.BytesIO(content), formats=_FORMATS)
    comment = image.info.get("comment", b"")
    if isinstance(comment, bytes) and b"Meteoswiss" in comment:
        return _swiss(image, comment.decode("latin-1"))
    grid = Grid((image.height, image.width))
    frames = [Field("pictures", "reflectivity", None, grid, _grey(image, k), GREY_NOTE)
              for k in range(getattr(image, "n_frames", 1))]
    frames[0].read()  # so that a photograph is refused at once
    return frames


def _swiss(image: Image.Image, comment: str) -> list[Field]:
    product, over = _PRODUCT.search(comment), _OVER.search(comment)
    if product is None or product[2] not in _CODED or over is None or image.mode not in "PL":
        raise MediaError(f"Of MeteoSwiss GIF files, {' and '.join(_CODED)} are read; choose one of "
                         "these products.")
    if (image.height, image.width) != _SWISS.shape:
        raise MediaError("The MeteoSwiss GIF does not have 710 x 640 pixels; choose the original.")
    minutes = float(over[1])

    def read(part: Part = WHOLE) -> Rates:
        return rate_of_amount(_amounts()[np.asarray(image)[part]], minutes)

    return [Field("MeteoSwiss GIF", "accumulation", time_in(product[1]), _SWISS, read)]


def _amounts() -> Rates:
    """mm of each code: (10^((code - 71.5) / 20) / 316)^(1/1.5); 0, 1 and 251 to 254 are dry."""
    codes = np.arange(256, dtype=np.float64)
    table = (10 ** ((codes - 71.5) / 20) / 316) ** (1 / 1.5)
    table[(codes < 2) | (codes > 250)] = 0
    table[255] = np.nan
    return table.astype(np.float32)


def _grey(image: Image.Image, frame: int) -> Read:
    def read(part: Part = WHOLE) -> Rates:
        image.seek(frame)
        if image.mode.startswith(("I", "F")):
            raise MediaError("The picture has more than 8 bits, whose meaning is not known; choose "
                             "the radar file that it was made from.")
        channels = np.asarray(image.convert("RGBA"))[part]
        _refuse_colour(channels)
        shade = channels[..., 0]
        dbz = shade.astype(np.float32) * np.float32(_SPAN / 255) + np.float32(_DARKEST)
        dbz[shade == 0] = -np.inf
        dbz[channels[..., 3] == 0] = np.nan  # transparent
        return rate_of_reflectivity(dbz)

    return read


def _refuse_colour(channels: NDArray[np.uint8]) -> None:
    colours = channels[..., :3].astype(np.int16)
    spread = colours.max(2) - colours.min(2)
    if float((spread > _COLOURED).mean()) > _COLOURED_SHARE:
        raise MediaError(
            "The picture has colours, so it is a photograph or a drawn map and not radar values; "
            "choose radar files (HDF5, netCDF, GRIB2), or pictures in which grey is reflectivity.")
