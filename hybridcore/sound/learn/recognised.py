"""Do the sounds that are made pass for what they stand for?

``python -m hybridcore.sound.learn.recognised --data ZIP --cache DIR --run DIR [--bank FOLDER]``

A listener that heard only recordings of other places (listener.py) names the material of every
blow: as it was recorded, and as it is made from the prediction of a network that did not see the
place either (train.py keeps it in its ``--run``), in several ways. Blows are made at their true
times, so that onsets do not count. The same listener, having heard all recordings, judges the
bank's sounds one by one. The figures of the synthetic bank go into
``assets/sounds/synthetic_sounds.json``; those of a bank of one's own are only logged.
"""

from __future__ import annotations

import argparse
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hybridcore.cards import ASSETS, load_card, write_card
from hybridcore.sound.bank import Bank, shipped_bank
from hybridcore.sound.cochleagram import RATE, Sound, cochleagram_numpy
from hybridcore.sound.heard import strengths
from hybridcore.sound.learn.data import folds, prepare
from hybridcore.sound.learn.kept import kept
from hybridcore.sound.learn.listener import Listener, blows
from hybridcore.sound.learn.metrics import class_average, correlation, spectral_centroid
from hybridcore.sound.learn.ways import (
    Make,
    Recorded,
    Texts,
    read_recordings,
    recorded_bank,
    ways,
)
from hybridcore.sound.networks import FramePrediction
from hybridcore.sound.own_bank import read_own_bank
from hybridcore.training.options import script_parser
from hybridcore.training.run import log_to
from hybridcore.training.sources import GREATEST_HITS, PAPERS

logger = logging.getLogger("hybridcore.training")

CARD, FOLDER = "synthetic_sounds", ASSETS / "sounds"
LIMITS = [
    "The listener knows each material from a few places: it names two in five recordings of other "
    "places (45.8 % in the paper, with 17 materials and 977 videos), so that much of what it says "
    "is about recordings and not about materials",
    "What is pasted is no better than the material that the network predicts; told the true one, "
    "the listener agrees more often",
    "Recordings that are pasted were in what the listener learned from: told the true material "
    "they show the most that can be had, not what a bank could reach",
    "How bright the synthetic materials are and how fast they die out was set beside means over "
    "these videos, all of them; the six that were kept aside are the better judge",
    "No person has judged the sounds blindly; the game on the page is there for that",
]
_FEWEST = 3  # places of a material that the listener is to know
_SAMPLES = 500


@dataclass(frozen=True)
class Made:
    """What a way of making sounds gives at the blows of all videos, ``[M]`` each: the material that
    the listener names, the level in dB of full scale, the spectral centroid in bands."""

    named: Texts
    strength: NDArray[np.floating]
    centroid: NDArray[np.floating]


def judge_way(
    make: Make, recorded: Sequence[Recorded], predicted: Sequence[FramePrediction],
    dealt: Sequence[Sequence[int]], listeners: Sequence[Listener],
) -> Made:
    """What a way gives at every blow, judged by the listener of the other places."""
    parts: dict[int, Made] = {}
    for fold, listener in zip(dealt, listeners, strict=True):
        others = recorded_bank([one for i, one in enumerate(recorded) if i not in fold])
        for i in fold:
            sound = make(recorded[i], predicted[i], others)
            parts[i] = _heard(sound, recorded[i].times, listener)
    return Made(*(np.concatenate([getattr(parts[i], f.name) for i in sorted(parts)])
                  for f in fields(Made)))


