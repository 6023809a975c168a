"""What the values in the pictures of one walk mean: background, one person, or several by ids.

Sets of the field hold 0 and 255. Other tools write 0 and 1, an id for each person, a palette, 16
bits, the person in the alpha channel, or black on white. So all pictures of a walk are looked at
together: the background is what most of their borders hold; where the others are few, flat values
that are seen apart, each is a person; else what differs from the background by half is one.

A value is a *code* (see :mod:`hybridcore.media.picture_values`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

import cv2
import numpy as np

from hybridcore.media.picture_values import COLOUR

_MAX_CODES = 64  # in one walk; more are shades
_FLAT = 0.2  # share of a code's pixels, at least, whose neighbours are of that code too
_STRAY = 0.02  # share of the foreground that may be of no flat code
_TOGETHER = 0.8  # of the frames, from which two codes are parts of one person
_INSIDE = 0.8  # of the narrower one's width that lies above or below the other
_SHADOW, _WHITE = 127, 255  # as OpenCV's background models mark a cast shadow and the foreground


@dataclass(frozen=True)
class Meaning:
    """How the pictures of one walk are read.

    background: a code; threshold: how far from it a person begins; people: the codes of each
    person, empty where the threshold decides.
    """

    background: int
    threshold: int
    people: tuple[tuple[int, ...], ...] = ()

    def label(self, codes: np.ndarray) -> np.ndarray:
        """Codes ``[H, W]`` -> uint8 ``[H, W]``, the number of the person from 1, 0 where nobody."""
        if not self.people:
            return (_levels(codes, self.background) > self.threshold).astype(np.uint8)
        labels = np.zeros(codes.shape, np.uint8)
        for number, own in enumerate(self.people, 1):
            labels[np.isin(codes, own)] = number
        return labels

    @property
    def names(self) -> tuple[str, ...]:
        """What each person is called in the pictures: a value, or a colour as #RRGGBB."""
        return tuple(
            str(own[0]) if own[0] < COLOUR else f"#{own[0] - COLOUR:06x}" for own in self.people)


class Survey:
    """What the pictures of one walk hold; feed it all of them, then ask."""

    def __init__(self) -> None:
        self._border: Counter[int] = Counter()
        self._pixels: Counter[int] = Counter()
        self._flat: Counter[int] = Counter()
        self._range = np.array([[COLOUR] * 3, [0] * 3])  # lowest and highest of each channel
        self._shades = False

    def add(self, codes: np.ndarray, exact: bool) -> None:
        """The codes of one picture, and whether they are exact."""
        edges = np.concatenate([codes[0], codes[-1], codes[1:-1, 0], codes[1:-1, -1]])
        self._border.update(_count(edges))
        counts = _count(codes)
        channels = _channels(np.array(list(counts)))
        self._range = np.stack([
            np.minimum(self._range[0], channels.min(0)), np.maximum(self._range[1], channels.max(0))
        ])
        self._shades = self._shades or not exact or len(self._pixels | counts) > _MAX_CODES
        if not self._shades:
            self._pixels.update(counts)
            self._flat.update(_count(_inner(codes)))

    @property
    def background(self) -> int:
        """The code that most of the borders hold."""
        return min(self._border, key=lambda code: (-self._border[code], code))

    @property
    def flat(self) -> list[int]:
        """The codes beside the background, if all of them fill areas; else none."""
        others = {c: n for c, n in self._pixels.items() if c != self.background}
        flat = [code for code, n in others.items() if self._flat[code] >= _FLAT * n]
        stray = sum(others.values()) - sum(others[code] for code in flat)
        if self._shades or stray > _STRAY * sum(others.values()):
            return []
        return sorted(flat)

    def meaning(self, pictures: Iterable[np.ndarray]) -> Meaning:
        """How to read the walk. pictures: the codes of all of them once more, read only if
        several flat codes have to be told apart."""
        ground = _channels(np.array([self.background]))[0]
        level = int(np.abs(self._range - ground).max())
        flat = self.flat
        if flat:
            level = int(_levels(np.array(flat), self.background).max())
        if len(flat) < 2:
            return Meaning(self.background, level // 2)
        people = _apart(flat, pictures)
        if people == [(_SHADOW, _WHITE)]:
            people = [(_WHITE,)]
        return Meaning(self.background, level // 2, tuple(people))


def _channels(codes: np.ndarray) -> np.ndarray:
    """Codes ``[...]`` -> red, green, blue ``[..., 3]``; grey is alike in all."""
    rgb = np.stack([codes >> 16 & 255, codes >> 8 & 255, codes & 255], -1)
    return np.where((codes >= COLOUR)[..., None], rgb, codes[..., None])


def _levels(codes: np.ndarray, background: int) -> np.ndarray:
    """How far codes ``[...]`` lie from the background, in the channel where that is most."""
    if background < COLOUR and (codes < COLOUR).all():
        return np.abs(codes - background)
    return np.abs(_channels(codes) - _channels(np.array([background]))[0]).max(-1)


def _count(codes: np.ndarray) -> Counter[int]:
    if codes.size and codes.max() < 1 << 16:
        counts = np.bincount(codes.ravel())
        return Counter({int(code): int(counts[code]) for code in np.flatnonzero(counts)})
    values, counts = np.unique(codes, return_counts=True)
    return Counter(dict(zip(values.tolist(), counts.tolist(), strict=True)))


def _inner(codes: np.ndarray) -> np.ndarray:
    """The codes ``[n]`` of the pixels whose eight neighbours are of the same code."""
    middle = codes[1:-1, 1:-1]
    height, width = codes.shape
    alike = np.ones(middle.shape, bool)
    for y in range(3):
        for x in range(3):
            alike &= codes[y : height - 2 + y, x : width - 2 + x] == middle
    return middle[alike]


def _apart(codes: list[int], pictures: Iterable[np.ndarray]) -> list[tuple[int, ...]]:
    """Codes that are one person each, or together one: the parts of a body, a rim, a shadow.

    Parts touch, one above the other, whenever they are seen; people at most for a while.
    """
    seen: Counter[int] = Counter()
    together: Counter[tuple[int, int]] = Counter()
    for picture in pictures:
        areas = {code: (picture == code).astype(np.uint8) for code in codes}
        boxes = {code: cv2.boundingRect(area) for code, area in areas.items()}
        here = [code for code in codes if boxes[code][2]]
        seen.update(here)
        for a, b in combinations(here, 2):
            shadow = (a, b) == (_SHADOW, _WHITE) and len(codes) == 2
            if (shadow or _above(boxes[a], boxes[b])) and _touch(areas[a], areas[b]):
                together[a, b] += 1
    group = {code: code for code in codes}
    for (a, b), frames in together.items():
        if frames >= _TOGETHER * min(seen[a], seen[b]):
            old, new = group[b], group[a]
            group = {code: new if own == old else own for code, own in group.items()}
    return [
        tuple(code for code in codes if group[code] == own) for own in sorted({*group.values()})]


def _above(a: tuple[int, ...], b: tuple[int, ...]) -> bool:
    """Whether the narrower of two boxes (left, top, width, height) lies above, below or in the
    other."""
    shared = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    return shared >= _INSIDE * min(a[2], b[2])


def _touch(a: np.ndarray, b: np.ndarray) -> bool:
    return bool(cv2.bitwise_and(cv2.dilate(a, np.ones((3, 3), np.uint8)), b).any())
