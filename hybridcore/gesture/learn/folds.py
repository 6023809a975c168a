"""Which recordings belong together: three folds, each kept from networks that are tested on it.

People who say words are split by person. SFINGE3D does not say who made a gesture, so that its
instances, its long recordings and the stretches of the hand poses are split by number: networks
tested on one of them may have seen another of the same hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from hybridcore.gesture.learn.compose import Material
from hybridcore.gesture.learn.recordings import (
    Gesture3D,
    Person,
    read_poses,
    read_sequences,
    read_sfinge,
    read_words,
)

FOLDS = 3
_SHORTEST = 12  # frames of a stretch in which the hand is idle
_MARGIN = 8  # frames around a gesture that are not called idle

Marks = list[tuple[int, int, int]]


@dataclass(frozen=True, eq=False)
class Sets:
    """All recordings, each with the number of its fold.

    people; gestures: segmented ones; sequences: number,
    joints and (gesture, first, last frame);
    poses: runs of hands with their names.
    """

    people: list[tuple[int, Person]]
    gestures: list[tuple[int, Gesture3D]]
    sequences: list[tuple[int, int, np.ndarray, Marks]]
    poses: list[tuple[int, str, np.ndarray]]

    def material(self, without: int | None) -> Material:
        """What a network learns from that is tested on a fold; None: everything."""
        cut = [gesture for fold, _, joints, marks in self.sequences if fold != without
               for gesture in _cut(joints, marks)]
        return Material(
            [person for fold, person in self.people if fold != without],
            [*(own for fold, own in self.gestures if fold != without), *cut],
            [(name, run) for fold, name, run in self.poses if fold != without])


def read_sets(folder: Path, cache: Path) -> Sets:
    """The three sets of ``folder``; what takes long to read is kept in ``cache``."""
    people = read_words(folder, cache)
    places = np.random.default_rng(5).permutation(len(people))
    return Sets(
        [(int(place) % FOLDS, person) for place, person in zip(places, people, strict=True)],
        [(own.instance % FOLDS, own) for own in read_sfinge(folder)],
        [(number % FOLDS, number, *own) for number, own in sorted(read_sequences(folder).items())],
        _runs(read_poses(folder)))


def _cut(joints: np.ndarray, marks: Marks) -> list[Gesture3D]:
    """The gestures of a long recording, and the stretches between them."""
    found = [Gesture3D(label, joints[first : last + 1], -1) for label, first, last in marks]
    edges = [0, *(edge for _, first, last in marks for edge in (first - _MARGIN, last + _MARGIN)),
             len(joints)]
    found += [Gesture3D(0, joints[start:stop], -1)
              for start, stop in zip(edges[::2], edges[1::2], strict=True)
              if stop - start >= _SHORTEST]
    return found


def _runs(poses: list[tuple[str, np.ndarray]]) -> list[tuple[int, str, np.ndarray]]:
    """Each label's hands in as many runs as there are folds."""
    found = []
    for name in dict.fromkeys(label for label, _ in poses):
        own = np.stack([points for label, points in poses if label == name])
        found += [(fold, name, run) for fold, run in enumerate(np.array_split(own, FOLDS))]
    return found
