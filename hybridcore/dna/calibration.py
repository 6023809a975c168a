"""Logits as probabilities: Platt's scaling of each target (Platt, *Advances in Large Margin
Classifiers*, 1999), fitted on the parts of the genomes that only choose."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy.special import expit

from hybridcore.cards import load_card


def calibration_of(kind: str) -> Mapping[str, Mapping[str, float]]:
    """``slope``, ``shift``, ``threshold`` and ``turned`` of every target by its key, of the network
    of a kind; turned: 1 where its strands change places."""
    parts: Mapping[str, Mapping[str, Any]] = load_card(f"dna_{kind}")["calibration"]
    return parts


def probabilities(logits: np.ndarray, slope: float, shift: float) -> np.ndarray:
    """Probabilities in 0..1 of logits of any shape, float32."""
    return expit(slope * logits + shift).astype(np.float32)
