"""Train the sound models.

``python -m hybridcore.sound.learn.train --data ZIP --unstruck ZIP --cache DIR --run DIR``

Each model is trained once for every fold and judged on the places it was kept from; the shipped
weights are then trained on all videos with the same settings, so that their figures are those of
the folds. All learn from rendered clips too, and from clips in which nothing is struck.
"""

from __future__ import annotations

import argparse
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from hybridcore.device import describe, pick_device
from hybridcore.sound.learn.baselines import change_drop, image_match, mean_sound, random_onsets
from hybridcore.sound.learn.data import Example, folds, prepare, prepare_rendered
from hybridcore.sound.learn.evaluate import (
    by_place,
    chosen,
    detections,
    judge,
    predict_example,
    report,
)
from hybridcore.sound.learn.fit import FitConfig, fit
from hybridcore.sound.learn.kept import keep
from hybridcore.sound.learn.sureness import material_answers, sure_from
from hybridcore.sound.learn.unstruck import by_camera, prepare_unstruck
from hybridcore.sound.materials import ACTIONS
from hybridcore.sound.model import KINDS, KNOWN_MATERIALS, Kind, SoundConfig, SoundModel
from hybridcore.sound.networks import FramePrediction
from hybridcore.training.options import script_parser
from hybridcore.training.run import log_to
from hybridcore.training.sources import GREATEST_HITS, PAPERS, UNSTRUCK_CLIPS
from hybridcore.weights import save_weights

logger = logging.getLogger("hybridcore.training")

RENDERED = 12  # clips of this project that are trained on as well
UNSTRUCK = 2  # times that clips in which nothing is struck count
CONFIGS: dict[Kind, SoundConfig] = {
    "lstm": SoundConfig(kind="lstm"),
    "bilstm": SoundConfig(kind="bilstm", lookahead=2),
    "tcn": SoundConfig(kind="tcn"),
    "frame": SoundConfig(kind="frame", lookahead=2),
}
ABOUT: dict[Kind, dict[str, Any]] = {
    "lstm": {
        "title": "Sound LSTM",
        "description": "Statistics of motion at every frame, a causal LSTM over time; onset, "
                       "strength, action, material and cochleagram at every frame.",
        "paper": PAPERS["visually_indicated_sounds"],
        "differences": [
            "Statistics of optical flow in place of grey spacetime pictures through an AlexNet, "
            "which on 28 videos memorises the places",
            "One layer of 64 units; each answer comes four frames after its frame",
            "Appearance (frozen EfficientNet-Lite, pooled where things move) reaches the sound and "
            "the materials, not the LSTM; materials are a logistic regression on it alone",
            "Each statistic is measured against its running mean and variance in the clip; as "
            "measured by the training set they reach the strength and the sound alone",
            "Heads for onset, strength and action beside the cochleagram",
        ],
    },
    "bilstm": {
        "title": "Sound, bidirectional LSTM",
        "description": "The same features read forwards and backwards: sees the whole clip.",
        "differences": ["Not causal: the whole clip is needed before the first answer"],
    },
    "tcn": {
        "title": "Sound TCN",
        "description": "The same features under a causal temporal convolutional network.",
        "paper": PAPERS["tcn"],
        "differences": ["Elementwise dropout", "Runs in chunks: each convolution passes on "
                        "its tail"],
    },
    "frame": {
        "title": "Sound, no recurrence",
        "description": "The same features, of the five frames around each frame only: the "
                       "baseline that recurrence must beat.",
        "differences": ["No recurrence"],
    },
}
LIMITS = [
    "Learned from 28 videos of one drumstick: other ways of striking are recognised only as far "
    "as they look like it",
    "Where nothing is struck for a second or more but the stick moves, it still finds hits (see "
    "the false onsets per minute); a higher threshold trades them for missed ones",
    "Of materials in places not seen in training about one in four is right (class average), so "
    "that mostly none is said: the answer is \"unsure\" below the probability from which on half "
    "of the answers were right",
    "How hard a blow is, is seen only roughly, and its spectral centroid hardly at all: more than "
    "half of how that varies is between places, the recording as much as the material",
    "How much clips in which nothing is struck count was chosen on the figures of these folds and "
    "cameras, so the false onsets are a little fewer than elsewhere",
    "Loudness is relative to the recordings of the data set, whose gain is not known",
]


