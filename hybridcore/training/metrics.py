"""Metrics that several systems share, each a pure function of arrays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.stats import rankdata

from hybridcore.layers.chain import runs


def top_k(scores: np.ndarray, labels: np.ndarray, k: int) -> float:
    """Share of rows of ``scores [N, C]`` whose label ``[N]`` is among the ``k`` highest, 0..1."""
    best = np.argpartition(-scores, k - 1, axis=1)[:, :k]
    return float((best == labels[:, None]).any(1).mean())


def segment_matches(
    predicted: np.ndarray, true: np.ndarray, overlap: float
) -> tuple[int, int, int]:
    """True positives, false positives and false negatives of segments (Lea et al. 2017).

    A predicted segment is right if its intersection over union with a true segment of its label,
    not yet taken, reaches ``overlap`` (0..1). F1@k adds these counts up over all clips.
    """
    truth = runs(true)
    taken = [False] * len(truth)
    hits = misses = 0
    for start, stop, label in runs(predicted):
        best, at = 0.0, -1
        for k, (a, b, other) in enumerate(truth):
            if other == label and not taken[k]:
                common = max(0, min(stop, b) - max(start, a))
                score = common / (max(stop, b) - min(start, a))
                if score > best:
                    best, at = score, k
        if at >= 0 and best >= overlap:
            taken[at] = True
            hits += 1
        else:
            misses += 1
    return hits, misses, len(truth) - sum(taken)


def edit_score(predicted: np.ndarray, true: np.ndarray) -> float:
    """Segmental edit score, 0..1 (Lea et al. 2017): 1 - Levenshtein distance / longer sequence."""
    a = [label for *_, label in runs(predicted)]
    b = [label for *_, label in runs(true)]
    row = np.arange(len(b) + 1)
    for i, x in enumerate(a, 1):
        previous, row = row, np.empty_like(row)
        row[0] = i
        for j, y in enumerate(b, 1):
            row[j] = min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (x != y))
    return 1 - float(row[-1]) / max(len(a), len(b))


def match_times(
    predicted: np.ndarray, true: np.ndarray, tolerance: float
) -> list[tuple[int, int]]:
    """Pairs ``(i, j)`` of events within ``tolerance``, each used once, in order of time."""
    pairs, j = [], 0
    for i, time in enumerate(predicted):
        while j < len(true) and true[j] < time - tolerance:
            j += 1
        if j < len(true) and abs(true[j] - time) <= tolerance:
            pairs.append((i, j))
            j += 1
    return pairs


def f1(hits: int, false: int, missed: int) -> float:
    """F1 from counts; 0 where there is nothing to count."""
    return 2 * hits / max(1, 2 * hits + false + missed)


def bootstrap(
    values: np.ndarray, weights: np.ndarray, *, seed: int = 0, samples: int = 2000
) -> tuple[float, float, float]:
    """Weighted mean of groups with its 95 % interval, resampling whole groups (clips, people).

    ``values [G]`` are sums over each group and ``weights [G]`` their counts.
    """
    rng = np.random.default_rng(seed)
    picks = rng.integers(0, len(values), (samples, len(values)))
    means = values[picks].sum(1) / np.maximum(weights[picks].sum(1), 1)
    low, high = np.percentile(means, [2.5, 97.5])
    return float(values.sum() / max(weights.sum(), 1)), float(low), float(high)


def share_row(name: str, split: str, hits: np.ndarray, counts: np.ndarray) -> dict[str, Any]:
    """A share as a model card holds it: in percent, with its interval over groups.

    ``hits [G]`` of ``counts [G]`` in each group, as :func:`bootstrap` takes them.
    """
    value, low, high = (round(100 * share, 2) for share in bootstrap(hits, counts))
    return {"name": name, "split": split, "count": int(counts.sum()), "value": value, "unit": "%",
            "interval": [low, high]}


def auc(scores: np.ndarray, positive: np.ndarray) -> float:
    """Area under the ROC curve: how often a positive of ``scores [N]`` lies above a negative; ties
    count half."""
    ranks = rankdata(scores)
    count = int(positive.sum())
    above = float(ranks[positive].sum()) - count * (count + 1) / 2
    return above / (count * (len(scores) - count))


def auc_interval(
    scores: Sequence[np.ndarray], positive: np.ndarray, groups: np.ndarray, *,
    less: Sequence[np.ndarray] | None = None, seed: int = 0, samples: int = 1000,
) -> tuple[float, float, float]:
    """Mean area under the curve of several ``scores [N]``, with its 95 % interval, resampling whole
    ``groups [N]``.

    less: scores of something else, whose area is subtracted, paired.
    """
    rng = np.random.default_rng(seed)
    names, at = np.unique(groups, return_inverse=True)
    members = [np.flatnonzero(at == number) for number in range(len(names))]

    def area(rows: np.ndarray) -> float:
        own = np.mean([auc(one[rows], positive[rows]) for one in scores])
        return float(own - np.mean([auc(one[rows], positive[rows]) for one in less or ()] or [0]))

    drawn: list[float] = []
    while len(drawn) < samples:
        rows = np.concatenate([members[k] for k in rng.integers(0, len(members), len(members))])
        if 0 < positive[rows].sum() < len(rows):
            drawn.append(area(rows))
    low, high = np.percentile(drawn, [2.5, 97.5])
    return area(np.arange(len(positive))), float(low), float(high)
