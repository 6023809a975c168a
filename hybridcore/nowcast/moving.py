"""The sequence in the frame of the moving rain, where what only moves stands still.

What the networks read: the fields of the last half hour, each carried to where its rain is now.
What they say is in the same frame, and :func:`hybridcore.nowcast.advect.advect` carries it on.
"""

from __future__ import annotations

import numpy as np

from hybridcore.nowcast.advect import advect

PAST = (-30, -20, -10, 0)  # minutes, of what the networks read
LEADS = (10, 20, 30, 40, 50, 60)  # minutes, of what they say
_NEAR = 1.0  # minutes by which a field may be off before two are blended


def field_at(
    rates: np.ndarray, minutes: np.ndarray, velocity: np.ndarray, minute: float, now: float
) -> np.ndarray:
    """The rain at a ``minute``, carried along the motion to ``now``, float32 ``[H, W]``.

    A minute between two fields is blended from both, each carried; one before the first field
    takes the first.

    Args:
        rates: ``[T, H, W]``, of ``minutes [T]``.
        velocity: ``[2, H, W]``, px a minute; zeros: nothing is carried.
    """
    minute = float(np.clip(minute, minutes[0], minutes[-1]))
    nearest = int(np.abs(minutes - minute).argmin())
    if abs(minutes[nearest] - minute) <= _NEAR:
        return advect(rates[nearest], velocity, now - minutes[nearest])
    after = int(np.searchsorted(minutes, minute))
    share = (minute - minutes[after - 1]) / (minutes[after] - minutes[after - 1])
    # Where one of the two is unknown so is the blend: nothing is made up.
    return ((1 - share) * advect(rates[after - 1], velocity, now - minutes[after - 1])
            + share * advect(rates[after], velocity, now - minutes[after])).astype(np.float32)


def past_fields(rates: np.ndarray, minutes: np.ndarray, velocity: np.ndarray) -> np.ndarray:
    """The rain of :data:`PAST` before the last of ``rates [T, H, W]``, each carried to now along
    the motion: float32 ``[4, H, W]``, oldest first. What is older than the file repeats its first
    field (:func:`repeated`)."""
    now = float(minutes[-1])
    return np.stack([field_at(rates, minutes, velocity, now + minute, now) for minute in PAST])


def repeated(minutes: np.ndarray) -> int:
    """How many of :data:`PAST` are older than the first field, and repeat it."""
    return sum(minutes[-1] + minute < minutes[0] - _NEAR for minute in PAST)
