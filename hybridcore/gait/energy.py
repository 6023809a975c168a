"""What a walk looks like on average: the gait energy image and the gait entropy image."""

from __future__ import annotations

import cv2
import numpy as np
from scipy.special import entr


def gait_energy(silhouettes: np.ndarray) -> np.ndarray:
    """Gait energy image (Han & Bhanu, TPAMI 2006): the mean of aligned silhouettes.

        GEI(x, y) = 1/N sum_t B_t(x, y)

    silhouettes: uint8 ``[N, 64, 44]``, 0..255; N at least 1, best one or more whole cycles.

    Returns float32 ``[64, 44]``, 0..1.
    """
    if silhouettes.ndim != 3 or len(silhouettes) == 0 or silhouettes.dtype != np.uint8:
        raise ValueError(
            f"expected uint8 [N, H, W] with N > 0, got {silhouettes.dtype} {silhouettes.shape}")
    flat = np.ascontiguousarray(silhouettes).reshape(len(silhouettes), -1)
    total = cv2.reduce(flat, 0, cv2.REDUCE_SUM, dtype=cv2.CV_64F)  # exact: integers
    return (total / (255.0 * len(silhouettes))).reshape(silhouettes.shape[1:]).astype(np.float32)


def gait_entropy(energy: np.ndarray) -> np.ndarray:
    """Gait entropy image (Bashir, Xiang & Gong, ICDP 2009): where the body moves.

        GEnI = -p log2 p - (1 - p) log2(1 - p),   p = GEI(x, y)

    energy: float ``[64, 44]``, 0..1, from :func:`gait_energy`.

    Returns float32 ``[64, 44]``, 0..1: 0 where the body always or never is, 1 where it is half the
    time.
    """
    p = energy.astype(np.float64)
    return ((entr(p) + entr(1 - p)) / np.log(2)).astype(np.float32)


def energy_picture(energy: np.ndarray) -> np.ndarray:
    """Levels 0..1 of any shape, such as a gait energy image's, as uint8 0..255."""
    return np.round(np.clip(energy, 0, 1) * 255).astype(np.uint8)
