"""What spoils footage, at stated times."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

Event = Callable[[np.ndarray, float, np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Mishap:
    """One of the events of :mod:`hybridcore.scene.learn.compose`: when it begins (s), how long
    it lasts (s), its greatest strength (0..1) and its eight random numbers (0..1).
    """

    event: Event
    begin: float
    seconds: float
    strength: float
    dice: tuple[float, ...]


def spoil(
    frames: Sequence[np.ndarray], mishaps: Sequence[Mishap], rate: float, *, seed: int
) -> list[np.ndarray]:
    """The frames with all mishaps, each swelling and fading as half a sine; seed: of the grain."""
    cv2.setRNGSeed(seed)
    spoilt = list(frames)
    for mishap in mishaps:
        begin, length = round(mishap.begin * rate), round(mishap.seconds * rate)
        swell = mishap.strength * np.sin(np.linspace(0, np.pi, length + 2)[1:-1]) ** 0.5
        for number, strength in zip(range(begin, begin + length), swell, strict=True):
            spoilt[number] = mishap.event(spoilt[number], float(strength), np.array(mishap.dice))
    return spoilt
