"""A camera that moves over a photograph: pan, zoom, rotation, hand shake."""

from __future__ import annotations

import cv2
import numpy as np


def camera_path(length: int, rng: np.random.Generator, *, shake: float = 1.0) -> np.ndarray:
    """A smooth move: float64 ``[T, 4]`` of centre x, centre y, window (all as a share of the
    photograph) and angle (degrees); the window stays inside the photograph.
    """
    zoom = np.sort(rng.uniform(0.55, 1.0, 2))[:: rng.choice([-1, 1])]
    if rng.random() < 0.35:
        zoom[:] = zoom.mean()
    t = np.linspace(0, 1, length)
    ease = t if rng.random() < 0.5 else t * t * (3 - 2 * t)
    window = zoom[0] + (zoom[1] - zoom[0]) * ease
    room = (1 - window) / 2
    start, end = rng.uniform(-1, 1, (2, 2))
    centre = 0.5 + (start + (end - start) * ease[:, None]) * room[:, None]
    angle = rng.uniform(-6, 6) + rng.uniform(-8, 8) * (ease - 0.5) * (rng.random() < 0.4)
    tremor = rng.normal(0, 1, (length + 8, 3))
    kernel = np.hanning(7)[:, None] / np.hanning(7).sum()
    tremor = np.stack([np.convolve(tremor[:, i], kernel[:, 0], "same") for i in range(3)], 1)
    amount = shake * rng.choice([0.0, 0.004, 0.015]) * np.array([1, 1, 60])
    path = np.concatenate([centre, window[:, None], np.full((length, 1), 0.0)], 1)
    path[:, 3] = angle
    path[:, [0, 1, 3]] += tremor[4 : 4 + length] * amount
    return path


def view(photo: np.ndarray, pose: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """What the camera sees at ``pose`` (a row of :func:`camera_path`): ``[*size, 3]``.

    size: (height, width); another aspect ratio than the photograph's squashes it.
    """
    height, width = photo.shape[:2]
    rows, columns = size
    cx, cy, window, angle = pose
    turn = np.deg2rad(angle)
    cos, sin = np.cos(turn), np.sin(turn)
    # Output pixel -> photograph pixel, so that the warp needs no inverse.
    scale = np.diag([window * width / columns, window * height / rows])
    linear = scale @ np.array([[cos, -sin], [sin, cos]])
    middle = np.array([cx * width, cy * height]) - 0.5
    offset = middle - linear @ np.array([(columns - 1) / 2, (rows - 1) / 2])
    matrix = np.concatenate([linear, offset[:, None]], 1)
    shrink = linear[0, 0] > 1.5
    if shrink:  # area interpolation is not to be had in a warp: shrink the photograph first
        factor = 1 / linear[0, 0]
        photo = cv2.resize(photo, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
        matrix = matrix * factor
    return cv2.warpAffine(
        photo, matrix, (columns, rows), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REFLECT_101,
    )
