"""Calibrate the scene models on real clips and measure them there.

``python -m hybridcore.scene.learn.calibrate --clips FOLDER --cache FOLDER`` fits the temperature of
each model, and bias and scale of the place probe, and writes them into the cards with what was
measured. The clips are split in halves by place: each half is measured with what was
fitted on the other; what ships is fitted on all of them. Every clip counts the same, however long
it is; intervals are by bootstrap over places.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from hybridcore.cards import replace_metrics
from hybridcore.scene.calibration import THRESHOLD, calibrate
from hybridcore.scene.labels import LEVELS, levels, said_in_turn
from hybridcore.scene.learn.real_clips import Look, calibration_places, look, read_clips
from hybridcore.scene.model import KINDS
from hybridcore.training.metrics import share_row

SPLIT = "real clips, fitted on other places"
_BINS = np.linspace(0, 1, 11)


@dataclass(frozen=True, eq=False)
class Frames:
    """All frames of some clips: probabilities as the networks give them ``[N, C]``, place ``[N]``,
    which names are right bool ``[N, names]``, weights ``[N]`` that add up to one a clip, and the
    numbers of each frame's place and clip ``[N]``."""

    probabilities: np.ndarray
    place: np.ndarray
    right: np.ndarray
    weights: np.ndarray
    places: np.ndarray
    clips: np.ndarray

    @classmethod
    def of(cls, looks: Sequence[Look], kind: str) -> Frames:
        """Those that the model of a kind looked at."""
        lengths = [len(one.place) for one in looks]
        numbers = np.unique([one.clip.place for one in looks], return_inverse=True)[1]
        return cls(
            probabilities=np.concatenate([one.probabilities[kind] for one in looks]),
            place=np.concatenate([one.place for one in looks]),
            right=np.repeat(np.stack([one.clip.accepted for one in looks]), lengths, axis=0),
            weights=np.repeat(1 / np.array(lengths), lengths),
            places=np.repeat(numbers, lengths), clips=np.repeat(np.arange(len(looks)), lengths))

    def hits(self, codes: np.ndarray) -> np.ndarray:
        """Whether what ``codes [N]`` name is right, bool ``[N]``."""
        return self.right[np.arange(len(codes)), codes]

    @property
    def shows_known(self) -> np.ndarray:
        """Whether some scene is right, bool ``[N]``."""
        return np.asarray(self.right[:, levels() == 0].any(1))

    def share(self, name: str, hits: np.ndarray, where: np.ndarray) -> dict[str, Any]:
        """Share of ``hits`` among the frames ``where``, as a card holds it; counted in clips."""
        weights = self.weights * where
        clips = np.bincount(self.places, weights).round(6)  # whole clips are whole numbers
        return share_row(name, SPLIT, np.bincount(self.places, weights * hits), clips)


def log_loss(probability: np.ndarray, true: np.ndarray, weights: np.ndarray) -> float:
    """Mean binary cross-entropy."""
    p = np.clip(probability, 1e-6, 1 - 1e-6)
    return float(-np.average(np.where(true, np.log(p), np.log(1 - p)), weights=weights))


def calibration_error(probability: np.ndarray, true: np.ndarray, weights: np.ndarray) -> float:
    """Expected calibration error over ten bins of equal width (Guo et al. 2017)."""
    return sum(abs(row["probability"] - row["right"]) * row["share"]
               for row in reliability(probability, true, weights))


def reliability(
    probability: np.ndarray, true: np.ndarray, weights: np.ndarray
) -> list[dict[str, float]]:
    """Bins that hold frames: from, to, share of frames, mean probability, share that is right."""
    bins = np.clip(np.digitize(probability, _BINS) - 1, 0, 9)
    rows = []
    for k in np.unique(bins):
        inside = weights * (bins == k)
        rows.append({
            "from": float(_BINS[k]), "to": float(_BINS[k + 1]),
            "share": float(inside.sum() / weights.sum()),
            "probability": float(np.average(probability, weights=inside)),
            "right": float(np.average(true, weights=inside))})
    return rows


def fit_known(frames: Frames) -> dict[str, float]:
    """Bias and scale that make the log-odds of the probe those of a known scene."""
    true = frames.shows_known
    grid = [(bias, scale) for bias in np.linspace(-3, 3, 121) for scale in np.linspace(0, 1.5, 76)]
    bias, scale = min(grid, key=lambda at: log_loss(
        known_share(frames, *at), true, frames.weights))
    return {"bias": round(float(bias), 3), "scale": round(float(scale), 3)}


def fit_temperature(frames: Frames, known: np.ndarray) -> float:
    """The temperature at which the likeliest scene is right as often as it says."""
    def loss(temperature: float) -> float:
        p = calibrate(frames.probabilities, temperature) * known[:, None]
        return log_loss(p.max(1), frames.hits(p.argmax(1)), frames.weights)

    return round(float(min(np.geomspace(0.6, 5, 100), key=loss)), 3)


