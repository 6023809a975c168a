"""Fights in surveillance clips: the worked example of labels of one's own.

``python -m hybridcore.scene.learn.fights --data FOLDER --cache FOLDER [--write]``: the clips and
labels.csv of Akti et al. 2019. Clips of one camera are always held out together: ten parts by
camera, dealt three times anew. Every score of a clip comes from what had not seen its camera; the
AUC is over all of them together, and by part; intervals are by bootstrap over cameras.

The head is the one that "Labels of your own" teaches, from the pace alone, with the settings that
everybody's heads have. Beside it: a linear model on the mean over time, whose weight decay is
chosen inside the cameras that it learned from; and, dealt once, the mean, an LSTM and a TCN over
the same steps.
``--write`` teaches the head that ships and writes it with its card.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from hybridcore.cards import WEIGHTS, write_card
from hybridcore.device import describe, pick_device
from hybridcore.media import Clip
from hybridcore.scene.features import pace_features
from hybridcore.scene.learn.courses import Over, course_scores
from hybridcore.scene.system import SYSTEM
from hybridcore.teach.features import Features
from hybridcore.teach.fit import Lesson, fit
from hybridcore.teach.head import probabilities, teach
from hybridcore.teach.head_file import to_bytes
from hybridcore.teach.held_out import taught
from hybridcore.teach.marks import Mark
from hybridcore.teach.projection import Projection
from hybridcore.training.metrics import auc, auc_interval

NAME, ASPECT = "fights", "pace only"
LABELS = ("fight", "normal")
PARTS, TIMES = 10, 3
_INNER = 5
_DECAYS = (0.03, 0.1, 0.3, 1.0)  # inverse strengths of the linear model's weight decay
LIMITS = [
    "Learned from 204 clips of about 2 seconds of 34 surveillance cameras, most of them fixed; "
    "other cameras, films, sport and play were not tested",
    "It sees how fast and how unruly things move and nothing else: dancing, running, a crowd or a "
    "shaken camera can look like a fight, and one that is slow, far away or hidden like none",
    "It shows how labels of your own work. It is not for decisions about people, nor for an alarm",
    "The numbers that pace consists of were chosen with all these clips in view, so what is "
    "measured is a little better than what new cameras give; weights and the linear model's decay "
    "were not",
]

TRIED = [  # while pace was designed, in view of all clips
    {"what": "The same numbers of the flow over a tenth of a second, in place of that between "
             "neighbouring frames; linear",
     "gave": "worse: a blow is blurred"},
    {"what": "People alone (how many, speeds of body and wrists in heights of a body, distances)",
     "gave": "worse alone, and worse than pace alone when joined to it: at 192 px somebody is "
             "followed in two frames of three"},
    {"what": "Pace at full 128 px in place of half of it", "gave": "no better"},
    {"what": "Pace of the half second around in place of the second before and after",
     "gave": "worse"},
    {"what": "Components of the pace scaled to one variance each", "gave": "no better"},
]


@dataclass(frozen=True, eq=False)
class Fights:
    """N clips. lessons: their pace and label; positive: whether it is a fight, bool ``[N]``;
    cameras: numbers, int ``[N]``."""

    lessons: list[Lesson]
    positive: np.ndarray
    cameras: np.ndarray

    def parts(self, seed: int, count: int = PARTS) -> np.ndarray:
        """The part in which each clip is held out, int ``[N]``: all of a camera in one."""
        order = np.random.default_rng(seed).permutation(self.cameras.max() + 1)
        return np.argsort(order)[self.cameras] % count


def read_fights(folder: Path, cache: Path) -> Fights:
    """All clips of ``folder``; their features are kept in ``cache``."""
    cache.mkdir(parents=True, exist_ok=True)
    with (folder / "labels.csv").open() as file:
        rows = list(csv.DictReader(file))
    lessons = []
    for row in rows:
        kept = cache / f"{row['file']}.npz"
        if not kept.exists():
            found = pace_features(Clip.open(folder / row["file"]))
            np.savez(kept, times=found.times, values=found.values, duration=found.duration)
        with np.load(kept) as stored:
            features = Features(stored["times"], stored["values"],
                                {"pace": stored["values"].shape[1]}, float(stored["duration"]))
        lessons.append(Lesson(features, (Mark(0, features.duration, row["label"]),)))
    return Fights(
        lessons, np.array([row["label"] == LABELS[0] for row in rows]),
        np.unique([row["source"] for row in rows], return_inverse=True)[1])


def head_scores(fights: Fights, parts: np.ndarray, *, memory: bool) -> np.ndarray:
    """Mean log-odds ``[N]`` by the heads that were not told of a clip's part."""
    dealt = list(parts[:, None])
    labels = taught(fights.lessons, LABELS, dealt)
    projection = Projection.fitted([one.features for one in fights.lessons], labels)
    network = fit(fights.lessons, labels, len(LABELS), projection=projection, memory=memory)
    said = [probabilities(network, lesson.features)[1 + part]
            for lesson, part in zip(fights.lessons, parts, strict=True)]
    return np.array([float(np.diff(np.log(p[:, ::-1] + 1e-6)).mean()) for p in said])