def _heard(sound: Sound, times: NDArray[np.float64], listener: Listener) -> Made:
    around = [sound[max(0, round(t * RATE)) :][: RATE // 30] for t in times]
    centroids = [float(spectral_centroid(cochleagram_numpy(np.pad(a, (0, RATE // 30 - len(a)))))
                       [1]) for a in around]
    return Made(np.array(listener.names(blows(sound, times)), str),
                strengths(sound, RATE, times), np.array(centroids))


def known_materials(recorded: Sequence[Recorded]) -> list[str]:
    """Materials that are struck at three places or more."""
    places: dict[str, set[str]] = {}
    for one in recorded:
        for material in set(one.material) - {""}:
            places.setdefault(str(material), set()).add(one.example.place)
    return sorted(m for m, found in places.items() if len(found) >= _FEWEST)


def train_listener(recorded: Sequence[Recorded], known: Sequence[str]) -> Listener:
    """A listener of those recordings' blows on materials that are ``known``."""
    material = np.concatenate([one.material for one in recorded])
    place = np.concatenate([[one.example.place] * len(one.times) for one in recorded])
    kept = np.isin(material, known)
    return Listener(np.concatenate([one.heard for one in recorded])[kept],
                    material[kept].tolist(), place[kept].tolist())


def way_rows(
    name: str, made: Made, real: Made, recorded: Sequence[Recorded], known: Sequence[str],
    split: str,
) -> list[dict[str, Any]]:
    """Rows of the card: material by class average and each, loudness and centroid."""
    true = np.concatenate([one.material for one in recorded])
    places = np.concatenate([[one.example.place] * len(one.times) for one in recorded])
    labelled = np.isin(true, known)

    def accuracy(rows: NDArray[np.intp]) -> float:
        rows = rows[labelled[rows]]
        return 100 * class_average(made.named[rows], true[rows])

    rows = [_row(f"material heard, class average: {name}", accuracy, places, split,
                 int(labelled.sum()), "%")]
    rows[0]["each"] = {
        m: round(100 * float((made.named[true == m] == m).mean()), 1) for m in known}
    if made is not real:
        rows += [
            _row(f"loudness error: {name}",
                 lambda r: float(np.abs(made.strength[r] - real.strength[r]).mean()), places,
                 split, len(true), "dB"),
            _row(f"spectral centroid error: {name}",
                 lambda r: float(np.abs(made.centroid[r] - real.centroid[r]).mean()), places,
                 split, len(true), "bands"),
            _row(f"spectral centroid r: {name}",
                 lambda r: correlation(made.centroid[r], real.centroid[r]), places, split,
                 len(true), ""),
        ]
    return rows


def bank_row(bank: Bank, listener: Listener, known: Sequence[str]) -> dict[str, Any]:
    """What a listener of all recordings calls the bank's own sounds."""
    chosen = [e for e in bank.exemplars if e.material in known]
    true = np.array([e.material for e in chosen])
    named = np.array([
        listener.names(blows(e.sound, np.array([e.onset / RATE])))[0] for e in chosen])
    confused = {m: round(100 * float((named[true == m] == m).mean()), 1) for m in known
                if (true == m).any()}
    return {"name": "the bank's own sounds called by their material, class average",
            "split": "every sound of those materials in the bank, one by one",
            "count": len(chosen), "value": round(100 * class_average(named, true), 1), "unit": "%",
            "each": confused}


def _row(
    name: str, metric: Callable[[NDArray[np.intp]], float], places: Texts, split: str, count: int,
    unit: str,
) -> dict[str, Any]:
    """A metric of rows with its 95 % interval, resampling places."""
    rng = np.random.default_rng(0)
    groups = [np.flatnonzero(places == place) for place in np.unique(places)]
    drawn = [metric(np.concatenate([groups[k] for k in rng.integers(0, len(groups), len(groups))]))
             for _ in range(_SAMPLES)]
    low, high = np.percentile(drawn, [2.5, 97.5])
    return {"name": name, "split": split, "count": count, "unit": unit,
            "value": round(metric(np.arange(len(places))), 2),
            "interval": [round(float(low), 2), round(float(high), 2)]}


def _logged(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    for row in rows:
        logger.info("%s %s %s %s %s", row["name"], row["value"], row["unit"],
                    row.get("interval", ""), row.get("each", ""))
    return rows


def main() -> None:
    parser = script_parser(
        "Measure whether made sounds pass for what they stand for.", data="greatest-hits.zip",
        cache="for features", run="of train.py, for its predictions and the log")
    parser.add_argument("--folds", type=int, default=6)
    parser.add_argument("--bank", type=Path, help="a folder or zip to judge in place of the "
                        "synthetic bank")
    args = parser.parse_args()
    log_to(args.run / "recognised.txt")
    examples = prepare(args.data, args.cache)
    dealt = folds(examples, args.folds)
    predicted = kept(examples, args.run)
    recorded = read_recordings(args.data, examples)
    known = known_materials(recorded)
    split = f"{args.folds} folds by place, at the true times of the blows"
    listeners = [
        train_listener([one for i, one in enumerate(recorded) if i not in fold], known)
        for fold in dealt]
    bank = read_own_bank(args.bank) if args.bank else shipped_bank()
    real = judge_way(lambda one, *_: one.sound, recorded, predicted, dealt, listeners)
    rows = _logged([bank_row(bank, train_listener(recorded, known), known)])
    rows += _logged(way_rows("recorded", real, real, recorded, known, split))
    for name, make in ways(bank).items():
        made = judge_way(make, recorded, predicted, dealt, listeners)
        rows += _logged(way_rows(name, made, real, recorded, known, split))
    if not args.bank:
        write_card(_card(rows, known, args), FOLDER)


def _card(
    rows: list[dict[str, Any]], known: Sequence[str], args: argparse.Namespace
) -> dict[str, Any]:
    tried = load_card(CARD, FOLDER)["tried"] if (FOLDER / f"{CARD}.json").exists() else []
    headlines = ("material heard, class average: recorded",
                 "material heard, class average: bank, by predicted material, cochleagram and "
                 "strength")
    return {
        "name": CARD, "title": "Synthetic sound bank",
        "description": "Sixteen materials, struck and scratched at three speeds, ten variants "
                       "each, by modal synthesis, grains and bubbles, made when they are needed; "
                       "judged by a listener that learned from recordings.",
        "paper": PAPERS["visually_indicated_sounds"],
        "config": {"materials the listener knows": list(known)},
        "training": {
            "data": [GREATEST_HITS],
            "command": "python -m hybridcore.sound.learn.recognised --data greatest-hits.zip "
                       f"--cache CACHE --run RUN --folds {args.folds}",
            "hardware": "CPU, 1 thread",
            "split": "Nothing of the bank is fitted to single blows; the listener and the network "
                     "behind the predictions did not hear or see the place that they are judged on",
        },
        "metrics": [{**row, "headline": True} if row["name"] in headlines else row
                    for row in rows],
        "tried": tried,
        "limits": LIMITS,
    }


if __name__ == "__main__":
    main()
