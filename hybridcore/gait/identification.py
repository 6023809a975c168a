"""How far walks lie from each other."""

from __future__ import annotations

import numpy as np


def distances(probes: np.ndarray, gallery: np.ndarray) -> np.ndarray:
    """Euclidean, float32 ``[P, G]``, between rows ``[P, D]`` and ``[G, D]``."""
    square = (probes**2).sum(1)[:, None] + (gallery**2).sum(1) - 2 * probes @ gallery.T
    return np.sqrt(np.maximum(square, 0))
