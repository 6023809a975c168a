"""Probabilities that are right as often as they say, and from which an action is named.

Logits are divided by a temperature (Guo et al., *On Calibration of Modern Neural Networks*, ICML
2017, arXiv 1706.04599), fitted on sequences of people whom nothing was trained on (learn/train.py);
it lies in the card of the network. Of somebody whose legs are not seen nobody can tell whether they
stand or sit, whatever a network makes of it, so both are then alike likely.
"""

from __future__ import annotations

import numpy as np

from hybridcore.pose.actions import ACTIONS, SITTING, STANDING
from hybridcore.pose.joints import LEGS

THRESHOLD = 0.5  # what is at least as likely is named; below it is "not sure"


def softmax(logits: np.ndarray, temperature: float) -> np.ndarray:
    """Of ``logits [..., C]``, float32."""
    values = logits.astype(np.float64) / temperature
    values = np.exp(values - values.max(-1, keepdims=True))
    return (values / values.sum(-1, keepdims=True)).astype(np.float32)


def without_legs(logits: np.ndarray, joints: np.ndarray) -> np.ndarray:
    """Logits ``[..., m, C]`` of joints ``[..., m, 13, 2]``, in which standing and sitting share
    their likelihood where neither a knee nor an ankle is seen."""
    hidden = ~np.isfinite(joints[..., list(LEGS), :]).all(-1).any(-1)
    pair = [ACTIONS.index(STANDING), ACTIONS.index(SITTING)]
    shared = logits.copy()
    both = np.logaddexp(logits[..., pair[0]], logits[..., pair[1]]) - np.log(2)
    shared[..., pair] = np.where(hidden[..., None], both[..., None], logits[..., pair])
    return shared
