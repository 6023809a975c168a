"""Fields carried along a motion: semi-Lagrangian advection.

Germann & Zawadzki, *Scale-Dependence of the Predictability of Precipitation from Continental Radar
Images, Part I*, 2002: every pixel looks back along the way that the rain came, in short steps, and
takes what is there. The way is followed first and the field is read once, so that a longer way does
not blur more.
"""

from __future__ import annotations

import math

import cv2
import numpy as np

_STEP = 5.0  # minutes of the way that are straight


def origins(velocity: np.ndarray, minutes: float) -> np.ndarray:
    """Where what arrives at every pixel after ``minutes`` was before: x and y in px,
    ``[2, H, W]``. Negative minutes: where it will be."""
    height, width = velocity.shape[1:]
    grid = np.stack(np.meshgrid(np.arange(width), np.arange(height))).astype(np.float32)
    moving = np.ascontiguousarray(velocity.transpose(1, 2, 0), np.float32)  # [H, W, 2]
    place, steps = grid, max(1, math.ceil(abs(minutes) / _STEP))
    span = float(minutes) / steps
    for _ in range(steps):
        half = place - span / 2 * _at(moving, place)
        place = (place - span * _at(moving, half)).astype(np.float32)
    return place


def _at(moving: np.ndarray, place: np.ndarray) -> np.ndarray:
    """The velocity at places ``[2, H, W]``; outside it is that of the border."""
    found = cv2.remap(moving, place[0], place[1], cv2.INTER_LINEAR,
                      borderMode=cv2.BORDER_REPLICATE)
    return found.transpose(2, 0, 1)


def read_at(fields: np.ndarray, place: np.ndarray) -> np.ndarray:
    """``fields [..., H, W]`` at places ``[2, H, W]`` in px, float32 ``[..., H, W]``; NaN outside
    the map, and where most of what would be read is no data."""
    flat = np.ascontiguousarray(fields, np.float32).reshape(-1, *fields.shape[-2:])
    made = np.empty((len(flat), *place.shape[1:]), np.float32)
    before, weight = np.zeros(0, bool), np.zeros(0, np.float32)
    for k, field in enumerate(flat):
        missing = np.isnan(field)
        if not np.array_equal(missing, before):  # fields often lack the same
            weight, before = _read((~missing).astype(np.float32), place), missing
        known = weight >= 0.5
        made[k] = np.where(known, _read(np.where(missing, 0, field), place)
                           / np.where(known, weight, 1), np.nan)
    return made.reshape(*fields.shape[:-2], *place.shape[1:])


def _read(field: np.ndarray, place: np.ndarray) -> np.ndarray:
    return cv2.remap(field, place[0], place[1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)


def advect(fields: np.ndarray, velocity: np.ndarray, minutes: float) -> np.ndarray:
    """``fields [..., H, W]`` carried along ``velocity [2, H, W]`` (px a minute, to the right and
    downwards) for ``minutes``; negative: back to where they came from.

    Returns:
        float32 ``[..., H, W]``; NaN where it comes from outside, or from no data.
    """
    if minutes == 0 or not velocity.any():
        return np.array(fields, np.float32)
    return read_at(fields, origins(velocity, minutes))
