"""Onsets changed by a person: one added, moved or taken away; and where two networks disagree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from hybridcore.sound.events import Onset
from hybridcore.sound.networks import FramePrediction
from hybridcore.sound.predict import find_onsets

LAST = 0.001  # s before the end of a clip, from which on nothing is heard
_USUAL = -22.0  # dB, of a blow where the network knows of none
_APART = 0.1  # s within which two networks mean the same onset


def add(
    onsets: Sequence[Onset], time: float, prediction: FramePrediction, duration: float,
    late: float = 0.0,
) -> list[Onset]:
    """With one more at ``time`` s: as hard and on what the network says of the likeliest moment
    near it; ``late``: as in :func:`find_onsets`. In order of time, as all that follows."""
    known = find_onsets(prediction, 0.0, late)
    like = min(known, key=lambda onset: abs(onset.time - time),
               default=Onset(time, _USUAL, "hit", "wood"))
    new = replace(like, time=_inside(time, duration), confidence=1.0, exemplar="")
    return _in_order([*onsets, new])


def move(onsets: Sequence[Onset], at: int, time: float, duration: float) -> list[Onset]:
    """With the one at position ``at`` at another time, s."""
    moved = replace(onsets[at], time=_inside(time, duration))
    return _in_order([*onsets[:at], moved, *onsets[at + 1 :]])


def delete(onsets: Sequence[Onset], at: int) -> list[Onset]:
    """Without the one at position ``at``."""
    return [*onsets[:at], *onsets[at + 1 :]]


@dataclass(frozen=True)
class Dispute:
    """An onset that one of two networks finds. time: s; probabilities: of the first and of the
    second there; first: whether it is the first that finds it."""

    time: float
    probabilities: tuple[float, float]
    first: bool


def disputes(
    first: FramePrediction, second: FramePrediction, thresholds: tuple[float, float],
    lates: tuple[float, float] = (0.0, 0.0),
) -> list[Dispute]:
    """Where only one of two predictions of a clip has an onset that reaches its threshold, in order
    of time. lates: how late each comes, s."""
    times = [np.array([onset.time for onset in find_onsets(side, threshold, late)])
             for side, threshold, late in zip((first, second), thresholds, lates, strict=True)]
    found = [
        Dispute(float(time), (_near(first, time), _near(second, time)), which == 0)
        for which in (0, 1) for time in times[which]
        if not (np.abs(times[1 - which] - time) <= _APART).any()]
    return sorted(found, key=lambda dispute: dispute.time)


def _near(prediction: FramePrediction, time: float) -> float:
    """The highest probability of an onset near a time."""
    near: NDArray[np.bool_] = np.abs(prediction.times - time) <= _APART
    return float(prediction.onset[near].max(initial=0.0))


def _inside(time: float, duration: float) -> float:
    return round(float(np.clip(time, 0.0, max(0.0, duration - LAST))), 4)


def _in_order(onsets: list[Onset]) -> list[Onset]:
    return sorted(onsets, key=lambda onset: onset.time)
