"""Persons of single frames -> persons over time.

A constant-velocity (alpha-beta) filter predicts where everybody is; the Hungarian algorithm (Kuhn
1955) gives each person of the frame to the track that fits best in place, size and colours. While
two people cover each other they are one blob: both tracks are carried on by their velocity, and
colours help to tell them apart afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import linear_sum_assignment

from hybridcore.gait.clean import Person
from hybridcore.gait.looks import Looks

_REACH = 0.7  # heights of the person that a prediction may be wrong
_REACH_A_SECOND = 1.2  # and more for each second unseen
_TURNED = 0.45  # |log| of the ratio of heights from which it is somebody else
_COLOUR_SCALE = 50.0  # grey levels of difference that weigh as much as one height of distance
_COVERED = 0.55  # share of a predicted box inside another's blob: the two have merged
_HIDDEN = 0.85  # share of a predicted box inside another's from which that person is hidden
_FRAGMENT = 0.5  # of another's height: what is smaller was a part of that body
_PATIENCE, _PATIENCE_MERGED = 0.8, 4.0  # s that a track is carried on unseen
_TRIAL = 5  # frames until a track counts
_ALPHA, _BETA = 0.6, 0.15  # how much of an error corrects place and velocity
_MEMORY = 0.9  # of the colours


@dataclass
class Track:
    """One person over time: ``persons[k]`` was seen in frame ``frames[k]``.

    merged: numbers of the frames in which this person and another were one blob (no Person then).
    in_place: these are the moving pieces of something that does not leave its place.
    looks: a few pictures of the person in full view.
    """

    frames: list[int] = field(default_factory=list)
    persons: list[Person] = field(default_factory=list)
    merged: list[int] = field(default_factory=list)
    place: np.ndarray = field(default_factory=lambda: np.zeros(4))  # middle x, middle y, w, h
    velocity: np.ndarray = field(default_factory=lambda: np.zeros(2))  # px/s of the middle
    colours: np.ndarray = field(default_factory=lambda: np.zeros((4, 3)))
    unseen: float = 0.0  # s
    in_blob: bool = False
    in_place: bool = False
    looks: Looks = field(default_factory=Looks)

    @property
    def tried(self) -> bool:
        return len(self.frames) >= _TRIAL

    @property
    def box(self) -> tuple[float, float, float, float]:
        """The predicted box: left, top, right, bottom."""
        x, y, w, h = self.place
        return x - w / 2, y - h / 2, x + w / 2, y + h / 2


class Tracker:
    """Feed it the persons of every frame in order; :attr:`tracks` holds all that lasted."""

    def __init__(self) -> None:
        self._active: list[Track] = []
        self._ended: list[Track] = []
        self._time: float | None = None

    @property
    def tracks(self) -> list[Track]:
        """Tracks of at least :data:`_TRIAL` frames, in order of their first."""
        lasted = [track for track in self._ended + self._active if track.tried]
        return sorted(lasted, key=lambda track: track.frames[0])

    def present(self, index: int) -> list[Track]:
        """The tracks that were seen in frame ``index``, the last one."""
        return [track for track in self._active if track.frames[-1] == index]

    def step(self, people: list[Person], index: int, time: float) -> None:
        """Take the people of frame ``index`` at ``time`` s."""
        elapsed = 0.0 if self._time is None else time - self._time
        self._time = time
        for track in self._active:
            track.place[:2] += track.velocity * elapsed
        pairs = self._assign(people)
        blobs = self._merge(people, pairs)
        taken = set(pairs.values())
        for k, track in enumerate(self._active):
            track.in_blob = k in blobs
            if track.in_blob:
                track.merged.append(index)
                _hold_inside(track, people[blobs[k]])
            if k in pairs and not track.in_blob:
                _see(track, people[pairs[k]], index, elapsed)
            else:
                track.unseen += elapsed
        for j, person in enumerate(people):
            if j not in taken and j not in blobs.values():
                self._active.append(_begin(person, index))
        self._retire()

    def _assign(self, people: list[Person]) -> dict[int, int]:
        """Track -> person, positions in the lists."""
        if not self._active or not people:
            return {}
        cost = np.array([[_cost(track, person) for person in people] for track in self._active])
        rows, columns = linear_sum_assignment(np.where(np.isinf(cost), 1e6, cost))
        return {
            int(i): int(j) for i, j in zip(rows, columns, strict=True) if np.isfinite(cost[i, j])
        }

    def _merge(self, people: list[Person], pairs: dict[int, int]) -> dict[int, int]:
        """Track -> person, for the tracks that share one blob with another track."""
        owner = {j: i for i, j in pairs.items()}
        blobs: dict[int, int] = {}
        for i, track in enumerate(self._active):
            if i in pairs or not track.tried:
                continue
            for j, person in enumerate(people):
                if _share_inside(track.box, person.box) < _COVERED:
                    continue
                front = self._active[owner[j]] if j in owner else None
                if front is not None and track.place[3] < _FRAGMENT * front.place[3]:
                    break  # a part of one body that has joined it
                blobs[i] = j
                # Somebody who is hidden altogether does not spoil the outline of the other.
                if front is not None and _share_inside(track.box, front.box) < _HIDDEN:
                    blobs[owner[j]] = j
                break
        return blobs

    def _retire(self) -> None:
        still = []
        for track in self._active:
            patience = _PATIENCE_MERGED if track.in_blob else _PATIENCE
            if track.unseen > patience or (track.unseen > 0.15 and not track.tried):
                self._ended.append(track)
            else:
                still.append(track)
        self._active = still


def _cost(track: Track, person: Person) -> float:
    """How badly a person fits a track; infinite where it cannot be."""
    height = max(track.place[3], 1.0)
    distance = float(np.hypot(*(person.centre - track.place[:2]))) / height
    size = abs(np.log(person.height / height))
    if distance > _REACH + _REACH_A_SECOND * track.unseen or size > _TURNED + track.unseen:
        return np.inf
    colour = float(np.abs(track.colours - person.colours).mean()) / _COLOUR_SCALE
    return distance + size + min(colour, 2.0)


def _begin(person: Person, index: int) -> Track:
    place = np.array([*person.centre, person.width, person.height])
    return Track([index], [person], place=place, colours=person.colours.copy())


def _see(track: Track, person: Person, index: int, elapsed: float) -> None:
    """Correct the track by a detection."""
    error = person.centre - track.place[:2]
    if track.unseen > 0:  # it was lost: trust the detection
        track.place[:2] = person.centre
    else:
        track.place[:2] += _ALPHA * error
        if elapsed > 0:
            # The first frames know no velocity: learn it faster.
            track.velocity += max(_BETA, 1 / (len(track.frames) + 1)) * error / elapsed
    track.place[2:] += 0.3 * (np.array([person.width, person.height]) - track.place[2:])
    track.colours += (1 - _MEMORY) * (person.colours - track.colours)
    track.unseen = 0.0
    track.frames.append(index)
    track.persons.append(person)


def _hold_inside(track: Track, blob: Person) -> None:
    """Keep a hidden person's middle within the blob that hides it."""
    left, top, right, bottom = blob.box
    track.place[0] = np.clip(track.place[0], left, right)
    track.place[1] = np.clip(track.place[1], top, bottom)


def _share_inside(box: tuple[float, ...], other: tuple[float, ...]) -> float:
    """The share of ``box`` that lies inside ``other``."""
    width = min(box[2], other[2]) - max(box[0], other[0])
    height = min(box[3], other[3]) - max(box[1], other[1])
    area = (box[2] - box[0]) * (box[3] - box[1])
    return max(width, 0.0) * max(height, 0.0) / max(area, 1e-9)
