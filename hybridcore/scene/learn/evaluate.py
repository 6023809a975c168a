"""How good a scene model is: per frame, per segment, and at cuts.

Every figure is over sequences composed from validation photographs. Intervals are 95 %, by
bootstrap over whole sequences. ``average`` is the honest cheap baseline: a causal moving average
of the frame-only model's probabilities, with the window that suits it best on this very set, which
is a favour to the baseline.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import torch

from hybridcore.scene.learn.data import SequenceSet
from hybridcore.scene.model import SceneModel
from hybridcore.scene.segments import CUT_THRESHOLD, peaks
from hybridcore.training.metrics import edit_score, f1, match_times, segment_matches, share_row

WINDOWS = (3, 5, 9, 15, 25, 41)
OVERLAPS = (0.1, 0.25, 0.5)
CUT_TOLERANCE = 4  # frames; a dissolve takes up to twelve


@dataclass(frozen=True)
class Predictions:
    """One model on a whole set: probabilities float32 ``[N, C]``; cuts float32 ``[N]`` or None."""

    probabilities: np.ndarray
    cuts: np.ndarray | None


@torch.inference_mode()
def predict(model: SceneModel, data: SequenceSet) -> Predictions:
    """Run ``model`` over every sequence, each from an empty state."""
    model.eval()
    outputs = [model(data.cells(s)) for s in range(len(data))]
    probabilities = torch.cat([o.logits[0].softmax(-1) for o in outputs]).numpy()
    if model.config.kind == "frame":
        return Predictions(probabilities, None)
    return Predictions(
        probabilities, torch.cat([o.cut_logits[0].sigmoid() for o in outputs]).numpy()
    )


def moving_average(probabilities: np.ndarray, starts: np.ndarray, window: int) -> np.ndarray:
    """Causal mean over the last ``window`` frames of each sequence."""
    smooth = np.empty_like(probabilities)
    for a, b in pairwise(starts):
        total = np.cumsum(probabilities[a:b], 0, dtype=np.float64)
        late = total.copy()
        late[window:] -= total[:-window]
        smooth[a:b] = late / np.minimum(np.arange(1, b - a + 1), window)[:, None]
    return smooth


def frame_row(
    name: str, split: str, hits: np.ndarray, data: SequenceSet, where: np.ndarray
) -> dict[str, object]:
    """Share of true ``hits [N]`` among the frames ``where [N]``, as a card holds it."""
    sequence = np.repeat(np.arange(len(data)), np.diff(data.starts))
    sums = np.bincount(sequence[where], hits[where].astype(float), minlength=len(data))
    counts = np.bincount(sequence[where], minlength=len(data)).astype(float)
    return share_row(name, split, sums, counts)


def percent(value: float) -> dict[str, object]:
    """A share 0..1 as a card writes it."""
    return {"value": round(100 * float(value), 2), "unit": "%"}


def evaluate(predictions: Predictions, data: SequenceSet) -> list[dict[str, object]]:
    """Rows ``{name, split, count, value, interval?}`` for one model."""
    probabilities = predictions.probabilities
    best = probabilities.argmax(1)
    top5 = (np.argpartition(-probabilities, 4, axis=1)[:, :5] == data.labels[:, None]).any(1)
    rows: list[dict[str, object]] = []
    for split, where in (
        ("all frames", np.ones(len(best), bool)),
        ("clean frames", ~data.degraded),
        ("degraded frames", data.degraded),
    ):
        for name, hits in (("top-1", best == data.labels), ("top-5", top5)):
            rows.append(frame_row(name, split, hits, data, where))
            if name == "top-1" and split != "all frames":
                rows[-1]["headline"] = True
    spans = list(pairwise(data.starts))
    for overlap in OVERLAPS:
        counts = np.array([
            segment_matches(best[a:b], data.labels[a:b], overlap) for a, b in spans
        ]).sum(0)
        rows.append({"name": f"segment F1@{overlap * 100:.0f}", "split": "all sequences",
                     "count": len(data), **percent(f1(*counts))})
    edits = [edit_score(best[a:b], data.labels[a:b]) for a, b in spans]
    rows.append({"name": "edit score", "split": "all sequences", "count": len(data),
                 **percent(float(np.mean(edits)))})
    rows += cut_metrics(predictions, best, data)
    return rows


def cut_metrics(
    predictions: Predictions, best: np.ndarray, data: SequenceSet
) -> list[dict[str, object]]:
    """Precision and recall of cuts; without a cut head, a change of label counts as a cut."""
    predicted = true = hits = 0
    for a, b in pairwise(data.starts):
        if predictions.cuts is None:
            guess = np.flatnonzero(np.diff(best[a:b])) + 1
        else:
            guess = peaks(predictions.cuts[a:b], CUT_THRESHOLD, CUT_TOLERANCE)
        truth = np.flatnonzero(data.cuts[a:b])
        hits += len(match_times(guess, truth, CUT_TOLERANCE))
        predicted, true = predicted + len(guess), true + len(truth)
    return [
        {"name": "cut precision", "split": "all sequences", "count": predicted,
         **percent(hits / max(predicted, 1))},
        {"name": "cut recall", "split": "all sequences", "count": true,
         **percent(hits / max(true, 1))},
    ]


def difference(
    a: np.ndarray, b: np.ndarray, data: SequenceSet, where: np.ndarray, name: str, split: str
) -> dict[str, object]:
    """Top-1 of ``a`` minus top-1 of ``b`` (probabilities ``[N, C]``), paired by frame."""
    gain = (a.argmax(1) == data.labels).astype(float) - (b.argmax(1) == data.labels)
    return {**frame_row(name, split, gain, data, where), "unit": "points"}


def evaluate_all(
    models: dict[str, SceneModel], data: SequenceSet
) -> dict[str, list[dict[str, object]]]:
    """Rows for every model, and for ``average``; memory's gains over both baselines with them."""
    predictions = {kind: predict(model, data) for kind, model in models.items()}
    report = {kind: evaluate(p, data) for kind, p in predictions.items()}
    if "frame" not in predictions:
        return report
    frame = predictions["frame"].probabilities
    averages = {w: moving_average(frame, data.starts, w) for w in WINDOWS}
    window = max(WINDOWS, key=lambda w: float(
        (averages[w].argmax(1) == data.labels)[data.degraded].mean()))
    report["average"] = evaluate(Predictions(averages[window], None), data)
    report["average"].append({"name": "window", "split": "chosen on this set", "count": len(data),
                              "value": window, "unit": "frames"})
    for kind in set(predictions) - {"frame"}:
        for other, name in ((frame, "frame-only"), (averages[window], "its moving average")):
            for split, where in (("degraded frames", data.degraded),
                                 ("clean frames", ~data.degraded)):
                gain = difference(predictions[kind].probabilities, other, data, where,
                                  f"top-1 gained over {name}", split)
                if split == "degraded frames":
                    gain["headline"] = True
                report[kind].append(gain)
    return report
