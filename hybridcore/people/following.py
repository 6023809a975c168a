"""Who is who from frame to frame.

A landmark network looks at one region and finds one body in it, so everybody is followed: the
region of the next frame comes from the landmarks of this one (as MediaPipe does), and the detector
looks again a few times a second and wherever somebody got lost. What the network saw is then given
to tracks by one assignment: by where each would be if it moved on, and by colours, so that two
regions which both slid onto the person in front, or changed places at a crossing, do not take the
names with them.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from hybridcore.people.appearance import difference
from hybridcore.people.detection import overlap
from hybridcore.people.regions import Array

_GATE = 0.3  # of a region's side: nobody jumps further from one look to the next
_DRIFT = 0.5  # of a side a second, for somebody who is out of sight
_COLOURS = 0.4  # what a full difference in colours weighs, in sides
_OTHER_COLOURS = 0.5  # a difference of this much is somebody else, once out of sight
_SELF = 0.05  # in sides: what speaks for the track whose region was looked at
_HIDDEN = 0.1  # in sides: what speaks against one that was out of sight
_SIZES = 0.5  # what a factor e between two sizes weighs, in sides
_LEARN = 0.1  # of a new histogram goes into the one that is remembered
_CROSSING = 0.15  # overlap of boxes from which colours may be another's
_SMOOTH = 0.5  # of a new speed goes into the one that is remembered
_BLIND = 10.0  # assignment cost of what may not be


@dataclass(frozen=True, eq=False)
class Sight:
    """What was seen at one place of a frame.

    centre ``[2]`` and side: px, of the region to look at next; box ``[4]``; colours: as in
    `appearance`, None where unknown; source: number of the track whose region was looked at, 0 for
    one of the detector.
    """

    centre: Array
    side: float
    box: Array
    colours: NDArray[np.float64] | None
    source: int


@dataclass(eq=False)
class Mover:
    """One track while it is followed."""

    number: int
    time: float
    sight: Sight
    colours: NDArray[np.float64] | None
    speed: Array = field(default_factory=lambda: np.zeros(2))  # px a second

    def expected(self, time: float) -> Array:
        """Where its centre would be, px; out of sight it stops after half a second."""
        return self.sight.centre + self.speed * min(time - self.time, 0.5)


class Followers:
    """The tracks of one kind over a clip.

    patience: s that somebody out of sight is waited for, before a return is somebody new.
    """

    def __init__(self, *, patience: float) -> None:
        self.seen: list[Mover] = []
        self.lost: list[Mover] = []
        self._patience = patience
        self._count = 0

    def assign(self, time: float, sights: list[Sight]) -> list[int]:
        """The number of the track of each sight at ``time`` s; new ones for who is new."""
        self.lost = [mover for mover in self.lost if time - mover.time <= self._patience]
        movers = self.seen + self.lost
        numbers = [0] * len(sights)
        if movers and sights:
            costs = np.array([[self._cost(mover, sight, time) for sight in sights]
                              for mover in movers])
            for row, column in zip(*linear_sum_assignment(costs), strict=True):
                if costs[row, column] < _BLIND:
                    numbers[column] = movers[row].number
        alone = _alone(sights)
        by_number = {mover.number: mover for mover in movers}
        for place, sight in enumerate(sights):
            if not numbers[place]:
                self._count += 1
                numbers[place] = self._count
                by_number[self._count] = Mover(self._count, time, sight, sight.colours)
            else:
                self._move(by_number[numbers[place]], time, sight, alone[place])
        self.seen = [by_number[number] for number in numbers]
        self.lost = [mover for mover in movers if mover.number not in numbers]
        return numbers

    def _cost(self, mover: Mover, sight: Sight, time: float) -> float:
        waited = time - mover.time
        away = float(np.linalg.norm(sight.centre - mover.expected(time))) / mover.sight.side
        size = abs(float(np.log(sight.side / mover.sight.side)))
        hidden = mover in self.lost
        own = sight.source == mover.number  # however fast: somebody who runs out of the picture
        if not own and (away > _GATE + _DRIFT * waited or size > 0.7 + waited):
            return _BLIND
        colours = 0.0
        if mover.colours is not None and sight.colours is not None:
            colours = difference(mover.colours, sight.colours)
            if hidden and colours > _OTHER_COLOURS:
                return _BLIND
        return away + _SIZES * size + _COLOURS * colours - _SELF * own + _HIDDEN * hidden

    def _move(self, mover: Mover, time: float, sight: Sight, alone: bool) -> None:
        passed = time - mover.time
        if passed > 0:
            speed = (sight.centre - mover.sight.centre) / passed
            mover.speed = mover.speed + _SMOOTH * (speed - mover.speed)
        mover.time, mover.sight = time, sight
        if sight.colours is None or not alone:
            return
        known = mover.colours
        mover.colours = (
            sight.colours if known is None else known + _LEARN * (sight.colours - known))


def distinct(points: NDArray, sides: NDArray, *, near: float) -> list[int]:
    """Which of n looks at landmarks ``[n, k, 2]`` are of different things; of those that are the
    same, the first.

    near: mean distance of their landmarks, in sides, below which two are the same.
    """
    kept: list[int] = []
    for k in range(len(points)):
        gaps = [np.linalg.norm(points[k] - points[j], axis=-1).mean() / max(sides[k], sides[j])
                for j in kept]
        if not gaps or min(gaps) > near:
            kept.append(k)
    return kept


def apart(shapes: NDArray[np.bool_], *, most: float) -> list[int]:
    """Which of n shapes ``[n, h, w]`` are of different things: of which no more than ``most`` lies
    in an earlier one, nor of an earlier one in it."""
    kept: list[int] = []
    for k, shape in enumerate(shapes):
        if all((shape & shapes[j]).sum() <= most * max(1, min(shape.sum(), shapes[j].sum()))
               for j in kept):
            kept.append(k)
    return kept


def _alone(sights: list[Sight]) -> list[bool]:
    """Whose box no other's covers, so that its colours are its own."""
    if not sights:
        return []
    boxes = np.array([sight.box for sight in sights])
    shared = overlap(boxes, boxes)
    np.fill_diagonal(shared, 0)
    return (shared.max(1) < _CROSSING).tolist()
