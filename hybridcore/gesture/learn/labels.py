"""What of a recording is the gesture: labels of every step.

Recordings of SFINGE3D begin and end with the hand on its way. A step is labelled where the hand
does what the gesture is named for, and teaches nothing elsewhere.
"""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter1d

from hybridcore.gesture.gestures import GESTURES, NOTHING
from hybridcore.gesture.learn.recordings import SFINGE, SFINGE_RATE
from hybridcore.gesture.points import HANDS, INDEX_TIP, THUMB_TIP, TIPS, WRIST

IGNORED = -1  # a step that teaches nothing
UNKNOWN = -2  # something that has no name here: the networks should be unsure
_LINGER = 0.2  # s after a swipe in which it may still be said
_GAP = 6  # steps for which a hand is lost within a word


def gesture_labels(label: int, joints: np.ndarray) -> np.ndarray:
    """Of one gesture of SFINGE3D ``[T, 21, 3]``: position in ``GESTURES``, int64 ``[T]``, or
    :data:`IGNORED`, or :data:`UNKNOWN` for those that have no name here."""
    name = SFINGE.get(label)
    if name is None:
        return np.full(len(joints), UNKNOWN)
    return np.where(_active(name, joints), GESTURES.index(name), IGNORED)


def _active(name: str, joints: np.ndarray) -> np.ndarray:
    """When the hand does it, bool ``[T]``."""
    count = len(joints)
    if name == "point":
        active = np.zeros(count, bool)
        active[round(0.2 * count) : round(0.9 * count)] = True
        return active
    if name.startswith("swipe"):
        return _swipe(joints, -1 if name.endswith("left") else 1)
    if name == "pinch":
        apart = np.linalg.norm(joints[:, THUMB_TIP] - joints[:, INDEX_TIP], axis=-1)
        return _share(apart) < 0.4
    spread = np.linalg.norm(joints[:, TIPS[1:]] - joints[:, WRIST, None], axis=-1).mean(1)
    return _share(spread) < 0.35 if name == "grab" else _share(spread) > 0.65


def _share(values: np.ndarray) -> np.ndarray:
    """Between the least and what is reached for a fifth of the time, 0..1."""
    low, high = values.min(), np.percentile(values, 80)
    return np.asarray((values - low) / max(high - low, 1e-6))


def _swipe(joints: np.ndarray, side: int) -> np.ndarray:
    """Around the fastest movement to that side."""
    speed = side * np.gradient(gaussian_filter1d(joints[:, WRIST, 0], 1.5))
    peak = int(speed.argmax())
    quick = speed > 0.3 * speed[peak]
    first, last = peak, peak
    while first > 0 and quick[first - 1]:
        first -= 1
    while last + 1 < len(quick) and quick[last + 1]:
        last += 1
    active = np.zeros(len(quick), bool)
    active[first : last + 1 + round(_LINGER * SFINGE_RATE)] = True
    return active


def word_labels(word: str, points: np.ndarray) -> np.ndarray:
    """Of a clip ``[T, 49, 2]`` in which somebody says a word: the word while a hand is there,
    nothing where none is for long; :data:`UNKNOWN` for a word without a name here."""
    label = GESTURES.index(word) if word in GESTURES else UNKNOWN
    there = np.stack([np.isfinite(points[:, part.start, 0]) for part in HANDS]).any(0)
    labels = np.where(there, label, IGNORED)
    edges = np.flatnonzero(np.diff(np.r_[0, ~there, 0]))
    for start, stop in edges.reshape(-1, 2):
        if stop - start > _GAP:
            labels[start:stop] = GESTURES.index(NOTHING)
    return labels
