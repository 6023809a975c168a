"""The faults of points found in real video, and other cameras and other hands."""

from __future__ import annotations

import numpy as np

from hybridcore.gesture.gestures import GESTURES
from hybridcore.gesture.points import BODY, COUNT, ELBOWS, HANDS, MIRRORED, SIDES, WRISTS

_JITTER = 0.012  # widths of the shoulders, of a sequence whose faults have strength 1


_SWIPES = [GESTURES.index(f"swipe {side}") for side in SIDES]


def spoil(
    points: np.ndarray, labels: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Sequences ``[B, T, 49, 2]`` and labels ``[B, T]`` as if made by other people: seen by another
    camera, mirrored half of the time (which turns swipes around), with jitter and with points,
    hands or bodies missing: float32."""
    points, labels = points.copy(), labels.copy()
    clips, steps = points.shape[:2]
    mirrored = np.asarray(rng.random(clips) < 0.5)
    points[mirrored] = points[mirrored][:, :, list(MIRRORED)] * (-1, 1)
    left, right = ((labels == label) & mirrored[:, None] for label in _SWIPES)
    labels[left], labels[right] = _SWIPES[1], _SWIPES[0]
    roll = rng.normal(0, np.radians(7), clips)
    stretch = np.exp(rng.normal(0, 0.06, (clips, 2)))
    skew = rng.normal(0, 0.05, clips)
    turn = np.array([[np.cos(roll), -np.sin(roll)], [np.sin(roll) + skew, np.cos(roll)]])
    points = np.einsum("btpi,ijb,bj->btpj", points, turn, stretch)
    strength = np.asarray(rng.random(clips) * 1.5)
    points += (_JITTER * strength)[:, None, None, None] * rng.normal(size=points.shape)
    points[_missing(rng, strength, steps)] = np.nan
    return points.astype(np.float32), labels


def _missing(rng: np.random.Generator, strength: np.ndarray, steps: int) -> np.ndarray:
    """Which points are not seen, bool ``[B, T, 49]``."""
    clips = len(strength)
    at = np.arange(steps)
    missing = np.zeros((clips, steps, COUNT), bool)
    for clip in range(clips):
        if rng.random() < 0.15:
            missing[clip, :, :BODY] = True  # hands alone
        if rng.random() < 0.35:
            missing[clip, :, [*ELBOWS, *WRISTS]] = True
        if rng.random() < 0.1:
            missing[clip, :, HANDS[int(rng.integers(2))]] = True  # one hand is never found
        for _ in range(rng.poisson(2 * strength[clip])):  # a hand is lost for a while
            start, long = rng.integers(steps), rng.integers(1, 5)
            hand = HANDS[int(rng.integers(2))]
            missing[clip, (at >= start) & (at < start + long), hand] = True
    return missing
