"""netCDF after the CF conventions: what was observed of rain or reflectivity on a plane map."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from hybridcore.errors import MediaError
from hybridcore.media.radar.field import WHOLE, Field, Grid, Part, Quantity, Rates, Read
from hybridcore.media.radar.hdf5 import attribute, number, shape, text
from hybridcore.media.radar.projection import plain, project
from hybridcore.media.radar.units import rate_of_amount, rate_of_reflectivity
from hybridcore.media.radar.variables import Variable, Variables

Open = Callable[[], AbstractContextManager[Variables]]

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
_FORECAST = re.compile(r"forecast|nowcast|predict|extrapolat", re.IGNORECASE)
_OBSERVED = re.compile(r"observ", re.IGNORECASE)
# Where a file names no fill value, the netCDF library fills with these.
_FILL = {"i2": -32_767, "i4": -2_147_483_647, "f4": np.float32(2.0**123 * 15 / 16),
         "f8": 2.0**123 * 15 / 16}
_MOST_TIMES = 100_000
_EVER = datetime.min.replace(tzinfo=UTC)
LEFT_OUT = ("The file holds a forecast as well, which is left out: only what was observed is "
            "read.")


def is_netcdf(file: Variables) -> bool:
    """Whether it follows the conventions, or was written by the netCDF library."""
    return "CF" in text(file, "Conventions").upper() or "_NCProperties" in file.attrs


def netcdf_fields(file: Variables, open_again: Open) -> list[Field]:
    """The observed maps over time of the first variable that is rain, and of one that goes on
    where it ends. What the file says to be forecast is left out.

    Raises:
        MediaError: there is none.
    """
    rain = [(name, *what) for name, variable in file.named.items()
            if (what := _quantity(name, variable)) is not None]
    if not rain:
        raise MediaError("This netCDF file holds no map of rain (mm, mm/h) or reflectivity (dBZ); "
                         "choose a radar product.")
    order: list[Quantity] = ["rain rate", "reflectivity", "accumulation"]
    rain.sort(key=lambda one: (order.index(one[1]), _ends(file, file.named[one[0]])[0] or _EVER))
    fields: list[Field] = []
    said = [_observed(file, name) for name, _, _ in rain]
    note = LEFT_OUT if not all(observed.all() for observed in said) else ""
    first: Variable | None = None
    for (name, quantity, factor), observed in zip(rain, said, strict=True):
        values = file.named[name]
        if not observed.any() or (first is not None and not _goes_on(file, first, values, fields)):
            continue
        first = first or values
        fields += _fields(file, open_again, name, quantity, factor, observed, note)
    if not fields:
        raise MediaError("This netCDF file holds a forecast and nothing that was observed; choose "
                         "what a radar measured.")
    return fields


def _fields(file: Variables, open_again: Open, name: str, quantity: Quantity, factor: float,
            observed: NDArray[np.bool_], note: str) -> list[Field]:
    """The observed fields of a variable."""
    values = file.named[name]
    grid, turned = _grid(file, values)
    starts, ends = _times(file.get("start_time")), _ends(file, values)
    source = "BoM netCDF" if "bureau of meteorology" in text(file, "institution").lower() \
        else "netCDF"
    fields = []
    for k in map(int, np.flatnonzero(observed)):
        start, end = starts[k] if k < len(starts) else None, ends[k]
        minutes = (end - start).total_seconds() / 60 if start and end else None
        if quantity == "accumulation" and not minutes:
            raise MediaError("The file holds amounts of rain and does not say over what time.")
        fields.append(Field(source, quantity, end, grid, _reader(
            open_again, name, k, turned, quantity, factor, minutes), note))
    return fields


def _goes_on(file: Variables, first: Variable, other: Variable, fields: list[Field]) -> bool:
    """Whether a variable is the same as the first one, observed after all ``fields``."""
    times, before = _ends(file, other), [field.time for field in fields]
    return (_alike(first) == _alike(other) and None not in times and None not in before
            and min(filter(None, times)) > max(filter(None, before)))


def _alike(values: Variable) -> tuple[object, ...]:
    return (text(values, "standard_name"), text(values, "units"), values.dimensions[-2:],
            values.shape[-2:])


def _observed(file: Variables, name: str) -> NDArray[np.bool_]:
    """Which fields of a variable are no forecast, ``[fields]``.

    A forecast has a ``forecast_period`` above 0, or a ``forecast_reference_time`` before its time,
    as the conventions have it; or it is one by its name or that of its time.
    """
    values = file.named[name]
    leading, times = values.dimensions[:-2], _ends(file, values)
    words = name + text(values, "long_name")
    for dimension in filter(None, leading):
        words += dimension + text(file.get(dimension), "long_name")
    if _FORECAST.search(words) and not _OBSERVED.search(words):
        return np.zeros(len(times), bool)
    observed = np.ones(values.shape[:-2], bool)
    for key, other in file.named.items():
        standard = text(other, "standard_name")
        if standard == "forecast_period" and set(other.dimensions) <= {*leading} - {""} \
                and other.values.size <= len(times):
            along = [length if dimension in other.dimensions else 1
                     for dimension, length in zip(leading, observed.shape, strict=True)]
            observed &= (np.asarray(other.values[...], float) <= 0).reshape(along)
        elif standard == "forecast_reference_time" and key in text(values, "coordinates").split():
            made = _times(other)
            made = made if len(made) == len(times) else made[:1] * len(times)
            for k, (time, since) in enumerate(zip(times, made, strict=False)):
                observed.flat[k] &= time is None or time <= since
    return observed.ravel()


def _reader(open_again: Open, name: str, at: int, turned: bool, quantity: Quantity, factor: float,
            minutes: float | None) -> Read:
    def read(part: Part = WHOLE) -> Rates:
        with open_again() as file:
            variable = file.named[name]
            values = variable.values
            place = np.unravel_index(at, values.shape[:-2]) if len(values.shape) > 2 else ()
            codes = values[(*place, ...)][::-1][part] if turned else values[(*place, *part)]
            plane = _unpacked(variable, codes) * np.float32(factor)
        if quantity == "reflectivity":
            return rate_of_reflectivity(plane)
        return rate_of_amount(plane, minutes) if minutes and quantity == "accumulation" else plane

    return read


def _unpacked(variable: Variable, codes: NDArray[np.generic]) -> Rates:
    marks = [code for name in ("_FillValue", "missing_value")
             if (code := attribute(variable, name)) is not None]
    marks = marks or [mark for kind, mark in _FILL.items() if codes.dtype.str[1:] == kind]
    missing = np.zeros(codes.shape, bool)
    for mark in marks:
        missing |= codes == mark
    if codes.dtype.kind == "i" and text(variable, "_Unsigned").lower() == "true":
        codes = codes.view(codes.dtype.str.replace("i", "u"))
    plane = codes.astype(np.float32)
    plane = plane * np.float32(number(variable, "scale_factor", 1.0)) + np.float32(
        number(variable, "add_offset", 0.0))
    plane[missing] = np.nan
    return plane


def _quantity(name: str, variable: Variable) -> tuple[Quantity, float] | None:
    if len(variable.shape) < 2 or variable.values.dtype.kind not in "iuf":
        return None
    words = f"{name} {text(variable, 'standard_name')} {text(variable, 'long_name')}"
    units = re.sub(r"[\s*^.]", "", text(variable, "units")).lower()
    return _UNITS.get(units) if _RAIN.search(words) else None


def _grid(file: Variables, values: Variable) -> tuple[Grid, bool]:
    """The grid, and whether the file has its south first."""
    size = shape(values.values)
    for across, along in (values.dimensions[:-3:-1], ("x", "y"), ("nx", "ny"), ("lon", "lat"),
                          ("longitude", "latitude")):
        xs, ys = file.get(across), file.get(along)
        if xs is not None and ys is not None and (ys.shape, xs.shape) == ((size[0],), (size[1],)):
            break
    else:
        return Grid(size), False
    x, y = np.asarray(xs.values[...], float), np.asarray(ys.values[...], float)
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


def _projection(file: Variables, values: Variable) -> str:
    if gdal := text(file, "gdal_projection"):
        return plain(gdal)
    mapping = file.get(text(values, "grid_mapping") or "proj")
    if mapping is None:
        return ""
    if whole := plain(text(mapping, "proj4_params")):
        return whole
    name = _PROJECTIONS.get(text(mapping, "grid_mapping_name"))
    if name is None:
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


def _ends(file: Variables, values: Variable) -> list[datetime | None]:
    """When the fields of a variable were measured."""
    count = math.prod(values.shape[:-2])
    if not 1 <= count <= _MOST_TIMES:
        raise MediaError(f"The file says that it holds {count:,} fields; from 1 to "
                         f"{_MOST_TIMES:,} are read.")
    for name in (*values.dimensions[:-2], "valid_time", "time"):
        if len(times := _times(file.get(name))) == count:
            return [*times]
    return [_nominal(file)] if count == 1 else [None] * count


def _times(values: Variable | None) -> list[datetime]:
    """The values of a variable such as ``seconds since 1970-01-01 00:00:00 UTC``."""
    match = re.match(r"(\w+?)s? since (\d{4})-(\d+)-(\d+)[T ]?(?:(\d+):(\d+)(?::(\d+))?)?",
                     text(values, "units"))
    if values is None or match is None or match[1] not in _SECONDS \
            or values.values.size > _MOST_TIMES:
        return []
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[1:])
    since = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    return [since + timedelta(seconds=float(value) * _SECONDS[match[1]])
            for value in np.ravel(values.values[...])]


def _nominal(file: Variables) -> datetime | None:
    written = text(file, "nominal_product_time") or text(file, "time_coverage_end")
    try:
        return datetime.fromisoformat(written).astimezone(UTC)
    except ValueError:
        return None
