"""What needs no network: how often each word of six letters occurs, and how many G and C."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from hybridcore.dna.learn.data import LabelledSequences
from hybridcore.dna.learn.evaluate import area_row

_WORD = 6
_FEATURES = ("six-letter words", "share of G and C")


def words(windows: np.ndarray) -> np.ndarray:
    """Counts of all words of six letters on both strands, float32 ``[N, 4096]``."""
    codes = windows.argmax(2)  # [N, n]
    powers = 4 ** np.arange(_WORD)
    counts = np.zeros((len(windows), 4**_WORD), np.float32)
    for strand in (codes, 3 - codes[:, ::-1]):
        at = np.lib.stride_tricks.sliding_window_view(strand, _WORD, axis=1) @ powers
        np.add.at(counts, (np.arange(len(counts))[:, None], at), 1)
    return counts


def baseline_rows(sets: Mapping[str, LabelledSequences]) -> list[dict[str, Any]]:
    """Logistic regressions on each kind of feature, learned and judged as the networks are."""
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in _FEATURES}
    for labelled in sets.values():
        judged = labelled.part("judge")
        learned = labelled.part("choose" if labelled.target == "boxes" else "learn")
        for name, features in zip(_FEATURES, (words, _gc), strict=True):
            model = make_pipeline(StandardScaler(), LogisticRegression(C=1e-3, max_iter=300))
            model.fit(features(learned.windows), learned.positive)
            scores = model.decision_function(features(judged.windows))
            rows[name].append(area_row(judged, scores))
    return [{"name": f"logistic regression on {name}", "metrics": metrics}
            for name, metrics in rows.items()]


def _gc(windows: np.ndarray) -> np.ndarray:
    share: np.ndarray = windows[..., 1:3].sum(2).mean(1, keepdims=True)
    return share
