"""Starts of forecasts: what is known then, and what came, kept as bytes.

A start holds ten fields, those of :data:`~hybridcore.nowcast.moving.PAST` and of
:data:`~hybridcore.nowcast.moving.LEADS`: once where they fell (``fixed``), and once all carried to
the start along the motion that was known then (``moving``), which is what a network of the moving
frame reads and is to say.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from hybridcore.nowcast.bins import EDGES
from hybridcore.nowcast.motion import motion
from hybridcore.nowcast.moving import LEADS, field_at, past_fields

SHORTEST = 10.0  # minutes that must be known before a start that is learned from
_WET = 0.02  # the share of the map on which it must rain
_CODES, MISSING = 34.0, 255  # bytes of one log_rain; no data
_EXACT = 1.0  # minutes a field may be off its lead
_ARRAYS = ("fixed", "moving", "velocity", "minute")


@dataclass(frozen=True, eq=False)
class Starts:
    """Of one event: km of a pixel, ``fixed`` and ``moving`` uint8 ``[N, 10, H, W]``
    (:func:`decoded`), the ``velocity [N, 2, H, W]``, and the minute of each start since the first
    field, ``[N]``."""

    event: str
    pixel_km: float
    fixed: np.ndarray
    moving: np.ndarray
    velocity: np.ndarray
    minute: np.ndarray


def coded(rates: np.ndarray) -> np.ndarray:
    """Rates in mm/h as bytes, a step being 3 %."""
    rain = np.log1p(np.nan_to_num(rates) / 0.1)
    return np.where(np.isnan(rates), MISSING, np.minimum(_CODES * rain + 0.5, 254)).astype(np.uint8)


def decoded(codes: np.ndarray) -> np.ndarray:
    """What :func:`coded` made bytes of, float32 in mm/h."""
    table = (0.1 * np.expm1(np.arange(256) / _CODES)).astype(np.float32)
    table[MISSING] = np.nan
    return table[codes]


def starts_of(
    event: str, rates: np.ndarray, minutes: np.ndarray, *, pixel_km: float, known: float,
    ahead: float,
) -> Starts | None:
    """Every start in the event at which it rains and of which at least so much is there; None:
    there is none.

    Args:
        rates: ``[T, H, W]`` in mm/h, of ``minutes [T]``, evenly spaced.
        known: minutes before a start that must be there; ahead: minutes after it.
    """
    step = float(minutes[1] - minutes[0])
    made: dict[str, list[np.ndarray]] = {"fixed": [], "moving": [], "velocity": [], "minute": []}
    still = np.zeros((2, *rates.shape[1:]), np.float32)
    for k, now in enumerate(minutes):
        field = rates[k]
        valid = ~np.isnan(field)
        if (now - minutes[0] < known or minutes[-1] - now < ahead or not valid.any()
                or (field[valid] >= EDGES[0]).mean() < _WET):
            continue
        so_far, times = rates[: k + 1], minutes[: k + 1]
        velocity = motion(so_far, step)
        for name, along in (("fixed", still), ("moving", velocity)):
            made[name].append(coded(np.concatenate(
                [past_fields(so_far, times, along), _future(rates, minutes, along, now)])))
        made["velocity"].append(velocity.astype(np.float16))
        made["minute"].append(np.array(now))
    if not made["minute"]:
        return None
    return Starts(event, pixel_km, *(np.stack(made[name]) for name in _ARRAYS))


def _future(
    rates: np.ndarray, minutes: np.ndarray, velocity: np.ndarray, now: float
) -> np.ndarray:
    """The fields at the leads, carried back; no data where none was measured at that minute."""
    return np.stack([
        field_at(rates, minutes, velocity, now + lead, now)
        if np.abs(minutes - (now + lead)).min() <= _EXACT
        else np.full(rates.shape[1:], np.nan, np.float32) for lead in LEADS])


def save(starts: Starts, folder: Path) -> None:
    """Write the arrays of an event to its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in (*_ARRAYS, "pixel_km"):
        np.save(folder / f"{name}.npy", getattr(starts, name))


def load(folder: Path) -> Starts:
    """What :func:`save` wrote, read when it is looked at."""
    return Starts(folder.name, float(np.load(folder / "pixel_km.npy")),
                  *(np.load(folder / f"{name}.npy", mmap_mode="r") for name in _ARRAYS))


def some(starts: Starts, every: int) -> Starts:
    """One of so many starts of an event."""
    return replace(starts, **{name: getattr(starts, name)[::every] for name in _ARRAYS})
