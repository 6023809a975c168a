"""What a segmentation does to a silhouette.

Background subtraction roughens edges, tears holes, loses feet and takes shadows along. A network
that segments people does other things: compared with the subtraction on the rendered samples, its
masks have smooth edges a little inside the true ones and no shadow, and lack now and then a part of
an arm, a bag, a coat or a foot, for several frames at a stretch.
"""

from __future__ import annotations

from typing import Literal

import cv2
import numpy as np
from scipy.ndimage import gaussian_filter1d

Segmentation = Literal["background", "network"]


def spoil(
    masks: np.ndarray, rng: np.random.Generator, amount: float = 1.0,
    segmentation: Segmentation = "background",
) -> np.ndarray:
    """Masks uint8 ``[T, H, W]``, 0 or 255, as a segmentation would give them.

    Each fault is drawn for the whole walk, and where it strikes from frame to frame; ``amount`` 0
    leaves everything as it is, 1 is a poor segmentation at worst.
    """
    if segmentation == "network":
        return _smooth(masks, rng, amount)
    rough = amount * rng.uniform(0, 0.45)
    grow = amount * rng.uniform(-0.12, 0.12)  # dilates below 0, erodes above
    holes = rng.random() < 0.35 * amount
    feet = rng.random() < 0.25 * amount
    shadow = rng.random() < 0.25 * amount
    tall = _height(masks)
    result = np.empty_like(masks)
    for t, mask in enumerate(masks):
        if shadow:
            mask = _with_shadow(mask, tall, rng)
        if holes and rng.random() < 0.5:
            mask = _with_hole(mask, tall, rng)
        if feet and rng.random() < 0.5:
            mask = _without_feet(mask, tall, rng)
        result[t] = _rough(mask, rough, grow, rng)
    return result


def _height(masks: np.ndarray) -> int:
    rows = np.flatnonzero(masks.any((0, 2)))
    return int(rows[-1] - rows[0] + 1) if len(rows) else 1


def _rough(mask: np.ndarray, amount: float, grow: float, rng: np.random.Generator) -> np.ndarray:
    """Edges moved in and out by a coarse noise, and all along by ``grow``."""
    height, width = mask.shape
    coarse = rng.standard_normal((height // 5, width // 5)).astype(np.float32)
    noise = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR)
    soft = cv2.GaussianBlur(mask, (5, 5), 1.2).astype(np.float32) / 255
    return np.where(soft + amount * noise * 0.5 * (soft > 0.02) * (soft < 0.98) > 0.5 + grow,
                    np.uint8(255), np.uint8(0))


def _with_hole(mask: np.ndarray, tall: int, rng: np.random.Generator) -> np.ndarray:
    rows, columns = np.nonzero(mask)
    if len(rows) == 0:
        return mask
    at = rng.integers(len(rows))
    axes = (rng.uniform(0.01, 0.05, 2) * tall).astype(int) + 1
    return cv2.ellipse(mask.copy(), (int(columns[at]), int(rows[at])),
                       (int(axes[0]), int(axes[1])), rng.uniform(0, 180), 0, 360, 0, -1)


def _without_feet(mask: np.ndarray, tall: int, rng: np.random.Generator) -> np.ndarray:
    lowest = np.flatnonzero(mask.any(1))[-1:]
    if len(lowest) == 0:
        return mask
    result = mask.copy()
    result[lowest[0] - int(tall * rng.uniform(0.01, 0.06)) :] = 0
    return result


def _with_shadow(mask: np.ndarray, tall: int, rng: np.random.Generator) -> np.ndarray:
    rows, columns = np.nonzero(mask)
    if len(rows) == 0:
        return mask
    middle = int(np.median(columns)) + int(tall * rng.uniform(-0.12, 0.12))
    axes = (int(tall * rng.uniform(0.10, 0.22)), int(tall * rng.uniform(0.01, 0.025)) + 1)
    return cv2.ellipse(mask.copy(), (middle, int(rows.max()) - 1), axes, 0, 0, 360, 255, -1)


def _smooth(masks: np.ndarray, rng: np.random.Generator, amount: float) -> np.ndarray:
    """Smooth outlines, thinner or wider all along, without the parts that a network overlooks."""
    tall = _height(masks)
    sigma = max(0.3, tall * rng.uniform(0.0, 0.018) * amount)
    level = 255 * (0.5 + amount * rng.uniform(-0.12, 0.25))
    lacks = amount * rng.uniform(0, 0.4)  # of the frames
    lost = gaussian_filter1d(rng.standard_normal(len(masks) + 16), 4)[8:-8]
    lost = lost > np.quantile(lost, 1 - lacks)
    place = rng.uniform(0.1, 1.0)  # of the height, from the head
    right = rng.random() < 0.5
    axes = tuple((rng.uniform((0.02, 0.03), (0.06, 0.12)) * tall).astype(int) + 1)
    result = np.empty_like(masks)
    for mask, is_lost, target in zip(masks, lost, result, strict=True):
        if is_lost:
            mask = _without_part(mask, place, axes, right=right)
        soft = cv2.GaussianBlur(mask, (0, 0), sigma)
        target[:] = np.where(soft > level, np.uint8(255), np.uint8(0))
    return result


def _without_part(
    mask: np.ndarray, place: float, axes: tuple[int, ...], *, right: bool
) -> np.ndarray:
    """A mask without an ellipse at its rim, in the row at ``place`` of its height."""
    rows = np.flatnonzero(mask.any(1))
    if len(rows) == 0:
        return mask
    row = int(rows[0] + place * (len(rows) - 1))
    columns = np.flatnonzero(mask[row])
    if len(columns) == 0:
        return mask
    column = int(columns[-1 if right else 0])
    return cv2.ellipse(mask.copy(), (column, row), axes, 0, 0, 360, 0, -1)
