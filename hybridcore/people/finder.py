"""Finds and follows one kind of thing over the frames of a clip."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hybridcore.people.appearance import torso_colours
from hybridcore.people.following import Followers, Sight, apart, distinct
from hybridcore.people.masks import pack
from hybridcore.people.networks import Looks, Networks
from hybridcore.people.regions import Array, crop, place, to_picture

MOST = 8  # of a kind in one frame
PRESENCE = 0.5  # below it there is none
AGAIN = 0.2  # s between two looks of the detector
TURN = 2  # windows that it looks at beside the whole frame, one after the other
PATIENCE = 2.0  # s that one out of sight is waited for
_NEAR = 0.08  # of a side: two looks at the same one
_TAKEN = 0.1  # of a side: what the detector finds so near to a track is that
_COVERED = 0.7  # of a mask inside another: two looks at the same body
_COARSE = 8  # px of the frame in one of the masks that are compared
_SMALLEST = 16  # px; a smaller region shows nothing
_COMPARED = 25  # landmarks that tell two looks apart: of bodies those above the knees


@dataclass(frozen=True, eq=False)
class Seen:
    """One body, hand or face in one frame; fields as one row of `result.Track`.

    mask: packed (see `masks`), of bodies if asked for, else empty; right: of hands, else 0.
    """

    number: int
    frame: int
    time: float
    box: Array
    region: Array
    presence: float
    landmarks: NDArray[np.float32]
    world: NDArray[np.float32]
    mask: bytes
    right: float


class Finder:
    """Detects every ``again`` s and wherever one got lost, and follows in between."""

    def __init__(
        self, networks: Networks, *, masks: bool = False, again: float = AGAIN,
    ) -> None:
        self._networks, self._again = networks, again
        self._masks = masks
        self._followers = Followers(patience=PATIENCE)
        self._regions = np.zeros((0, 4))  # to look at in the next frame
        self._sources: list[int] = []  # the numbers of their tracks
        self._detected = -np.inf  # s, when
        self._one_got_lost = False
        self._turns = 0

    def step(
        self, frame: NDArray[np.uint8], index: int, time: float, windows: NDArray,
        in_turn: NDArray | None = None,
    ) -> tuple[Seen, ...]:
        """What is seen in the next frame.

        windows ``[m, 4]``: parts of it that the detector looks at every time; in_turn: others, all
        of them the first time and `TURN` at a time from then on.
        """
        regions, sources = self._regions, self._sources
        if self._one_got_lost or time - self._detected >= self._again - 1e-6:
            self._detected = time
            if in_turn is not None:
                windows = np.concatenate([windows, in_turn[self._turn(len(in_turn))]])
            new = self._new(self._networks.detect(frame, windows))[:max(0, MOST - len(regions))]
            regions = np.concatenate([regions, new])
            sources = sources + [0] * len(new)
        before = len(self._sources)
        seen = self._look(frame, index, time, regions, sources) if len(regions) else ()
        if not len(regions):
            self._followers.assign(time, [])
        self._one_got_lost = len(seen) < before
        return seen

    def _turn(self, count: int) -> NDArray[np.int64]:
        """Which of ``count`` windows it is the turn of."""
        look, self._turns = self._turns, self._turns + 1
        if look == 0:
            return np.arange(count)
        return np.unique((np.arange(TURN) + look * TURN) % count)

    def _new(self, found: Array) -> Array:
        """Regions of the detector where no track is."""
        gaps = np.linalg.norm(found[:, None, :2] - self._regions[None, :, :2], axis=-1)
        taken = (gaps < _TAKEN * self._regions[None, :, 2]).any(1)
        return found[~taken & (found[:, 2] >= _SMALLEST)]

    def _look(
        self, frame: NDArray[np.uint8], index: int, time: float, regions: Array,
        sources: Sequence[int],
    ) -> tuple[Seen, ...]:
        looks = self._networks.look(frame, regions)
        there = np.flatnonzero((looks.presence >= PRESENCE) & (looks.following[:, 2] >= _SMALLEST)
                               & np.isfinite(looks.following).all(1))
        points = looks.landmarks[there, :_COMPARED, :2]
        kept = there[distinct(points, looks.following[there, 2], near=_NEAR)]
        if looks.masks is not None:
            shapes = _shapes(looks.masks[kept], looks.regions[kept], frame.shape[:2])
            kept = kept[apart(shapes, most=_COVERED)]
        boxes = [_box(looks, k, frame.shape[:2]) for k in kept]
        sights = [
            Sight(looks.following[k, :2], float(looks.following[k, 2]), box,
                  self._colours(frame, looks, k), sources[k])
            for k, box in zip(kept, boxes, strict=True)]
        numbers = self._followers.assign(time, sights)
        self._regions, self._sources = looks.following[kept], numbers
        return tuple(
            Seen(number, index, time, box, looks.regions[k], float(looks.presence[k]),
                 looks.landmarks[k], looks.world[k],
                 pack(looks.masks[k]) if self._masks and looks.masks is not None else b"",
                 0.0 if looks.right is None else float(looks.right[k]))
            for number, k, box in zip(numbers, kept, boxes, strict=True))

    def _colours(
        self, frame: NDArray[np.uint8], looks: Looks, k: int,
    ) -> NDArray[np.float64] | None:
        if looks.masks is None:
            return None
        (picture,) = crop(frame, looks.regions[k:k + 1], 64)
        return torso_colours(picture, looks.masks[k], looks.landmarks[k], looks.regions[k])


def _box(looks: Looks, k: int, size: tuple[int, ...]) -> Array:
    """Around the mask of a body, around the landmarks of anything else, inside the frame."""
    points = looks.landmarks[k, :, :2].astype(np.float64)
    if looks.masks is not None:
        step = 2  # px of 256
        y, x = np.nonzero(looks.masks[k, ::step, ::step] > 127)
        if len(x):
            inside = np.column_stack([x, y]) * step + step / 2
            (points,) = to_picture(inside[None] / len(looks.masks[k]), looks.regions[k:k + 1])
    return np.clip(np.concatenate([points.min(0), points.max(0)]), 0, np.tile(size[1::-1], 2))


def _shapes(masks: NDArray[np.uint8], regions: Array, size: tuple[int, ...]) -> NDArray[np.bool_]:
    """Masks of n bodies in their places in a coarse picture: ``[n, h, w]``."""
    coarse = (-(-size[0] // _COARSE), -(-size[1] // _COARSE))
    scaled = regions / [_COARSE, _COARSE, _COARSE, 1]
    shapes = np.zeros((len(masks), *coarse), bool)
    for k, (mask, region) in enumerate(zip(masks, scaled, strict=True)):
        shapes[k] = place(mask, region, coarse) > 127
    return shapes
