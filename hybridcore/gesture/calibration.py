"""Probabilities that are right as often as they say, and from which a gesture is named.

Logits are divided by a temperature (Guo et al., *On Calibration of Modern Neural Networks*, ICML
2017, arXiv 1706.04599), fitted on people whom nothing was trained on (learn/train.py); it lies in
the card of the network. The moving average says the mean of what the network without memory found
over the last second.
"""

from __future__ import annotations

import numpy as np

from hybridcore.gesture.points import RATE

THRESHOLD = 0.6  # what is at least as likely is named; below it is "not sure"
AVERAGE = 1.0  # s


def averaged(probabilities: np.ndarray) -> np.ndarray:
    """The mean of ``[T, C]`` over the last second at every step, fewer at the beginning."""
    window = round(AVERAGE * RATE)
    total = np.cumsum(probabilities.astype(np.float64), 0)
    before = np.zeros_like(total)
    before[window:] = total[:-window]
    count = np.minimum(np.arange(1, len(total) + 1), window)
    return np.asarray((total - before) / count[:, None], np.float32)
