"""Angles and speeds of a body from its landmarks, and its joints as the networks take them."""

from __future__ import annotations

import numpy as np

from hybridcore.pose.joints import ANGLES, HIPS, LANDMARKS, SHOULDERS

SEEN = 0.5  # visibility from which a landmark is taken for seen
SPEEDS = {"left wrist": 5, "right wrist": 6, "left ankle": 11, "right ankle": 12}
BODY = "whole body"  # the middle of the hips, beside SPEEDS
_SMOOTH = 0.2  # s over which speeds are taken


def joints_of(landmarks: np.ndarray, visibility: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """The joints of the networks in px, float32 ``[n, 13, 2]``, NaN where not seen.

    Args:
        landmarks: ``[n, 33, 2]``, shares of the picture's sides.
        visibility: ``[n, 33]``.
        size: (height, width) of the picture, px.
    """
    joints = landmarks[:, list(LANDMARKS)] * np.array(size[::-1], np.float32)
    joints[visibility[:, list(LANDMARKS)] < SEEN] = np.nan
    return joints.astype(np.float32)


def angles(joints: np.ndarray) -> dict[str, np.ndarray]:
    """Angle at every joint of ``ANGLES``, degrees ``[n]``: 180 is stretched; NaN where one of the
    three points is not seen. As they look in the picture, not in space."""
    found = {}
    for name, (a, b, c) in ANGLES.items():
        first, second = joints[:, a] - joints[:, b], joints[:, c] - joints[:, b]
        lengths = np.linalg.norm(first, axis=-1) * np.linalg.norm(second, axis=-1)
        cosine = (first * second).sum(-1) / np.maximum(lengths, 1e-6)
        found[name] = np.degrees(np.arccos(np.clip(cosine, -1, 1)))
    return found


def torso(joints: np.ndarray) -> float:
    """Length of the torso of ``[n, 13, 2]``, px; NaN where shoulders or hips are never seen."""
    neck, hips = (joints[:, list(pair)].mean(1) for pair in (SHOULDERS, HIPS))
    lengths = np.linalg.norm(neck - hips, axis=-1)
    lengths = lengths[np.isfinite(lengths)]
    return float(np.median(lengths)) if len(lengths) else float("nan")


def speeds(joints: np.ndarray, times: np.ndarray) -> dict[str, np.ndarray]:
    """Speed of wrists, ankles and of the whole body, in lengths of the torso a second ``[n]``; NaN
    where not seen."""
    length = torso(joints)
    points = {BODY: joints[:, list(HIPS)].mean(1),
              **{name: joints[:, at] for name, at in SPEEDS.items()}}
    before = np.searchsorted(times, times - _SMOOTH)
    apart = times - times[before]
    found = {}
    for name, place in points.items():
        moved = np.linalg.norm(place - place[before], axis=-1)
        usable = (apart > 0) & (apart < 2 * _SMOOTH)
        found[name] = np.where(usable, moved / np.where(usable, apart, 1), np.nan) / length
    return found


def seen_share(visibility: np.ndarray, joints: tuple[int, ...]) -> float:
    """Share of the time in which one of some joints (positions in ``JOINTS``) is seen."""
    own = visibility[:, [LANDMARKS[k] for k in joints]]
    return float((own >= SEEN).any(1).mean()) if len(own) else 0.0
