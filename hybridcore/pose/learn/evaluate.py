"""How well the pose networks do on continuous sequences of people whom they have never seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from hybridcore.layers.chain import best_labels, runs
from hybridcore.people.readings import calibrated
from hybridcore.pose.actions import ACTIONS
from hybridcore.pose.calibration import THRESHOLD
from hybridcore.pose.features import RATE
from hybridcore.pose.learn.compose import Composer, Sequence2D, batch_of
from hybridcore.pose.learn.spoil import spoil
from hybridcore.pose.model import Kind, PoseNet
from hybridcore.pose.networks import without_legs
from hybridcore.pose.segments import CHANGE_SECONDS
from hybridcore.training.metrics import f1, segment_matches, share_row

STRENGTHS = {"clean": 0.0, "noisy": 1.0, "very noisy": 2.0}  # of the faults of learn/spoil.py
_TURN = 45.0  # degrees from the front
_BINS = np.linspace(0, 1, 11)
_SHORTEST = 4  # steps of a segment that counts
_ORDER = (ACTIONS.index("sitting down"), ACTIONS.index("standing up"))


@dataclass(frozen=True, eq=False)
class TestSet:
    """Sequences of one half of the people, clean, and the same with faults: by name of the
    strength."""

    sequences: Sequence[Sequence2D]
    spoiled: Mapping[str, Sequence[np.ndarray]]


def draw_test(composer: Composer, count: int, seed: int) -> TestSet:
    """``count`` sequences of three to five clips at their own pace."""
    rng = np.random.default_rng(seed)
    sequences = [composer.draw(rng, count=int(rng.integers(3, 6)), turn=_TURN, warp=False)
                 for _ in range(count)]
    spoiled = {
        name: [spoil(one.joints[None], rng, np.array([strength]))[0] for one in sequences]
        for name, strength in STRENGTHS.items()}
    return TestSet(sequences, spoiled)


@torch.inference_mode()
def logits_of(model: PoseNet, joints: Sequence[np.ndarray]) -> list[np.ndarray]:
    """Logits ``[T, C]`` of every sequence, as they are read in the room."""
    found = []
    for at in range(0, len(joints), 32):
        part = [Sequence2D(one, np.zeros(len(one), np.int64)) for one in joints[at : at + 32]]
        batch = batch_of(part)[0]
        logits = without_legs(model(torch.from_numpy(batch)).logits.numpy(), batch)
        found += [row[: len(one.labels)] for row, one in zip(logits, part, strict=True)]
    return found


def fit_temperature(logits: Sequence[np.ndarray], sequences: Sequence[Sequence2D]) -> float:
    """The temperature under which the labels are likeliest."""
    all_logits = np.concatenate(logits)
    labels = np.concatenate([one.labels for one in sequences])
    kept = labels >= 0

    def loss(temperature: float) -> float:
        p = calibrated(all_logits[kept], temperature)
        return float(-np.log(np.maximum(p[np.arange(len(p)), labels[kept]], 1e-7)).mean())

    return round(float(min(np.geomspace(0.5, 4, 60), key=loss)), 3)


def measure(
    logits: Sequence[np.ndarray], sequences: Sequence[Sequence2D], temperatures: Sequence[float],
    split: str,
) -> list[dict[str, Any]]:
    """Rows of a card for one network and one strength of faults; temperatures: one a sequence."""
    p = [calibrated(one, t) for one, t in zip(logits, temperatures, strict=True)]
    kept = [one.labels >= 0 for one in sequences]
    best = [one.argmax(1) for one in p]
    hits = np.array([(b[k] == s.labels[k]).sum()
                     for b, k, s in zip(best, kept, sequences, strict=True)], float)
    counts = np.array([k.sum() for k in kept], float)
    rows = [share_row("right at every step", split, hits, counts)]
    said = [(one.max(1) >= THRESHOLD) & k for one, k in zip(p, kept, strict=True)]
    rows.append(share_row(f"named (likelier than {THRESHOLD})", split,
                          np.array([one.sum() for one in said], float), counts))
    rows.append(share_row(
        "right where named", split,
        np.array([(b[m] == s.labels[m]).sum()
                  for b, m, s in zip(best, said, sequences, strict=True)], float),
        np.array([m.sum() for m in said], float)))
    matches = np.array([
        segment_matches(best_labels(np.log(one[k] + 1e-6), CHANGE_SECONDS * RATE),
                        s.labels[k], 0.5)
        for one, k, s in zip(p, kept, sequences, strict=True)]).sum(0)
    rows.append({"name": "segment F1@50", "split": split, "count": len(sequences),
                 "value": round(100 * f1(*matches), 2), "unit": "%"})
    late, missed = delays(best, sequences)
    rows += [
        {"name": "delay until first named right, median", "split": split, "count": len(late),
         "value": round(float(np.median(late)), 1), "unit": "steps of 1/15 s"},
        share_row("actions never named right", split, missed, np.ones(len(missed))),
        {"name": "expected calibration error", "split": split, "count": int(counts.sum()),
         "value": round(100 * calibration_error(p, sequences), 2), "unit": "%"},
    ]
    return rows


def delays(
    best: Sequence[np.ndarray], sequences: Sequence[Sequence2D]
) -> tuple[np.ndarray, np.ndarray]:
    """Steps from the beginning of every action to the first at which it is the likeliest, of those
    that are found; and for each whether it never was."""
    late, missed = [], []
    for own, sequence in zip(best, sequences, strict=True):
        for start, stop, label in runs(sequence.labels):
            if label < 0 or stop - start < _SHORTEST:
                continue
            found = np.flatnonzero(own[start:stop] == label)
            missed.append(float(not len(found)))
            late += found[:1].tolist()
    return np.array(late), np.array(missed)


def calibration_error(p: Sequence[np.ndarray], sequences: Sequence[Sequence2D]) -> float:
    """Expected calibration error over ten bins of equal width."""
    labels = np.concatenate([one.labels for one in sequences])
    every = np.concatenate(p)[labels >= 0]
    labels = labels[labels >= 0]
    sure, right = every.max(1), every.argmax(1) == labels
    bins = np.digitize(sure, _BINS[1:-1])
    return float(sum(
        abs(sure[bins == k].mean() - right[bins == k].mean()) * (bins == k).mean()
        for k in np.unique(bins)))


def gain(
    one: Sequence[np.ndarray], other: Sequence[np.ndarray], sequences: Sequence[Sequence2D],
    name: str, split: str,
) -> dict[str, Any]:
    """Points by which one network is right more often than another, paired by sequence."""
    gained, counts = [], []
    for a, b, s in zip(one, other, sequences, strict=True):
        kept = s.labels >= 0
        gained.append(float((a[kept].argmax(1) == s.labels[kept]).sum()
                            - (b[kept].argmax(1) == s.labels[kept]).sum()))
        counts.append(float(kept.sum()))
    return {**share_row(name, split, np.array(gained), np.array(counts)), "unit": "points"}


def order_rows(
    models: Mapping[Kind, PoseNet], clips: Sequence[np.ndarray], labels: np.ndarray, split: str
) -> dict[Kind, list[dict[str, Any]]]:
    """Sitting down or standing up: every clip forwards and backwards, where only the order of its
    poses differs. For each network how often the likelier of the two is right; for ``lstm`` also
    what it gains over each network without memory."""
    both = [*clips, *(clip[::-1].copy() for clip in clips)]
    truth = np.concatenate([labels, 1 - labels])
    right = {
        kind: np.array([calibrated(one, 1.0)[:, list(_ORDER)].mean(0).argmax()
                        for one in logits_of(model, both)]) == truth
        for kind, model in models.items()}
    rows = {kind: [share_row("sitting down or standing up", split, hits.astype(float),
                             np.ones(len(hits)))] for kind, hits in right.items()}
    twins: tuple[Kind, ...] = ("tcn", "speed", "pose")
    for twin in twins:
        change = right["lstm"].astype(float) - right[twin]
        rows["lstm"].append({**share_row(
            f"sitting down or standing up, gained over {twin}", split, change,
            np.ones(len(change))), "unit": "points"})
    return rows


