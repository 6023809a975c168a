"""netCDF-4 after the CF conventions: a variable of rain or reflectivity on a plane map."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import h5py
import numpy as np
from numpy.typing import NDArray

from hybridcore.errors import MediaError
from hybridcore.media.radar.field import WHOLE, Field, Grid, Part, Quantity, Rates, Read
from hybridcore.media.radar.hdf5 import (
    attribute,
    dataset,
    number,
    opened,
    shape,
    text,
)
from hybridcore.media.radar.projection import plain, project
from hybridcore.media.radar.units import rate_of_amount, rate_of_reflectivity

_UNITS: dict[str, tuple[Quantity, float]] = {  # what it is, and the factor to mm/h, mm or dBZ
    "mmh-1": ("rain rate", 1.0), "mm/h": ("rain rate", 1.0), "mmhr-1": ("rain rate", 1.0),
    "mm/hr": ("rain rate", 1.0), "kgm-2h-1": ("rain rate", 1.0),
    "kgm-2s-1": ("rain rate", 3600.0), "mms-1": ("rain rate", 3600.0),
    "ms-1": ("rain rate", 3.6e6),
    "mm": ("accumulation", 1.0), "kgm-2": ("accumulation", 1.0), "m": ("accumulation", 1000.0),
    "dbz": ("reflectivity", 1.0)}
_RAIN = re.compile(r"rain|precip|reflectiv|dbz|crr", re.IGNORECASE)
_PROJECTIONS = {
    "albers_conical_equal_area": "aea", "azimuthal_equidistant": "aeqd",
    "lambert_azimuthal_equal_area": "laea", "lambert_conformal_conic": "lcc",
    "mercator": "merc", "polar_stereographic": "stere", "stereographic": "stere",
    "transverse_mercator": "tmerc"}
_PARAMETERS = {
    "longitude_of_central_meridian": "lon_0", "longitude_of_projection_origin": "lon_0",
    "straight_vertical_longitude_from_pole": "lon_0", "latitude_of_projection_origin": "lat_0",
    "false_easting": "x_0", "false_northing": "y_0", "semi_major_axis": "a",
    "semi_minor_axis": "b", "inverse_flattening": "rf", "earth_radius": "R",
    "scale_factor_at_projection_origin": "k_0"}
_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400}


def is_netcdf(file: h5py.File) -> bool:
    """Whether it follows the conventions, or was written by the netCDF library."""
    return "CF" in text(file, "Conventions").upper() or "_NCProperties" in file.attrs


def netcdf_fields(file: h5py.File, content: bytes) -> list[Field]:
    """The maps over time of the first variable that is rain.

    Raises:
        MediaError: there is none.
    """
    found = [(name, *what) for name in file if (what := _quantity(file, name)) is not None]
    if not found:
        raise MediaError("This netCDF file holds no map of rain (mm, mm/h) or reflectivity (dBZ); "
                         "choose a radar product.")
    order: list[Quantity] = ["rain rate", "reflectivity", "accumulation"]
    name, quantity, factor = min(found, key=lambda one: order.index(one[1]))
    values = dataset(file, name)
    assert values is not None
    grid, turned = _grid(file, values)
    starts = _times(file, "start_time")
    ends: list[datetime | None] = [*(_times(file, "valid_time") or _times(file, "time"))]
    count = int(np.prod(values.shape[:-2]))
    if len(ends) != count:
        ends = [_nominal(file)] if count == 1 else [None] * count
    source = "BoM netCDF" if "bureau of meteorology" in text(file, "institution").lower() \
        else "netCDF"
    fields = []
    for k, end in enumerate(ends):
        start = starts[k] if k < len(starts) else None
        minutes = (end - start).total_seconds() / 60 if start and end else None
        if quantity == "accumulation" and not minutes:
            raise MediaError("The file holds amounts of rain and does not say over what time.")
        fields.append(Field(source, quantity, end, grid, _reader(
            content, name, k, turned, quantity, factor, minutes)))
    return fields


def _reader(content: bytes, name: str, at: int, turned: bool, quantity: Quantity, factor: float,
            minutes: float | None) -> Read:
    def read(part: Part = WHOLE) -> Rates:
        with opened(content) as file:
            values = file[name]
            place = np.unravel_index(at, values.shape[:-2]) if len(values.shape) > 2 else ()
            codes = values[(*place, ...)][::-1][part] if turned else values[(*place, *part)]
            plane = _unpacked(values, codes) * np.float32(factor)
        if quantity == "reflectivity":
            return rate_of_reflectivity(plane)
        return rate_of_amount(plane, minutes) if minutes and quantity == "accumulation" else plane

    return read


def _unpacked(values: h5py.Dataset, codes: NDArray[np.generic]) -> Rates:
    plane = codes.astype(np.float32)
    plane = plane * np.float32(number(values, "scale_factor", 1.0)) + np.float32(
        number(values, "add_offset", 0.0))
    for missing in ("_FillValue", "missing_value"):
        if (code := attribute(values, missing)) is not None:
            plane[codes == code] = np.nan
    return plane


def _quantity(file: h5py.File, name: str) -> tuple[Quantity, float] | None:
    values = dataset(file, name)
    if values is None or len(values.shape) < 2 or values.dtype.kind not in "iuf":
        return None
    words = f"{name} {text(values, 'standard_name')} {text(values, 'long_name')}"
    units = re.sub(r"[\s*^.]", "", text(values, "units")).lower()
    return _UNITS.get(units) if _RAIN.search(words) else None


def _grid(file: h5py.File, values: h5py.Dataset) -> tuple[Grid, bool]:
    """The grid, and whether the file has its south first."""
    size = shape(values)
    for across, along in (("x", "y"), ("nx", "ny"), ("lon", "lat"), ("longitude", "latitude")):
        xs, ys = dataset(file, across), dataset(file, along)
        if xs is not None and ys is not None and (ys.shape, xs.shape) == ((size[0],), (size[1],)):
            break
    else:
        return Grid(size), False
    x, y = np.asarray(xs[...], float), np.asarray(ys[...], float)
    turned = len(y) > 1 and bool(y[1] > y[0])
    if min(size) < 2:
        return Grid(size), turned
    projection = _projection(file, values)
    unit = {"km": 1000.0}.get(text(xs, "units").lower(), 1.0)
    if text(xs, "units").lower().startswith("degree") or "lon" in across:
        middle = (float(x.mean()), float(y.mean()))
        projection = plain(f"+proj=eqc +lat_ts={middle[1]:.6f} +lon_0={middle[0]:.6f} +R=6371000")
        (left, low), (right, high) = (project(projection, *corner)
                                      for corner in zip(*_edges(x, y), strict=True))
        return Grid(size, projection, (left, low, right, high)), turned
    (left, right), (low, high) = _edges(x * unit, y * unit)
    return Grid(size, projection, (left, low, right, high) if projection else None), turned


def _edges(x: NDArray[np.float64], y: NDArray[np.float64]
           ) -> tuple[tuple[float, float], tuple[float, float]]:
    """Left and right, low and high edges of cells whose middles these are."""
    half_x, half_y = abs(x[1] - x[0]) / 2, abs(y[1] - y[0]) / 2
    return ((float(x.min() - half_x), float(x.max() + half_x)),
            (float(y.min() - half_y), float(y.max() + half_y)))


def _projection(file: h5py.File, values: h5py.Dataset) -> str:
    if gdal := text(file, "gdal_projection"):
        return plain(gdal)
    mapping = dataset(file, text(values, "grid_mapping") or "proj")
    name = _PROJECTIONS.get(text(mapping, "grid_mapping_name"))
    if mapping is None or name is None:
        return ""
    parts = [f"+proj={name}"]
    parts += [f"+{key}={number(mapping, attr):.12g}" for attr, key in _PARAMETERS.items()
              if attr in mapping.attrs]
    parallels = np.atleast_1d(mapping.attrs.get("standard_parallel", []))
    keys = ("lat_1", "lat_2") if name in ("aea", "lcc") else ("lat_ts",)
    parts += [f"+{key}={float(value):.12g}" for key, value in zip(keys, parallels, strict=False)]
    if name == "stere" and "latitude_of_projection_origin" not in mapping.attrs:
        parts.append("+lat_0=90")
    return plain(" ".join(parts))


def _times(file: h5py.File, name: str) -> list[datetime]:
    """The values of a variable such as ``seconds since 1970-01-01 00:00:00 UTC``."""
    values = dataset(file, name)
    match = re.match(r"(\w+?)s? since (\d{4})-(\d+)-(\d+)[T ]?(?:(\d+):(\d+)(?::(\d+))?)?",
                     text(values, "units"))
    if values is None or match is None or match[1] not in _SECONDS or values.size > 100_000:
        return []
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[1:])
    since = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    return [since + timedelta(seconds=float(value) * _SECONDS[match[1]])
            for value in np.ravel(values[...])]


def _nominal(file: h5py.File) -> datetime | None:
    written = text(file, "nominal_product_time") or text(file, "time_coverage_end")
    try:
        return datetime.fromisoformat(written).astimezone(UTC)
    except ValueError:
        return None
