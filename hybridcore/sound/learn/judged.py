"""What a model says of an example, beside the truth."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from hybridcore.sound.learn.data import Example
from hybridcore.sound.learn.metrics import Detections


@dataclass(frozen=True)
class Judged:
    """Predictions for one example, beside the truth.

    detections: onsets with their scores, moved earlier. threshold: of its fold. At each of the N
    true events (predictions are read at the likeliest frame within 0.1 s): strength, centroid,
    action and material ``[N]``, NaN or -1 where nothing was predicted; sureness ``[N]``, the
    probability of that material; sure: from which on it is said, of its fold.
    """

    example: Example
    detections: Detections
    threshold: float
    strength: NDArray[np.floating]
    centroid: NDArray[np.floating]
    action: NDArray[np.integer]
    material: NDArray[np.integer]
    sureness: NDArray[np.floating] = field(default_factory=lambda: np.empty(0))
    sure: float = 0.0