def cross_validate(
    examples: Sequence[Example], dealt: Sequence[Sequence[int]], model: SoundConfig,
    config: FitConfig, seed: int, more: Sequence[Example] = (),
    start: SoundModel | None = None,
) -> list[FramePrediction]:
    """What is said of every example by a model trained on the folds that it is not in and on
    ``more``, beginning from ``start``."""
    predictions = {}
    for k, fold in enumerate(dealt):
        train = [e for i, e in enumerate(examples) if i not in fold]
        fitted = fit([*train, *more], model, config, seed=seed, start=start)
        predictions.update({i: predict_example(fitted, examples[i]) for i in fold})
        logger.info("%s: fold %d of %d", model.kind, k + 1, len(dealt))
    return [predictions[i] for i in range(len(examples))]


def findings(
    examples: Sequence[Example], predictions: Sequence[FramePrediction],
    dealt: Sequence[Sequence[int]], split: str,
) -> dict[str, Any]:
    """What a card says of the predictions: threshold, lateness and from when on a material is said,
    chosen on all folds, and the figures, for which they are chosen on the other folds."""
    pairs = list(zip(examples, predictions, strict=True))
    threshold, late = chosen([detections(e, p.onset) for e, p in pairs])
    judged = judge(examples, predictions, dealt)
    return {"threshold": round(threshold, 2), "lateness": round(late, 3),
            "sure": round(sure_from([material_answers(e, p) for e, p in pairs]), 2),
            "metrics": report(judged, split), "by_place": by_place(judged)}


def logged(name: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows, after a line of the log for each."""
    for row in rows:
        logger.info("%s  %s %.3f %s %s", name, row["name"], row["value"], row["unit"],
                    row["interval"])
    return rows


def add_more(parser: argparse.ArgumentParser) -> None:
    """Options for what the models learn from beside the videos."""
    parser.add_argument("--unstruck", type=Path, required=True, help="fight-events.zip")
    parser.add_argument("--rendered", type=int, default=RENDERED,
                        help="rendered clips to learn from too")


def more_examples(args: argparse.Namespace) -> tuple[list[Example], list[Example]]:
    """Rendered clips, and clips in which nothing is struck, as often as they are to count."""
    unstruck, _ = by_camera(prepare_unstruck(args.unstruck, args.cache / "unstruck"))
    return prepare_rendered(args.rendered, args.cache / "rendered"), unstruck * UNSTRUCK


def main() -> None:
    parser = script_parser(
        "Train and evaluate the sound models.", data="greatest-hits.zip", cache="for features",
        run="for the log and predictions", seed=True)
    parser.add_argument("--folds", type=int, default=6)
    parser.add_argument("--steps", type=int, default=FitConfig.steps)
    add_more(parser)
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=list(KINDS))
    args = parser.parse_args()
    log_to(args.run / "log.txt")
    torch.set_flush_denormal(True)

    examples = prepare(args.data, args.cache)
    dealt = folds(examples, args.folds)
    rendered, unstruck = more_examples(args)
    more = [*rendered, *unstruck]
    config = FitConfig(steps=args.steps)
    split = f"{args.folds} folds by place, each judged by a model trained on the others"
    command = ("python -m hybridcore.sound.learn.train --data greatest-hits.zip --unstruck "
               f"fight-events.zip --cache CACHE --run RUN --folds {args.folds} "
               f"--steps {args.steps} --rendered {args.rendered} --seed {args.seed}")
    baselines = [
        {"name": name, "metrics": logged(name, report(baseline(examples, dealt), split))}
        for name, baseline in (
            ("random onsets", random_onsets), ("drop in frame difference", change_drop),
            ("mean sound", mean_sound), ("image match", image_match))
    ]
    for kind in args.kinds:
        model = CONFIGS[kind]
        predictions = cross_validate(examples, dealt, model, config, args.seed, more)
        card = {
            **ABOUT[kind], "config": vars(model),
            **findings(examples, predictions, dealt, split),
            "materials": list(KNOWN_MATERIALS), "actions": list(ACTIONS),
            "training": {
                "data": [GREATEST_HITS, UNSTRUCK_CLIPS], "command": command, "seed": args.seed,
                "steps": args.steps, "rendered_clips": args.rendered,
                "hardware": describe(pick_device("cpu")),
                "split": "The weights were trained on all 28 videos with the settings of the "
                         "folds; the figures and the threshold are those of the folds",
            },
            "limits": LIMITS,
        }
        logged(kind, card["metrics"])
        if kind == "lstm":
            card["baselines"] = baselines
            keep(examples, predictions, args.run)
        save_weights(
            fit([*examples, *more], model, config, seed=args.seed), f"sound_{kind}", card)


if __name__ == "__main__":
    main()
