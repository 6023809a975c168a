"""What is said of a frame.

It is called by the most telling name that is likely enough: its scene, or else the family of scenes
(:mod:`families`), or else that it shows none of the scenes (:mod:`place`), or else the group, these
two only if they are more likely than not, or else that the model is not sure.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from hybridcore.encoder.labels import scene_names
from hybridcore.scene.families import FAMILIES, membership
from hybridcore.scene.groups import GROUPS

NONE, NOT_SURE = "none that it knows", "not sure"
KEPT = 2 / 3  # of the probability from which a name is said, it is kept
LEVELS = ("scene", "family", "none", "group", NOT_SURE)


@cache
def names() -> tuple[str, ...]:
    """All that can be said of a frame: the scenes, the families, none, the groups, not sure."""
    return (*scene_names(), *FAMILIES, NONE, *GROUPS, NOT_SURE)


@cache
def levels() -> np.ndarray:
    """Which of LEVELS each of :func:`names` is, int64."""
    return np.repeat(np.arange(5), (len(scene_names()), len(FAMILIES), 1, len(GROUPS), 1))


def said(
    probabilities: np.ndarray, known: np.ndarray, threshold: float
) -> tuple[np.ndarray, np.ndarray]:
    """What is said of every frame by itself: position in :func:`names`, int64 ``[T]``, and its
    probability, float32 ``[T]``; where nothing is as likely as ``threshold``, that of the likeliest
    scene.

    Args:
        probabilities: of the scenes, calibrated, ``[T, C]``; they add up to ``known``.
        known: that the scene is one of them, ``[T]``. A frame of something else is indoor or
            outdoor all the same, so groups are judged as if it were.
        threshold: in 0..1.
    """
    every, least = _every(probabilities, known), _least(threshold)
    code = np.full(len(every), len(names()) - 1)
    value = probabilities.max(1)
    for level in (3, 2, 1, 0):  # from the least to the most telling, each over the one before
        (own,) = np.nonzero(levels() == level)
        best = own[every[:, own].argmax(1)]
        likeliest = np.take_along_axis(every, best[:, None], 1)[:, 0]
        likely = likeliest >= least[best]
        code[likely], value[likely] = best[likely], likeliest[likely]
    return code, value


def said_in_turn(
    probabilities: np.ndarray, known: np.ndarray, threshold: float
) -> tuple[np.ndarray, np.ndarray]:
    """What is said of the consecutive frames of a clip, as :func:`said` gives it.

    With hysteresis: a name gives way to a less telling one only where it is less likely than
    `KEPT` of what it needed at first.
    """
    code, value = said(probabilities, known, threshold)
    every, least = _every(probabilities, known), KEPT * _least(threshold)
    for frame in range(1, len(code)):
        before = code[frame - 1]
        if levels()[before] < levels()[code[frame]] and every[frame, before] >= least[before]:
            code[frame], value[frame] = before, every[frame, before]
    return code, value


def _every(probabilities: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Probabilities of all of :func:`names` but the last, ``[T, N - 1]``."""
    family, group = membership(scene_names())
    return np.concatenate([
        probabilities, probabilities @ family, 1 - known[:, None],
        probabilities @ group / np.maximum(known, 1e-6)[:, None]], 1)


def _least(threshold: float) -> np.ndarray:
    """The probability from which each of them is said, ``[N - 1]``."""
    return np.where(levels()[:-1] <= 1, threshold, max(threshold, 0.5))


def title(label: int, scene: int) -> str:
    """What is said, and where that is nothing, the likeliest scene as a question."""
    name = names()[label]
    return f"{name} ({scene_names()[scene]}?)" if name == NOT_SURE else name
