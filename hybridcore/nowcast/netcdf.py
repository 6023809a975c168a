"""A forecast as netCDF (classic format) after the CF conventions 1.11.

What was observed and what is forecast are variables of their own, on time axes of their own, and
the moment that parts them is ``forecast_reference_time``.
"""

from __future__ import annotations

import re
from datetime import UTC
from pathlib import Path, PurePath
from typing import Any

import numpy as np
from scipy.io import netcdf_file

from hybridcore.media.radar import RadarSequence
from hybridcore.nowcast.bins import EDGES
from hybridcore.nowcast.result import NowcastResult

_MISSING, _NO_CHANCE = np.float32(-9999), np.int16(-1)  # fill values
# grid_mapping_name of CF by that of PROJ, and the attributes by their PROJ names.
_MAPPINGS = {
    "stere": "polar_stereographic", "laea": "lambert_azimuthal_equal_area",
    "aea": "albers_conical_equal_area", "lcc": "lambert_conformal_conic",
    "aeqd": "azimuthal_equidistant", "merc": "mercator", "tmerc": "transverse_mercator",
    "longlat": "latitude_longitude",
}
_ATTRIBUTES = {
    "lat_0": "latitude_of_projection_origin", "x_0": "false_easting", "y_0": "false_northing",
    "a": "semi_major_axis", "b": "semi_minor_axis", "R": "earth_radius",
}
_LONGITUDE = {
    "polar_stereographic": "straight_vertical_longitude_from_pole",
    "lambert_azimuthal_equal_area": "longitude_of_projection_origin",
    "azimuthal_equidistant": "longitude_of_projection_origin",
    "mercator": "longitude_of_projection_origin",
}


def write_netcdf(result: NowcastResult, path: Path, title: str) -> None:
    """Write the observed fields, the forecast and its chances; what fell later, where known."""
    source, count = result.source, len(result.leads)
    with netcdf_file(path, "w", version=2) as file:
        file.Conventions = "CF-1.11"
        # In bytes: a name has any letters, and scipy writes texts as ASCII.
        file.title = f"Rain observed and forecast: {PurePath(title).name}".encode()
        file.source = f"observed: {source.source}; forecast: HybridCore, {result.kind}"
        file.comment = ("observed_rain was measured up to forecast_reference_time. forecast_rain "
                        "and forecast_probability are a forecast and were not measured.")
        for name, size in (("observed_time", result.now + 1), ("forecast_time", count),
                           ("y", result.rain.shape[1]), ("x", result.rain.shape[2]),
                           ("threshold", len(EDGES))):
            file.createDimension(name, size)
        _times(file, result)
        _axes(file, source, result.rain.shape[1:])
        edges = _variable(file, "threshold", np.array(EDGES, np.float32), ("threshold",),
                          units="mm h-1", long_name="least rain rate of a probability")
        edges.standard_name = "rainfall_rate"
        grid = _mapping(file, source)
        rain = {"units": "mm h-1", "standard_name": "rainfall_rate", **grid}
        _variable(file, "observed_rain", result.observed, ("observed_time", "y", "x"),
                  long_name="observed rain rate", **rain)
        when = {"coordinates": "lead_time forecast_reference_time"}  # makes it a forecast, in CF
        _variable(file, "forecast_rain", result.mean, ("forecast_time", "y", "x"),
                  long_name="forecast rain rate, expected value", **rain, **when)
        chances = _variable(
            file, "forecast_probability", np.where(
                np.isnan(result.mean)[:, None], _NO_CHANCE, result.exceed.astype(np.int16)),
            ("forecast_time", "threshold", "y", "x"), units="1",
            long_name="forecast probability of at least the threshold", **grid, **when)
        chances.scale_factor = 1 / 255
        if len(result.truth):
            file.createDimension("later_time", len(result.truth))
            _time(file, "later_time", result, result.minutes[result.now + 1 :][
                : len(result.truth)], "time of what was observed after the forecast was made")
            _variable(file, "observed_later_rain", result.truth, ("later_time", "y", "x"),
                      long_name="rain rate observed later, not known to the forecast", **rain)


