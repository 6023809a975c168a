"""Probabilities that are right as often as they say, and from which an action is named.

Logits are divided by a temperature (Guo et al., *On Calibration of Modern Neural Networks*, ICML
2017, arXiv 1706.04599), fitted on sequences of people whom nothing was trained on (learn/train.py);
it lies in the card of the network.
"""

from __future__ import annotations

import numpy as np

THRESHOLD = 0.5  # what is at least as likely is named; below it is "not sure"


def softmax(logits: np.ndarray, temperature: float) -> np.ndarray:
    """Of ``logits [..., C]``, float32."""
    values = logits.astype(np.float64) / temperature
    values = np.exp(values - values.max(-1, keepdims=True))
    return (values / values.sum(-1, keepdims=True)).astype(np.float32)
