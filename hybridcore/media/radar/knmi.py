"""KNMI HDF5, the format of the Dutch weather service (KNMI HDF5 Data Format Specification 3.5)."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import h5py
import numpy as np

from hybridcore.errors import MediaError
from hybridcore.media.radar.field import WHOLE, Field, Grid, Part, Quantity, Rates, Read
from hybridcore.media.radar.hdf5 import (
    Group,
    dataset,
    group,
    number,
    numbered,
    opened,
    shape,
    text,
)
from hybridcore.media.radar.projection import plain
from hybridcore.media.radar.units import rate_of_amount, rate_of_reflectivity

_FORMULA = re.compile(r"GEO=([-+.\deE]+)\*PV([-+][.\deE+-]+)?", re.IGNORECASE)
_METRES = {"KM": 1000.0, "M": 1.0}


def is_knmi(file: h5py.File) -> bool:
    """Whether it is one."""
    return group(file, "overview") is not None and group(file, "geographic") is not None


def knmi_fields(file: h5py.File, content: bytes) -> list[Field]:
    """The fields of a file, one an image.

    Raises:
        MediaError: it holds something else than maps of rain or reflectivity.
    """
    grid = _grid(file)
    overview = group(file, "overview")
    start, end = (_time(text(overview, f"product_datetime_{which}")) for which in ("start", "end"))
    fields = []
    for k, image in enumerate(numbered(file, "image"), 1):
        values = dataset(image, "image_data")
        if values is None or shape(values) != grid.shape:
            continue
        what = text(image, "image_geo_parameter").upper()
        quantity: Quantity
        if "PRECIP" in what and "MM/H" not in what:
            quantity = "accumulation"
        elif "PRECIP" in what or "RAIN" in what:
            quantity = "rain rate"
        elif "REFLECTIVITY" in what:
            quantity = "reflectivity"
        else:
            continue
        time = _time(text(image, "image_datetime_valid")) or end
        minutes = (end - start).total_seconds() / 60 if start and end and end > start else 5.0
        fields.append(Field("KNMI HDF5", quantity, time, grid,
                            _reader(content, f"image{k}", quantity, minutes)))
    if not fields:
        raise MediaError("This KNMI file holds no map of rain or reflectivity; choose a radar "
                         "composite such as RAD_NL25.")
    return fields


def _reader(content: bytes, image: str, quantity: Quantity, minutes: float) -> Read:
    def read(part: Part = WHOLE) -> Rates:
        with opened(content) as file:
            return _rates(file[image], part, quantity, minutes)

    return read


def _rates(image: Group, part: Part, quantity: Quantity, minutes: float) -> Rates:
    calibration = group(image, "calibration")
    written = text(calibration, "calibration_formulas").replace(" ", "").replace("+-", "-")
    formula = _FORMULA.search(written)
    if formula is None:
        raise MediaError("The KNMI file does not say how its values are coded; it is damaged.")
    gain, offset = float(formula[1]), float(formula[2] or 0)
    codes = image["image_data"][part]
    values = codes.astype(np.float32) * np.float32(gain) + np.float32(offset)
    for missing in ("calibration_missing_data", "calibration_out_of_image"):
        values[codes == number(calibration, missing, -1)] = np.nan
    if quantity == "reflectivity":
        values[codes == 0] = -np.inf  # below what the radar detects
        return rate_of_reflectivity(values)
    return rate_of_amount(values, minutes) if quantity == "accumulation" else values


def _grid(file: h5py.File) -> Grid:
    place = group(file, "geographic")
    rows, columns = (int(number(place, f"geo_number_{side}")) for side in ("rows", "columns"))
    projection = plain(text(group(file, "geographic/map_projection"), "projection_proj4_params"))
    unit = _METRES.get(text(place, "geo_dim_pixel").upper().split(",")[0])
    if unit is None or not projection:
        return Grid((rows, columns))
    width, height = (unit * abs(number(place, f"geo_pixel_size_{axis}")) for axis in ("x", "y"))
    left = number(place, "geo_column_offset", 0.0) * width
    top = -number(place, "geo_row_offset", 0.0) * height
    return Grid((rows, columns), projection,
                (left, top - rows * height, left + columns * width, top))


def _time(written: str) -> datetime | None:
    try:
        return datetime.strptime(written.split(".")[0], "%d-%b-%Y;%H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        return None