def linear_scores(fights: Fights, parts: np.ndarray) -> np.ndarray:
    """Log-odds ``[N]`` of logistic regressions on the means, each of other parts."""
    means = np.stack([one.features.values.mean(0, dtype=np.float64) for one in fights.lessons])
    scores = np.empty(len(parts))
    for part in np.unique(parts):
        known = parts != part
        own = Fights([], fights.positive[known],
                     np.unique(fights.cameras[known], return_inverse=True)[1])
        inner = own.parts(int(part), _INNER)

        def worth(decay: float, rows: np.ndarray = means[known], own: Fights = own,
                  inner: np.ndarray = inner) -> float:
            found = np.empty(len(inner))
            for one in range(_INNER):
                model = _linear(decay).fit(rows[inner != one], own.positive[inner != one])
                found[inner == one] = model.decision_function(rows[inner == one])
            return auc(found, own.positive)

        model = _linear(max(_DECAYS, key=worth)).fit(means[known], fights.positive[known])
        scores[~known] = model.decision_function(means[~known])
    return scores


def _linear(decay: float) -> Any:
    return make_pipeline(StandardScaler(), LogisticRegression(
        C=decay, class_weight="balanced", max_iter=2000))


def over_time(fights: Fights, parts: np.ndarray, over: Over) -> np.ndarray:
    """Log-odds ``[N]`` by networks that learned the other parts."""
    steps = [one.features.values.astype(np.float32) for one in fights.lessons]
    scores = np.empty(len(parts))
    for part in np.unique(parts):
        scores[parts == part] = course_scores(
            steps, fights.positive, parts != part, over, int(part))[parts == part]
    return scores


def rows_of(
    fights: Fights, name: str, scores: Sequence[np.ndarray], headline: bool
) -> list[dict[str, Any]]:
    """AUC over all clips and by part, as a card holds them."""
    by_part = [
        auc(score[parts == part], fights.positive[parts == part])
        for score, parts in zip(scores, map(fights.parts, range(len(scores))), strict=True)
        for part in range(PARTS) if len(set(fights.positive[parts == part])) == 2]
    value, *interval = auc_interval(scores, fights.positive, fights.cameras)
    row = {"name": f"AUC, {name}", "split": "cameras not seen", "count": len(fights.positive),
           "value": round(value, 3), "interval": [round(bound, 3) for bound in interval]}
    return [row | ({"headline": True} if headline else {}),
            {"name": f"AUC by part, {name}", "split": "cameras not seen, mean of the parts",
             "count": len(by_part), "value": round(float(np.mean(by_part)), 3)}]


def gain(
    fights: Fights, name: str, more: Sequence[np.ndarray], less: Sequence[np.ndarray]
) -> dict[str, Any]:
    """A difference of two areas, paired."""
    value, *interval = auc_interval(more, fights.positive, fights.cameras, less=less)
    return {"name": f"AUC gained, {name}", "split": "cameras not seen, paired",
            "count": len(fights.positive), "value": round(value, 3),
            "interval": [round(bound, 3) for bound in interval]}


def measure(fights: Fights) -> Iterator[dict[str, Any]]:
    """Rows of the card."""
    ways: dict[str, Callable[[np.ndarray], np.ndarray]] = {
        "head": lambda parts: head_scores(fights, parts, memory=True),
        "head without memory": lambda parts: head_scores(fights, parts, memory=False),
        "linear on the mean": lambda parts: linear_scores(fights, parts),
        "network on the mean": lambda parts: over_time(fights, parts, "mean"),
        "LSTM": lambda parts: over_time(fights, parts, "lstm"),
        "TCN": lambda parts: over_time(fights, parts, "tcn"),
    }
    found: dict[str, list[np.ndarray]] = {}
    for name, way in ways.items():
        times = TIMES if "head" in name or "linear" in name else 1  # networks take longest
        found[name] = [way(fights.parts(seed)) for seed in range(times)]
        yield from rows_of(fights, name, found[name], name in ("head", "linear on the mean"))
    for more, less in (("head", "head without memory"), ("LSTM", "network on the mean"),
                       ("TCN", "network on the mean"), ("head", "linear on the mean")):
        yield gain(fights, f"{more} over {less}", found[more], found[less])


def write(fights: Fights, rows: list[dict[str, Any]]) -> None:
    """Teach the head that ships and write it with its card."""
    teaching = SYSTEM.teaching
    assert teaching is not None
    aspect = next(one for one in teaching.aspects if one.title == ASPECT)
    head = teach(
        fights.lessons, title="Fights", system=SYSTEM.key, recipe=teaching.recipe,
        basis=teaching.basis, aspects={ASPECT: aspect.parts},
        dealt=list(fights.parts(0)[:, None]))
    content = to_bytes(head)
    (WEIGHTS / f"{NAME}.safetensors").write_bytes(content)
    write_card({
        "name": NAME, "title": "Fights, an example of labels of your own",
        "description": "A head for “Labels of your own”: fight or normal, from the pace of what "
                       "moves, in clips of surveillance cameras.",
        "training": {
            "data": [{
                "name": "Surveillance Camera Fight Dataset (204 clips of 34 cameras)",
                "citation": "Akti, Tataroğlu & Ekenel, Vision-based Fight Detection from "
                            "Surveillance Cameras, IPTA 2019",
                "terms": "MIT"}],
            "started_from": "nothing; pace is measured, not learned", "seed": 0,
            "hardware": describe(pick_device("cpu")),
            "command": "python -m hybridcore.scene.learn.fights --data FIGHTS --cache CACHE "
                       "--write"},
        "metrics": rows, "limits": LIMITS, "tried": TRIED,
        "parameters": sum(value.numel() for value in head.network.parameters()),
        "sha256": hashlib.sha256(content).hexdigest()})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with labels.csv")
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--write", action="store_true", help="write the head and its card")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    fights = read_fights(arguments.data, arguments.cache)
    rows = []
    for row in measure(fights):
        print(row, flush=True)
        rows.append(row)
    if arguments.write:
        write(fights, rows)


if __name__ == "__main__":
    main()
