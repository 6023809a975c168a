"""How well the DNA networks do on the parts of the genomes that judge."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize
from sklearn.metrics import average_precision_score

from hybridcore.dna.calibration import probabilities
from hybridcore.dna.danq import DanQ
from hybridcore.dna.learn.data import LabelledSequences, in_window, shuffled
from hybridcore.dna.motifs import count_motifs, frequencies, likeness
from hybridcore.dna.scan import logits_of
from hybridcore.dna.spacing import spaced_apart
from hybridcore.dna.targets import TARGET_KEYS, TARGETS
from hybridcore.training.metrics import auc_interval

SURE = 0.9  # the least threshold: ends of a sequence, where half of a window is unknown, stay below
FALSE = 0.01  # share of negatives that may be called sites at the threshold, at most
_SPLITS = {
    "ctcf": "chromosomes 8 and 9; negatives are shuffled peaks, which is easier than a genome",
    "tata": "chromosome 5; negatives lie inside of genes",
    "boxes": "made; negatives have both boxes, at other distances or in the other order",
}


def scores_of(network: DanQ, labelled: LabelledSequences) -> np.ndarray:
    """Logits of the set's target, the likelier strand, float32 ``[N]``."""
    windows = in_window(labelled.windows, np.random.default_rng(0))
    found: np.ndarray = logits_of(network, windows)[TARGET_KEYS.index(labelled.target)].max(0)
    return found


def against_shuffled(labelled: LabelledSequences) -> LabelledSequences:
    """The positives of a set beside their own letters in another order."""
    own = labelled.windows[labelled.positive]
    return LabelledSequences(
        np.concatenate([own, shuffled(own, np.random.default_rng(0))]),
        np.arange(2 * len(own)) < len(own), np.tile(labelled.groups[labelled.positive], 2),
        labelled.target)


def area_row(judged: LabelledSequences, scores: np.ndarray) -> dict[str, Any]:
    """The area under the ROC curve as a card holds it, its interval over single sequences."""
    value, low, high = auc_interval([scores], judged.positive, np.arange(len(scores)))
    return {"name": f"{_title(judged.target)}: ROC-AUC", "split": _SPLITS[judged.target],
            "count": len(scores), "value": round(value, 4), "unit": "",
            "interval": [round(low, 4), round(high, 4)]}


def rows_of(network: DanQ, sets: Mapping[str, LabelledSequences]) -> list[dict[str, Any]]:
    """Areas, average precision, calibration and what the threshold finds, for each target."""
    fitted = fit_calibration(network, sets)
    rows: list[dict[str, Any]] = [
        {**area_row(against, scores_of(network, against)),
         "split": "chromosome 5; negatives are shuffled promoters"}
        for against in [against_shuffled(sets["tata"].part("judge"))]]
    for key, labelled in sets.items():
        judged = labelled.part("judge")
        scores, split = scores_of(network, judged), _SPLITS[key]
        p = probabilities(scores, fitted[key]["slope"], fitted[key]["shift"])
        above = p >= fitted[key]["threshold"]
        positives = int(judged.positive.sum())
        rows += [
            {**area_row(judged, scores), **({"headline": True} if key == "ctcf" else {})},
            {"name": f"{_title(key)}: average precision", "split": split, "count": len(scores),
             "value": round(float(average_precision_score(judged.positive, scores)), 4),
             "unit": ""},
            {"name": f"{_title(key)}: found at the threshold", "split": split,
             "count": positives, "value": round(100 * float(above[judged.positive].mean()), 2),
             "unit": "%"},
            {"name": f"{_title(key)}: negatives called a site at the threshold", "split": split,
             "count": len(scores) - positives,
             "value": round(100 * float(above[~judged.positive].mean()), 2), "unit": "%"},
            {"name": f"{_title(key)}: expected calibration error", "split": split,
             "count": len(scores), "value": round(_calibration_error(p, judged.positive), 4),
             "unit": ""},
        ]
    return rows


def fit_calibration(
    network: DanQ, sets: Mapping[str, LabelledSequences]
) -> dict[str, dict[str, float]]:
    """Platt's slope and shift of each target on the part that chooses, the probability that all but
    a hundredth of its negatives stay below, at least :data:`SURE`, and 1 where the strands change
    places."""
    fitted = {}
    for key, labelled in sets.items():
        chosen = labelled.part("choose")
        scores, positive = scores_of(network, chosen), chosen.positive
        weights = np.where(positive, 0.5 / positive.mean(), 0.5 / (~positive).mean())
        # Nobody is surer than that many examples allow (Platt's targets).
        wanted = np.where(positive, 1 - 1 / (positive.sum() + 2), 1 / ((~positive).sum() + 2))

        def loss(
            parameters: np.ndarray, s: np.ndarray = scores, y: np.ndarray = wanted,
            w: np.ndarray = weights,
        ) -> float:
            z = parameters[0] * s + parameters[1]
            return float((w * (np.logaddexp(0, z) - y * z)).mean())

        slope, shift = map(float, minimize(loss, [1.0, 0.0], method="Nelder-Mead").x)
        p = probabilities(scores[~positive], slope, shift)
        fitted[key] = {"slope": round(slope, 4), "shift": round(shift, 4),
                       "threshold": round(max(SURE, float(np.quantile(p, 1 - FALSE))), 4),
                       "turned": float(_turned(network, key))}
    return fitted


def _turned(network: DanQ, key: str) -> bool:
    """Whether the target, written as it is known, is found on what the network takes for the other
    strand: which one it learns to read is chance."""
    target = TARGETS[TARGET_KEYS.index(key)]
    strands = spaced_apart(network, target, np.array([target.spacing]))[:, 0].mean(1)
    return bool(strands[1] > strands[0])


def motif_rows(network: DanQ, learned: LabelledSequences, path: Path) -> list[dict[str, Any]]:
    """The scanner that is most like a published motif.

    path: counts, four lines in the order A, C, G, T; other lines begin with ``>``.
    """
    lines = [line.strip().strip("ACGT[] ").split() for line in path.read_text().splitlines()
             if line.strip() and not line.startswith(">")]
    published = frequencies(np.array(lines, float).T)
    counts = count_motifs(network, learned.windows[learned.positive])
    alike = [likeness(shares, published)[0] if counts[k].sum() else -1.0
             for k, shares in enumerate(frequencies(counts))]
    return [{"name": "CTCF's published motif (JASPAR MA0139.1): correlation of the scanner most "
                     "like it", "split": "peaks that were learned from", "count": len(alike),
             "value": round(max(alike), 3), "unit": ""}]


def _title(key: str) -> str:
    return TARGETS[TARGET_KEYS.index(key)].title


def _calibration_error(p: np.ndarray, positive: np.ndarray, bins: int = 10) -> float:
    """Expected calibration error, classes weighed alike."""
    weights = np.where(positive, 0.5 / positive.mean(), 0.5 / (~positive).mean())
    at = np.minimum((p * bins).astype(int), bins - 1)
    return float(sum(
        abs((weights * (positive - p))[at == k].sum()) for k in range(bins)) / weights.sum())
