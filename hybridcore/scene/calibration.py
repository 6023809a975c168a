"""Probabilities that are right as often as they say.

A network is surer of real clips than it is right. Its log-probabilities are divided by a
temperature (Guo et al., *On Calibration of Modern Neural Networks*, ICML 2017, arXiv 1706.04599),
which was fitted on real clips (learn/calibrate.py) and lies in the card of the model.
"""

from __future__ import annotations

import numpy as np

from hybridcore.cards import load_card

# What is at least as likely is said, if nobody sets it otherwise. A scene or family that is named
# is then right about every third time on real clips (the cards say it), on photographs of
# MiniPlaces three times in four.
THRESHOLD = 0.3
_FLOOR = 1e-7  # of a probability before it is calibrated: what half precision still holds


def calibrate(probabilities: np.ndarray, temperature: float) -> np.ndarray:
    """``softmax(log p / temperature)`` of float ``[T, C]``, float32."""
    log_p = np.log(np.maximum(probabilities.astype(np.float64), _FLOOR)) / temperature
    p = np.exp(log_p - log_p.max(1, keepdims=True))
    return (p / p.sum(1, keepdims=True)).astype(np.float32)


def card_temperature(kind: str) -> float:
    """That of the model of a kind, as its card says.

    Raises:
        WeightsError: it has no card.
    """
    return float(load_card(f"scene_{kind}")["calibration"]["temperature"])