@dataclass(frozen=True)
class Fit:
    """What is fitted for a model of one kind; bias and scale are alike for all."""

    bias: float
    scale: float
    temperature: float

    @classmethod
    def to(cls, frames: Frames) -> Fit:
        """Fitted to these frames."""
        probe = fit_known(frames)
        temperature = fit_temperature(frames, known_share(frames, **probe))
        return cls(**probe, temperature=temperature)

    def apply(self, frames: Frames) -> Said:
        """What is said of other frames."""
        share = known_share(frames, self.bias, self.scale)
        p = calibrate(frames.probabilities, self.temperature) * share[:, None]
        codes = np.concatenate([
            said_in_turn(p[own], share[own], THRESHOLD)[0]
            for own in (frames.clips == clip for clip in np.unique(frames.clips))])
        return Said(p, share, codes)


@dataclass(frozen=True, eq=False)
class Said:
    """Calibrated probabilities ``[N, C]``, that the scene is known ``[N]``, what is said ``[N]``.
    """

    probabilities: np.ndarray
    known: np.ndarray
    codes: np.ndarray


def known_share(frames: Frames, bias: float, scale: float) -> np.ndarray:
    """Probability that the scene is one of the known ones, ``[N]``."""
    return np.asarray(1 / (1 + np.exp(-(bias + scale * frames.place))))


def measure(frames: Frames, answer: Said) -> list[dict[str, Any]]:
    """Rows of a card: what is named, how often it is right, and how far it can be believed."""
    everywhere = np.ones(len(frames.place), bool)
    raw, probabilities = frames.probabilities, answer.probabilities
    top, raw_top = probabilities.argmax(1), raw.argmax(1)
    rows = []
    for name, best, p in (("uncalibrated", raw_top, raw), ("calibrated", top, probabilities)):
        hits, sure = frames.hits(best), p.max(1)
        rows += [
            frames.share(f"likeliest scene right, {name}", hits, everywhere),
            frames.share(f"wrong with p > 0.8, {name}", ~hits & (sure > 0.8), everywhere),
            {"name": f"expected calibration error, {name}", "split": SPLIT,
             "count": round(frames.weights.sum()),
             "value": round(100 * calibration_error(sure, hits, frames.weights), 1), "unit": "%"},
        ]
    level, hits = levels()[answer.codes], frames.hits(answer.codes)
    for name, where in (
        ("a scene", level == 0), ("a scene or family", level <= 1),
        ("none that it knows", level == 2), ("a group", level == 3),
    ):
        rows.append(frames.share(f"says {name}", where, everywhere))
        rows.append(frames.share(f"right where it says {name}", hits, where))
    rows.append(frames.share(f"says {LEVELS[4]}", level == 4, everywhere))
    return rows


def clip_rows(looks: Sequence[Look]) -> list[dict[str, Any]]:
    """The clips by place, as a card holds them."""
    rows: dict[str, dict[str, Any]] = {}
    for one in looks:
        row = rows.setdefault(one.clip.place, {
            "source": one.clip.source, "shows": one.clip.shows, "clips": 0, "frames": 0,
            "accepted": ", ".join(one.clip.scenes) or "none"})
        row["clips"] += 1
        row["frames"] += len(one.place)
    return list(rows.values())


def _write(name: str, calibration: dict[str, float], metrics: list[dict[str, Any]],
           **more: Any) -> None:
    replace_metrics(name, SPLIT, metrics, calibration=calibration, **more)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clips", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=15)
    arguments = parser.parse_args()
    clips = read_clips()
    first = calibration_places(clips, arguments.seed)
    looks = sorted(look(clips, arguments.clips, arguments.cache),
                   key=lambda one: one.clip.place in first)
    halves = [[one for one in looks if (one.clip.place in first) is half]
              for half in (False, True)]
    for kind in KINDS:
        frames = Frames.of(looks, kind)
        parts = [Fit.to(Frames.of(other, kind)).apply(Frames.of(half, kind))
                 for half, other in (halves, halves[::-1])]
        answer = Said(*(np.concatenate([getattr(part, name) for part in parts])
                        for name in ("probabilities", "known", "codes")))
        shipped = Fit.to(frames)
        metrics = measure(frames, answer)
        best = answer.probabilities.argmax(1)
        _write(f"scene_{kind}", {"temperature": shipped.temperature}, metrics,
               reliability=reliability(
                   answer.probabilities.max(1), frames.hits(best), frames.weights))
        print(kind, shipped, *metrics, sep="\n  ")
    true, everywhere = frames.shows_known, np.ones(len(frames.place), bool)
    _write("scene_place", {"bias": shipped.bias, "scale": shipped.scale}, [
        {**frames.share("known or none told right", (answer.known > 0.5) == true, everywhere),
         "headline": True},
        frames.share("scene is one of the 100", true, everywhere),
    ], clips=clip_rows(looks), reliability=reliability(answer.known, true, frames.weights))


if __name__ == "__main__":
    main()
