"""Rows of a card: how often a witness of faces is right, and how far it can be believed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

from hybridcore.emotion.classes import EMOTIONS
from hybridcore.training.calibration import calibration_interval, fit_temperature, sure_from
from hybridcore.training.metrics import bootstrap, share_row

LONGEST = 12  # steps of a moving average


@dataclass(frozen=True, eq=False)
class Told:
    """What a witness said of M things: p ``[M, 7]``, labels ``[M]``, and the group of each
    ``[M]``, inside which errors go together (a track, a person)."""

    p: NDArray
    labels: NDArray[np.int64]
    groups: NDArray

    @property
    def right(self) -> NDArray[np.bool_]:
        """Whether the likeliest is the label."""
        return np.asarray(self.p.argmax(-1) == self.labels)

    def where(self, kept: NDArray[np.bool_]) -> Told:
        """Of some of them."""
        return Told(self.p[kept], self.labels[kept], self.groups[kept])


def told(logits: NDArray, temperature: float, labels: NDArray, groups: NDArray) -> Told:
    """From logits ``[M, 7]``."""
    return Told(softmax(logits.astype(np.float64) / temperature, -1), labels, groups)


@dataclass(frozen=True)
class Calibration:
    """What goes into a card: the temperature, and from how probable on something is named."""

    temperature: float
    sure: float


def calibration_of(logits: NDArray, labels: NDArray) -> Calibration:
    """From logits ``[M, 7]`` that were not learned from."""
    temperature = fit_temperature(logits, labels)
    said = told(logits, temperature, labels, labels)
    return Calibration(temperature, round(sure_from(said.p.max(-1), said.right), 4))


def right_row(name: str, split: str, said: Told, **more: Any) -> dict[str, Any]:
    """How often the likeliest is right."""
    return {**share_row(name, split, *_sums(said.right.astype(float), said.groups)), **more}


def gain_row(name: str, split: str, said: Told, other: Told) -> dict[str, Any]:
    """By how much one is right more often than another on the same things, in points."""
    gained = said.right.astype(float) - other.right
    value, low, high = (round(100 * share, 2)
                        for share in bootstrap(*_sums(gained, said.groups)))
    return {"name": name, "split": split, "count": len(gained), "value": value, "unit": "points",
            "interval": [low, high]}


def calibration_row(split: str, said: Told) -> dict[str, Any]:
    """The expected calibration error."""
    value, low, high = (round(100 * share, 2) for share in calibration_interval(
        said.p.max(-1), said.right, said.groups))
    return {"name": "expected calibration error", "split": split, "count": len(said.labels),
            "value": value, "unit": "%", "interval": [low, high]}


def emotion_rows(split: str, said: Told) -> list[dict[str, Any]]:
    """How often each expression is found, and the mean of that over expressions."""
    there = [k for k in range(len(EMOTIONS)) if (said.labels == k).any()]
    rows = [right_row(f"right where the label is {EMOTIONS[k]}", split,
                      said.where(said.labels == k)) for k in there]
    mean = round(float(np.mean([row["value"] for row in rows])), 2)
    return [*rows, {"name": f"mean of these {len(there)}", "split": split,
                    "count": len(said.labels), "value": mean, "unit": "%"}]


def named_rows(split: str, said: Told, limit: float) -> list[dict[str, Any]]:
    """How often something is named at all, and how often that is right."""
    sure = said.p.max(-1) >= limit
    return [share_row("named, not \"not sure\"", split,
                      *_sums(sure.astype(float), said.groups)),
            right_row("right where named", split, said.where(sure))]


def averaged(p: NDArray, seen: NDArray[np.bool_], window: int) -> NDArray:
    """Mean of ``p [N, T, 7]`` over the last ``window`` steps, those that are seen."""
    total = np.zeros_like(p, dtype=np.float64)
    for back in range(min(window, p.shape[1])):
        total[:, back:] += (p * seen[..., None])[:, : p.shape[1] - back]
    return total / np.maximum(total.sum(-1, keepdims=True), 1e-9)


def best_window(p: NDArray, seen: NDArray[np.bool_], labels: NDArray) -> int:
    """The moving average that is right most often at the steps that are seen."""
    def right(window: int) -> float:
        return float((averaged(p, seen, window).argmax(-1) == labels)[seen].mean())

    return max(range(1, LONGEST + 1), key=right)


def _sums(values: NDArray, groups: NDArray) -> tuple[NDArray, NDArray]:
    """Sum and count in each group."""
    _, at = np.unique(groups, return_inverse=True)
    return np.bincount(at, values), np.bincount(at).astype(float)