def _times(file: Any, result: NowcastResult) -> None:
    before, after = np.split(result.minutes, [result.now + 1])
    _time(file, "observed_time", result, before, "time of observation")
    _time(file, "forecast_time", result, after, "time that a forecast is of")
    reference = _time(file, "forecast_reference_time", result, np.array(0.0),
                      "the last observation, from which the forecast was made", dimensions=())
    reference.standard_name = "forecast_reference_time"
    lead = _variable(file, "lead_time", result.leads, ("forecast_time",), units="minutes",
                     long_name="time between forecast_reference_time and forecast_time")
    lead.standard_name = "forecast_period"


def _time(
    file: Any, name: str, result: NowcastResult, minutes: np.ndarray, words: str,
    dimensions: tuple[str, ...] | None = None,
) -> Any:
    """``minutes`` after now as a variable: since the first field, by the clock where it is
    known."""
    source = result.source
    since = minutes + source.minutes[result.now]
    start = source.start
    if start is not None and start.tzinfo is not None:
        start = start.astimezone(UTC)
    units = "minutes" if start is None else f"minutes since {start:%Y-%m-%d %H:%M:%S}"
    made = _variable(file, name, since, (name,) if dimensions is None else dimensions, units=units,
                     long_name=words if start is not None else f"{words}, after the first field")
    if start is not None:
        made.standard_name, made.calendar = "time", "standard"
    return made


def _axes(file: Any, source: RadarSequence, shape: tuple[int, ...]) -> None:
    """``y`` from the north and ``x`` from the west: metres of the projection, of the map where
    there is none, or pixels."""
    height, width = shape
    if source.bounds is not None and source.projection:
        x0, y0, x1, y1 = source.bounds
        units, names = "m", ("projection_x_coordinate", "projection_y_coordinate")
    else:
        metres = 1000 * (source.pixel_km or 0)
        x0, y0, x1, y1 = 0.0, 0.0, width * (metres or 1), height * (metres or 1)
        units, names = "m" if metres else "1", ("", "")
    for name, standard, low, high, count in (
            ("x", names[0], x0, x1, width), ("y", names[1], y1, y0, height)):
        side = (high - low) / count
        axis = _variable(file, name, low + side * (np.arange(count) + 0.5), (name,), units=units,
                         long_name="from the west" if name == "x" else "from the north")
        axis.axis = name.upper()
        if standard:
            axis.standard_name = standard


def _mapping(file: Any, source: RadarSequence) -> dict[str, str]:
    """The projection as a variable; the attribute that refers to it."""
    if not source.projection or source.bounds is None:
        return {}
    words = dict(re.findall(r"\+(\w+)=(\S+)", source.projection))
    crs = file.createVariable("crs", "i4", ())
    crs.proj4_params = source.projection
    name = _MAPPINGS.get(words.get("proj", ""))
    if name is not None:
        crs.grid_mapping_name = name
        for key, attribute in _ATTRIBUTES.items():
            if key in words:
                setattr(crs, attribute, float(words[key]))
        if "lon_0" in words:
            setattr(crs, _LONGITUDE.get(name, "longitude_of_central_meridian"),
                    float(words["lon_0"]))
        parallels = [float(words[key]) for key in ("lat_1", "lat_2", "lat_ts") if key in words]
        if parallels:
            crs.standard_parallel = parallels[0] if len(parallels) == 1 else np.array(parallels)
    return {"grid_mapping": "crs"}


def _variable(
    file: Any, name: str, values: np.ndarray, dimensions: tuple[str, ...], **attributes: str
) -> Any:
    """A variable with its values; NaN becomes the fill value that it names."""
    values = np.asarray(values)
    kind = {"float32": "f4", "int16": "i2"}.get(values.dtype.name, "f8")
    made = file.createVariable(name, kind, dimensions)
    for key, text in attributes.items():
        setattr(made, key, text)
    if kind == "f4" and len(dimensions) > 1:
        made._FillValue = _MISSING
        values = np.where(np.isnan(values), _MISSING, values)
    if kind == "i2":
        made._FillValue = _NO_CHANCE
    made[...] = values
    return made
