"""Foreground to people: without shadows, specks and holes, cut apart into persons."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np

from hybridcore.gait.align import align, median_column

MIN_ROWS = 16  # px of the working picture; a smaller person is a speck
_MIN_SHARE = 0.15  # of its box that a person fills at least
_FLATTEST, _SLIMMEST = 0.6, 7.0  # rows / columns of a box that may be people
_HOLE = 0.004  # a hole smaller than this share of (rows of the person)^2 is filled
_BANDS = 4
_SHINS, _FLOOR = 0.75, 0.90  # of the height, from the head: where shins and where shoes begin
_STRIDE = 0.28  # of the height, how far a leg reaches from the middle
_TRUNKS = 3.0  # a whole person is at least so many times as tall as the trunk is wide
_FEET = 0.06  # of the height, from the ground, that is feet


@dataclass(frozen=True)
class Person:
    """One person in one frame.

    left, top, width, height: px of the working picture.
    middle: px, the column on which the silhouette is centred.
    silhouette: uint8 ``[64, 44]``, aligned.
    feet: bool ``[width]``, the columns that are covered near the ground.
    colours: float32 ``[4, 3]``, mean RGB of four bands from head to foot, for re-identification.
    whole: whether nothing hides a part, that is known of; head: whether all of the face is inside
    the picture, known from landmarks, so that it matters little if the upper edge cuts the hair.
    ankles: their distance, as a share of the height; NaN where no landmarks were found.
    """

    left: int
    top: int
    width: int
    height: int
    middle: int
    silhouette: np.ndarray
    feet: np.ndarray
    colours: np.ndarray
    whole: bool = True
    head: bool = False
    ankles: float = float("nan")

    @property
    def box(self) -> tuple[int, int, int, int]:
        """left, top, right, bottom."""
        return self.left, self.top, self.left + self.width, self.top + self.height

    @property
    def centre(self) -> np.ndarray:
        """float ``[2]``: x, y of the middle of the box."""
        return np.array([self.left + self.width / 2, self.top + self.height / 2])


def find_people(
    foreground: np.ndarray, shadow: np.ndarray, frame: np.ndarray | None = None
) -> list[Person]:
    """People of one frame.

    foreground, shadow: uint8 0/255 ``[H, W]``; frame: uint8 RGB ``[H, W, 3]`` for their colours.
    """
    solid = cv2.morphologyEx(foreground, cv2.MORPH_OPEN, _disc(3))
    # Parts above one another belong together: a belt may have the colour of the wall.
    joined = cv2.morphologyEx(solid, cv2.MORPH_CLOSE, np.ones((max(3, len(solid) // 18), 3)))
    count, labels, boxes, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    people = []
    for k in range(1, count):
        left, top, width, height, _ = (int(v) for v in boxes[k])
        if height < MIN_ROWS:
            continue
        part = slice(top, top + height), slice(left, left + width)
        own = cv2.bitwise_and(solid[part], cv2.compare(labels[part], k, cv2.CMP_EQ))
        mask = _without_shadow(own, shadow[part])
        mask = _fill(cv2.morphologyEx(mask, cv2.MORPH_CLOSE, _disc(3)))
        _, _, width, height = cv2.boundingRect(mask)
        shaped = height >= MIN_ROWS and _FLATTEST * width <= height <= _SLIMMEST * width
        if shaped and cv2.countNonZero(mask) >= _MIN_SHARE * width * height:
            people.append(person_of(mask, left, top, frame))
    return people


def _without_shadow(mask: np.ndarray, shadow: np.ndarray) -> np.ndarray:
    """A blob uint8 0/255 without its cast shadow.

    Grey trousers before a pale floor look like a shadow on it. So what lies between body pixels, or
    below the trunk where legs are, is given back; what is left to go lies beside the person or at
    the feet. Where that would leave a trunk without legs, nothing is taken away.
    """
    shaded = cv2.bitwise_and(mask, shadow)
    body = cv2.morphologyEx(cv2.subtract(mask, shaded), cv2.MORPH_OPEN, _disc(3))
    if not shaded.any() or not body.any():
        return mask
    _, top, _, tall = cv2.boundingRect(body)
    widths = np.count_nonzero(body, axis=1)
    trunk = float(np.median(widths[widths > 0]))
    if tall < _FLOOR * cv2.boundingRect(mask)[3] and tall < _TRUNKS * trunk:
        return mask
    solid = body > 0
    middle = median_column(body[: top + tall // 2])
    legs = np.zeros_like(solid)
    reach = round(_STRIDE * tall)
    legs[top + tall // 2 : top + round(_FLOOR * tall), max(0, middle - reach) : middle + reach] = 1
    legs &= shaded > 0
    # Below the knees a leg leads from where it was to a shoe; what lies beside is a shadow.
    low = top + round(_SHINS * tall)
    near = solid[low:].any(0) | (solid | legs)[low - tall // 16 : low].any(0)
    margin = np.ones(2 * (tall // 24) + 1, np.uint8)
    legs[low:] &= cv2.dilate(near.astype(np.uint8)[None], margin[None])[0] > 0
    beside = _between(solid, axis=1)
    beside[low:] = False  # between two feet lies the floor
    body[(legs | beside | _between(solid, axis=0)) & (shaded > 0)] = 255
    return body


def _between(solid: np.ndarray, axis: int) -> np.ndarray:
    """Where bool ``[h, w]`` has true on both sides along an axis."""
    before = np.logical_or.accumulate(solid, axis)
    after = np.flip(np.logical_or.accumulate(np.flip(solid, axis), axis), axis)
    return before & after


def person_of(mask: np.ndarray, left: int, top: int, frame: np.ndarray | None = None) -> Person:
    """The person of a mask uint8 ``[h, w]`` whose corner lies at ``left``, ``top`` of the frame."""
    x, y, width, height = cv2.boundingRect(mask)
    mask = np.ascontiguousarray(mask[y : y + height, x : x + width])
    left, top = left + x, top + y
    colours = np.zeros((_BANDS, 3), np.float32)
    if frame is not None:
        picture = frame[top : top + height, left : left + width]
        edges = np.linspace(0, height, _BANDS + 1).astype(int)
        for band, (a, b) in enumerate(pairwise(edges)):
            colours[band] = cv2.mean(picture[a:b], mask[a:b])[:3]
    feet = mask[-max(1, round(_FEET * height)) :].max(0) > 0
    return Person(left, top, width, height, left + median_column(mask), align(mask[None])[0], feet,
                  colours)


def _fill(mask: np.ndarray) -> np.ndarray:
    """Fill small holes (a large one, between arm and body, is the person's shape)."""
    padded = cv2.copyMakeBorder(mask, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    _, labels, sizes, _ = cv2.connectedComponentsWithStats(cv2.bitwise_not(padded), connectivity=4)
    small = sizes[:, cv2.CC_STAT_AREA] <= max(2.0, _HOLE * len(mask) ** 2)
    small[0] = False  # label 0 is the body itself
    return np.where(small[labels[1:-1, 1:-1]], np.uint8(255), mask)


def _disc(size: int) -> np.ndarray:
    return cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
