"""Map projections, as PROJ strings from files of strangers."""

from __future__ import annotations

import re
from math import atan2, degrees

from hybridcore.errors import MediaError

_WORDS = frozenset({"proj", "ellps", "datum", "units"})
_NUMBERS = frozenset({
    "lat_0", "lat_1", "lat_2", "lat_ts", "lon_0", "lonc", "x_0", "y_0", "a", "b", "R", "rf", "f",
    "k", "k_0", "h", "alpha", "gamma", "zone"})
# Only these: others name files that PROJ would read.
_PROJECTIONS = frozenset({
    "aea", "aeqd", "eqc", "geos", "gnom", "laea", "lcc", "longlat", "merc", "omerc", "somerc",
    "stere", "sterea", "tmerc", "utm"})
_TOKEN = re.compile(r"\+?(\w+)=([\w.+\-]+)")


def plain(text: str) -> str:
    """A PROJ string with what places a plane map alone, lengths in metres; "" if it is none."""
    kept: dict[str, str] = {}
    for key, value in _TOKEN.findall(text):
        if key in _NUMBERS:
            number = re.match(r"[+-]?\d+(\.\d*)?([eE][+-]?\d+)?", value)  # 25E is 25
            if number is not None:
                kept[key] = number.group()
        elif key in _WORDS and value.isalnum():
            kept[key] = value
    if kept.get("proj") not in _PROJECTIONS:
        return ""
    for key in ("a", "b", "R"):
        if key in kept and float(kept[key]) < 1e5:  # km
            kept[key] = f"{1000 * float(kept[key]):.12g}"
    kept.pop("units", None)
    return " ".join(f"+{key}={value}" for key, value in kept.items()) + " +units=m +no_defs"


def project(projection: str, longitude: float, latitude: float) -> tuple[float, float]:
    """Where a place lies on the map, m.

    Raises:
        MediaError: the projection does not hold it, or is none.
    """
    import pyproj

    try:
        x, y = pyproj.Proj(projection)(longitude, latitude, errcheck=True)
    except (pyproj.exceptions.ProjError, RuntimeError) as error:
        raise MediaError("The map projection of the radar file cannot be used; it is damaged."
        ) from error
    return float(x), float(y)


def place(projection: str, x: float, y: float) -> tuple[float, float]:
    """Longitude and latitude of a point of the map, degrees.

    Raises:
        MediaError: as `project`.
    """
    import pyproj

    try:
        longitude, latitude = pyproj.Proj(projection)(x, y, inverse=True, errcheck=True)
    except (pyproj.exceptions.ProjError, RuntimeError) as error:
        raise MediaError("The map projection of the radar file cannot be used; it is damaged."
        ) from error
    return float(longitude), float(latitude)


def north(projection: str, bounds: tuple[float, float, float, float]) -> float:
    """Where north points in the middle of the map: degrees clockwise from up.

    Raises:
        MediaError: as `project`.
    """
    x0, y0, x1, y1 = bounds
    x, y = (x0 + x1) / 2, (y0 + y1) / 2
    longitude, latitude = place(projection, x, y)
    north_x, north_y = project(projection, longitude, min(latitude + 0.1, 90.0))
    return degrees(atan2(north_x - x, north_y - y))
