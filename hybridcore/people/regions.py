"""Squares of a picture, turned to stand upright: what the landmark networks look at.

A region is a row (x, y, side, angle): its centre and side in pixels of the picture (pixel (0, 0)
covers 0..1), and how far its upright axis is turned, radians, clockwise as seen. Points inside are
in units of its side, 0..1 from its upper left corner.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def axes(angle: float | Array) -> Array:
    """Directions of the sides in the picture: ``[..., 2, 2]``, columns right and down."""
    cos, sin = np.cos(angle), np.sin(angle)
    return np.stack([np.stack([cos, -sin], -1), np.stack([sin, cos], -1)], -2)


def to_picture(points: NDArray, regions: NDArray) -> Array:
    """Points ``[n, k, 2]`` in units of regions ``[n, 4]`` -> the same in pixels of the picture."""
    inside = (np.asarray(points, np.float64) - 0.5) * regions[:, None, 2:3]
    return inside @ axes(regions[:, 3]).swapaxes(-1, -2) + regions[:, None, :2]


def to_region(points: NDArray, regions: NDArray) -> Array:
    """The inverse of `to_picture`."""
    inside = (np.asarray(points, np.float64) - regions[:, None, :2]) @ axes(regions[:, 3])
    return inside / regions[:, None, 2:3] + 0.5


def crop(frame: NDArray[np.uint8], regions: NDArray, side: int) -> NDArray[np.uint8]:
    """Regions ``[n, 4]`` of a frame ``[H, W, 3]`` as pictures ``[n, side, side, 3]``.

    Outside the frame its edge is repeated, as where the networks were trained.
    """
    pictures = np.empty((len(regions), side, side, 3), np.uint8)
    for k, matrix in enumerate(_matrices(regions, side)):
        cv2.warpAffine(frame, matrix, (side, side), dst=pictures[k],
                       flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
                       borderMode=cv2.BORDER_REPLICATE)
    return pictures


def place(mask: NDArray[np.uint8], region: NDArray, size: tuple[int, int]) -> NDArray[np.uint8]:
    """A mask ``[side, side]`` of one region ``[4]`` in its place in a picture of ``size`` (height,
    width), 0 around it."""
    (matrix,) = _matrices(region[None], len(mask))
    return cv2.warpAffine(mask, matrix, (size[1], size[0]), flags=cv2.INTER_LINEAR)


def _matrices(regions: NDArray, side: int) -> Array:
    """``[n, 2, 3]``: centres of a crop's pixels -> centres of the picture's pixels."""
    scaled = axes(regions[:, 3]) * (regions[:, 2] / side)[:, None, None]
    first = scaled @ np.array([0.5, 0.5]) - 0.5 + regions[:, :2] - scaled @ np.full(2, side / 2)
    return np.concatenate([scaled, first[..., None]], -1)


def upright(centre: NDArray, top: NDArray, side: NDArray) -> Array:
    """Regions around ``centre`` ``[n, 2]``, as wide as ``side`` ``[n]``, in which ``top``
    ``[n, 2]`` lies straight above it."""
    x, y = (top - centre).T
    return np.column_stack([centre, side, np.arctan2(x, -y)])


def shifted(regions: Array, *, up: float = 0.0, scale: float = 1.0) -> Array:
    """Regions moved ``up`` by that share of their side along their own axis, then scaled."""
    moved = regions.copy()
    moved[:, :2] -= axes(regions[:, 3])[..., 1] * (up * regions[:, 2])[:, None]
    moved[:, 2] *= scale
    return moved


def bounding(points: NDArray, angles: Array) -> Array:
    """The smallest squares turned by ``angles`` ``[n]``, with the middle and the longer side of the
    rectangle around ``points`` ``[n, k, 2]``."""
    turned = np.asarray(points, np.float64) @ axes(angles)
    low, high = turned.min(1), turned.max(1)
    middle = np.einsum("nij,nj->ni", axes(angles), (low + high) / 2)
    return np.column_stack([middle, (high - low).max(1), angles])
