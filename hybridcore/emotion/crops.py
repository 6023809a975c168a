"""Faces cut out of frames as the networks know them, and how good each cut is.

The networks learned from FER2013, 48 px grey. Where its pictures end was measured: the mesh of 468
points, laid over 567 of its training faces, fills 0.886 of a picture's side and lies 0.038 of it
below the middle (medians). A face is cut out of a frame in the same way, eyes level.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from hybridcore.people.regions import Array, axes, bounding, crop, shifted

SIDE = 48  # px of a crop
_FILLED, _BELOW = 0.886, 0.038  # of a crop: the mesh's longer side; how far its middle lies below
_FINEST = 4  # times SIDE: the most that is read out of a frame for one crop
_RIGHT_EYE, _LEFT_EYE = 33, 263  # outer corners
_LIPS = (13, 14)  # inner, upper and lower
_CHEEKS, _NOSE = (234, 454), 1


def regions_of(meshes: NDArray) -> Array:
    """Squares ``[n, 4]`` (see `people.regions`) around faces, from meshes ``[n, 468, 2]`` in px."""
    eyes = meshes[:, _LEFT_EYE] - meshes[:, _RIGHT_EYE]
    angles = np.arctan2(eyes[:, 1], eyes[:, 0]).astype(np.float64)
    return shifted(bounding(meshes, angles), up=_BELOW / _FILLED, scale=1 / _FILLED)


def grey_crops(frame: NDArray[np.uint8], regions: Array) -> NDArray[np.uint8]:
    """Regions ``[n, 4]`` of an RGB frame as grey crops ``[n, 48, 48]``; large faces are averaged
    down, not sampled."""
    crops = np.empty((len(regions), SIDE, SIDE), np.uint8)
    for k, region in enumerate(regions):
        side = SIDE * int(np.clip(np.ceil(region[2] / SIDE), 1, _FINEST))
        (picture,) = crop(frame, region[None], side)
        grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
        crops[k] = cv2.resize(grey, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    return crops


def qualities(crops: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Contrast and sharpness of crops ``[..., 48, 48]`` -> ``[..., 2]``, logarithms.

    Contrast is the standard deviation in grey levels; sharpness that of the Laplacian, over it.
    """
    flat = crops.reshape(-1, *crops.shape[-2:])
    measured = np.empty((len(flat), 2), np.float32)
    for k, picture in enumerate(flat):
        spread = float(picture.std()) + 1
        edges = float(cv2.Laplacian(picture, cv2.CV_32F).std()) + 1
        measured[k] = np.log(spread), np.log(edges / spread)
    return measured.reshape(*crops.shape[:-2], 2)


def mouth_opening(meshes: NDArray) -> NDArray[np.float32]:
    """Distance of the inner lips, over that of the outer corners of the eyes, ``[n]``."""
    return _distance(meshes, *_LIPS) / _eyes(meshes)


def turns(meshes: NDArray) -> NDArray[np.float32]:
    """How far each face is turned aside, ``[n]``: 0 straight, about 1 a profile.

    The place of the nose between the cheeks, along the line of the eyes.
    """
    eyes = meshes[:, _LEFT_EYE] - meshes[:, _RIGHT_EYE]
    along = axes(np.arctan2(eyes[:, 1], eyes[:, 0]))[..., 0]
    right, left, nose = (np.einsum("nk,nk->n", meshes[:, point], along)
                         for point in (*_CHEEKS, _NOSE))
    across = np.maximum(np.abs(left - right), 1e-6)
    return np.asarray(np.abs(2 * nose - left - right) / across, np.float32).clip(0, 1)


def _eyes(meshes: NDArray) -> NDArray[np.float32]:
    return np.maximum(_distance(meshes, _RIGHT_EYE, _LEFT_EYE), 1e-6)


def _distance(meshes: NDArray, one: int, other: int) -> NDArray[np.float32]:
    gaps = np.linalg.norm(meshes[:, one] - meshes[:, other], axis=-1)
    return np.asarray(gaps, np.float32)
