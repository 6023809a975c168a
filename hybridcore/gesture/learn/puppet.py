"""A hand that is posed by numbers: how far each finger is bent, and how it is held.

In its own axes x goes from the thumb to the little finger, y along the fingers and z out of the
palm, metres. Lengths are those of an adult (Buryanov & Kotiuk, *Proportions
of Hand Segments*, 2010), rounded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

DISTANCE = 1.15  # m from the camera to the body
_KNUCKLES = np.array([(-0.026, 0.088), (-0.008, 0.092), (0.010, 0.087), (0.027, 0.077)])
_BONES = np.array([(0.042, 0.025, 0.020), (0.047, 0.029, 0.021), (0.043, 0.027, 0.021),
                   (0.034, 0.020, 0.019)])
_SPREAD = np.radians([-9.0, -2.0, 5.0, 13.0])  # of an open hand, away from the middle
_BENDS = np.radians([80.0, 95.0, 60.0])  # of a closed finger, joint by joint
_THUMB_BASE = np.array([-0.024, 0.022, 0.004])
_THUMB_BONES = np.array([0.044, 0.034, 0.028])
_THUMB_BENDS = np.radians([10.0, 45.0, 55.0])


@dataclass(frozen=True)
class Pose:
    """A hand at one moment.

    bends: of thumb, index, middle, ring and little finger, 0 stretched to 1 closed; spread: 0
    together to 1 apart; across: how far the thumb lies over the palm, 0..1; place: of the wrist in
    the picture's axes, m (x right, y down, z away); turn, pitch, roll: degrees: about the
    upright, backwards, in the picture.
    """

    bends: tuple[float, float, float, float, float] = (0.0, 0.0, 0.0, 0.0, 0.0)
    spread: float = 0.6
    across: float = 0.0
    place: tuple[float, float, float] = (0.0, 0.0, 0.0)
    turn: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0


OPEN = Pose()
FIST = Pose(bends=(0.75, 1.0, 1.0, 1.0, 1.0), spread=0.0, across=0.8)
LOVE = Pose(bends=(0.0, 0.0, 1.0, 1.0, 0.0), spread=0.7)
POINT = Pose(bends=(0.8, 0.0, 1.0, 1.0, 1.0), spread=0.1, across=0.8)
FLAT = Pose(spread=0.1, across=0.15)
PINCH = Pose(bends=(0.42, 0.52, 0.25, 0.2, 0.15), spread=0.3, across=0.62)
LOOSE = Pose(bends=(0.2, 0.3, 0.3, 0.3, 0.3), spread=0.3, across=0.2)
THUMB_UP = Pose(bends=(0.0, 1.0, 1.0, 1.0, 1.0), spread=0.0)
VICTORY = Pose(bends=(0.8, 0.0, 0.0, 1.0, 1.0), spread=1.0, across=0.8)
THREE = Pose(bends=(0.8, 0.0, 0.0, 0.0, 1.0), spread=0.7, across=0.8)
CALL = Pose(bends=(0.0, 1.0, 1.0, 1.0, 0.0), spread=0.6)
LITTLE = Pose(bends=(0.8, 1.0, 1.0, 1.0, 0.0), spread=0.3, across=0.8)
RING = Pose(bends=(0.45, 0.55, 0.0, 0.0, 0.0), spread=0.6, across=0.62)
GUN = Pose(bends=(0.0, 0.0, 1.0, 1.0, 1.0), spread=0.2)


def between(one: Pose, other: Pose, share: float) -> Pose:
    """A pose on the way, 0..1."""
    def mix(name: str) -> Any:
        a, b = getattr(one, name), getattr(other, name)
        if isinstance(a, tuple):
            return tuple(x + share * (y - x) for x, y in zip(a, b, strict=True))
        return a + share * (b - a)

    return replace(one, **{name: mix(name) for name in vars(one)})


def joints(pose: Pose, *, left: bool = False) -> np.ndarray:
    """The 21 points in the picture's axes, ``[21, 3]``, m."""
    return motion([pose], left=left)[0]


def motion(poses: Sequence[Pose], *, left: bool = False) -> np.ndarray:
    """The points of consecutive poses, ``[T, 21, 3]``."""
    bends = np.array([pose.bends for pose in poses], float)
    spread, across = (np.array([getattr(pose, name) for pose in poses], float)
                      for name in ("spread", "across"))
    points = np.zeros((len(poses), 21, 3))
    points[:, 1:5] = _thumb(bends[:, 0], across)
    for finger in range(4):
        points[:, 5 + 4 * finger : 9 + 4 * finger] = _finger(finger, bends[:, finger + 1], spread)
    points *= (1 if left else -1, -1, -1)  # up is up in the picture, the palm faces the camera
    for first, second, name in ((0, 2, "turn"), (1, 2, "pitch"), (0, 1, "roll")):
        angle = np.radians([[getattr(pose, name)] for pose in poses])
        a, b = points[..., first].copy(), points[..., second].copy()
        points[..., first] = a * np.cos(angle) - b * np.sin(angle)
        points[..., second] = a * np.sin(angle) + b * np.cos(angle)
    return points + np.array([pose.place for pose in poses])[:, None]


def _finger(finger: int, bend: np.ndarray, spread: np.ndarray) -> np.ndarray:
    """Four points from the knuckle on, ``[T, 4, 3]``."""
    aside = _SPREAD[finger] * spread
    angles = 0.08 + np.cumsum(bend[:, None] * _BENDS, 1)
    return _chain(np.array([*_KNUCKLES[finger], 0.0]), _BONES[finger], aside[:, None], angles)


def _thumb(bend: np.ndarray, across: np.ndarray) -> np.ndarray:
    """Four points from where it begins on, ``[T, 4, 3]``."""
    aside = np.radians(-50 + 30 * across)[:, None] + np.cumsum(bend[:, None] * _THUMB_BENDS, 1)
    return _chain(_THUMB_BASE, _THUMB_BONES, aside, np.radians(12 + 50 * across)[:, None])


def _chain(
    base: np.ndarray, lengths: np.ndarray, aside: np.ndarray, out: np.ndarray
) -> np.ndarray:
    """Points of bones one after the other, each at an angle aside and one out of the palm."""
    aside, out = np.broadcast_arrays(aside, out)
    steps = lengths[:, None] * np.stack(
        [np.sin(aside) * np.cos(out), np.cos(aside) * np.cos(out), np.sin(out)], -1)
    return np.asarray(base + np.concatenate([np.zeros_like(steps[:, :1]), np.cumsum(steps, 1)], 1))
