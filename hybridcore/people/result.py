"""Who was seen in a clip: one track a person, a hand, a face."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hybridcore.people.masks import Masks
from hybridcore.people.regions import place


@dataclass(frozen=True, eq=False, kw_only=True)
class Track:
    """One body, hand or face in the n frames in which it was seen.

    number: its own, from 1 in the order of coming; never given to another.
    frames: int64 ``[n]``, indices in the clip, increasing; between them it was not seen.
    times: float64 ``[n]``, s.
    boxes: float32 ``[n, 4]`` (left, top, right, bottom), px of the frames looked at.
    regions: float32 ``[n, 4]``, the square that the network looked at (see `regions`).
    presence: float32 ``[n]`` 0..1, how sure the network is that it is there.
    landmarks: float32 ``[n, k, c]``: x, y in px of the frames looked at; z, towards the camera
        negative, on the scale of x; for bodies also visibility (not hidden) and presence (inside
        the picture), 0..1. Points with low ones are guesses.
    """

    number: int
    frames: NDArray[np.int64]
    times: NDArray[np.float64]
    boxes: NDArray[np.float32]
    regions: NDArray[np.float32]
    presence: NDArray[np.float32]
    landmarks: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.frames)


@dataclass(frozen=True, eq=False, kw_only=True)
class Person(Track):
    """A body: landmarks ``[n, 33, 5]``, see `points.BODY_POINTS`.

    world: float32 ``[n, 33, 3]``, metres from the middle of the hips; y down, z from the camera.
    masks: of its regions, one a frame; none if they were not asked for.
    """

    world: NDArray[np.float32]
    masks: Masks

    def mask(self, row: int, size: tuple[int, int]) -> NDArray[np.uint8]:
        """Where the person is in frame ``frames[row]``: uint8 ``[height, width]``, 0..255.

        size: (height, width) of the frames looked at.
        """
        return place(self.masks[row], self.regions[row], size)


@dataclass(frozen=True, eq=False, kw_only=True)
class Hand(Track):
    """A hand: landmarks ``[n, 21, 3]``, z from the wrist, see `points.HAND_POINTS`.

    world: float32 ``[n, 21, 3]``, metres from the middle of the hand.
    right: float32 ``[n]`` 0..1, how likely it is a right hand (in a picture that is not mirrored).
    """

    world: NDArray[np.float32]
    right: NDArray[np.float32]


@dataclass(frozen=True, eq=False, kw_only=True)
class Face(Track):
    """A face: landmarks ``[n, 468, 3]``, z from the middle of the head, see `points`."""


@dataclass(frozen=True, eq=False)
class People:
    """Everybody in a clip. size: (height, width) of the frames looked at; times ``[T]``, s, of all
    of them. Hands and faces are empty unless they were asked for."""

    size: tuple[int, int]
    times: NDArray[np.float64]
    persons: tuple[Person, ...]
    hands: tuple[Hand, ...]
    faces: tuple[Face, ...]
