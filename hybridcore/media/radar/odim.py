"""ODIM HDF5, the format of EUMETNET OPERA (ODIM_H5, Michelson et al., versions 2.0 to 2.4)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import h5py
import numpy as np

from hybridcore.errors import MediaError
from hybridcore.media.radar.field import WHOLE, Field, Grid, Part, Quantity, Rates, Read
from hybridcore.media.radar.hdf5 import (
    Group,
    attribute,
    dataset,
    group,
    number,
    numbered,
    opened,
    shape,
    text,
)
from hybridcore.media.radar.projection import plain, project
from hybridcore.media.radar.units import rate_of_amount, rate_of_reflectivity

_QUANTITIES: dict[str, Quantity] = {
    "RATE": "rain rate", "ACRR": "accumulation", "DBZH": "reflectivity", "DBZ": "reflectivity",
    "TH": "reflectivity", "DBZV": "reflectivity"}
_POLAR = ("SCAN", "PVOL", "RAY", "AZIM", "ELEV")
_CORNERS = ("LL", "UL", "UR", "LR")


def is_odim(file: h5py.File) -> bool:
    """Whether it is one."""
    return "ODIM" in text(file, "Conventions").upper() or (
        group(file, "dataset1") is not None and group(file, "what") is not None)


def odim_fields(file: h5py.File, content: bytes) -> list[Field]:
    """The maps of rain or reflectivity in a file.

    Raises:
        MediaError: there is none, or it is a volume of one radar.
    """
    if text(group(file, "what"), "object").upper() in _POLAR:
        raise MediaError("This is the volume of one radar in polar coordinates; choose a composite "
                         "or a map, such as those of OPERA.")
    fields = []
    for product in numbered(file, "dataset"):
        for data in numbered(product, "data"):
            quantity = _QUANTITIES.get(str(_what(file, product, data, "quantity")).upper())
            values = dataset(data, "data")
            if quantity is None or values is None:
                continue
            fields.append(Field(
                "ODIM HDF5", quantity, _time(file, product), _grid(file, values),
                _reader(content, product.name, data.name, quantity)))
    if not fields:
        raise MediaError("This ODIM file holds no map of rain rate (RATE), amount (ACRR) or "
                         "reflectivity (DBZH); choose a composite of rain.")
    return fields


def _reader(content: bytes, product: str, data: str, quantity: Quantity) -> Read:
    def read(part: Part = WHOLE) -> Rates:
        with opened(content) as file:
            return _rates(file, file[product], file[data], part, quantity)

    return read


def _rates(file: h5py.File, product: Group, data: Group, part: Part, quantity: Quantity
           ) -> Rates:
    gain, offset, nodata, undetect = (
        default if (value := _what(file, product, data, name)) is None else float(value)
        for name, default in (("gain", 1.0), ("offset", 0.0), ("nodata", None), ("undetect", None)))
    codes = data["data"][part]
    values = codes.astype(np.float32)
    if (gain, offset) != (1.0, 0.0):
        values = values * np.float32(gain) + np.float32(offset)
    if undetect is not None:
        values[codes == undetect] = -np.inf if quantity == "reflectivity" else 0
    if nodata is not None:
        values[codes == nodata] = np.nan
    if quantity == "reflectivity":
        return rate_of_reflectivity(values)
    values[values < 0] = np.nan
    if quantity == "accumulation":
        return rate_of_amount(values, _minutes(product))
    return values


def _minutes(product: Group) -> float:
    """Over which an amount fell."""
    start, end = (_stamp(group(product, "what"), f"{which}date", f"{which}time")
                  for which in ("start", "end"))
    if start is None or end is None or end <= start:
        raise MediaError("The file holds amounts of rain and does not say over what time.")
    return (end - start).total_seconds() / 60


def _what(file: h5py.File, product: Group, data: Group, name: str) -> Any:
    """An attribute of the nearest ``what``, as ODIM has it inherited."""
    return next((value for place in (data, product, file)
                 if (value := attribute(group(place, "what"), name)) is not None), None)


def _time(file: h5py.File, product: Group) -> datetime | None:
    """The nominal time of the product, or else when its data end."""
    return _stamp(group(file, "what"), "date", "time") or _stamp(
        group(product, "what"), "enddate", "endtime")


def _stamp(what: Group | None, date: str, time: str) -> datetime | None:
    try:
        written = text(what, date) + text(what, time).ljust(6, "0")[:6]
        return datetime.strptime(written, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def _grid(file: h5py.File, values: h5py.Dataset) -> Grid:
    size = shape(values)
    where = group(file, "where")
    projection = plain(text(where, "projdef"))
    if not projection or any(attribute(where, f"{corner}_lon") is None for corner in ("LL", "UR")):
        return Grid(size)
    corners = [project(projection, number(where, f"{corner}_lon"), number(where, f"{corner}_lat"))
               for corner in _CORNERS if attribute(where, f"{corner}_lon") is not None]
    xs, ys = zip(*corners, strict=True)
    return Grid(size, projection, (min(xs), min(ys), max(xs), max(ys)))
