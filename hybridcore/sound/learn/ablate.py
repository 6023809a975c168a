"""What each part gives.

``python -m hybridcore.sound.learn.ablate --data ZIP --unstruck ZIP --cache DIR --run DIR``

The LSTM is trained over the same folds with one thing changed or left out; the figures go into its
card. Run it after train.py, with the same seed and steps.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import torch

from hybridcore.cards import load_card, write_card
from hybridcore.sound.learn.data import Example, folds, prepare
from hybridcore.sound.learn.evaluate import judge, report
from hybridcore.sound.learn.fit import FitConfig, fit
from hybridcore.sound.learn.targets import soft_onsets
from hybridcore.sound.learn.train import (
    CONFIGS,
    RENDERED,
    add_more,
    cross_validate,
    more_examples,
)
from hybridcore.sound.strokes import STATISTICS
from hybridcore.training.options import script_parser
from hybridcore.training.run import log_to

logger = logging.getLogger("hybridcore.training")

_SHOWN = ("onset F1 at 0.1 s", "onset average precision at 0.1 s", "loudness r",
          "spectral centroid r")


def _same(example: Example) -> Example:
    return example


def only(*words: str) -> Callable[[Example], Example]:
    """Blanks the statistics whose name holds none of ``words``."""
    kept = np.array([any(word in name for word in words) for name in STATISTICS])
    return lambda example: replace(example, strokes=example.strokes * kept)


def without(*words: str) -> Callable[[Example], Example]:
    """Blanks the statistics whose name holds one of ``words``."""
    kept = np.array([not any(word in name for word in words) for name in STATISTICS])
    return lambda example: replace(example, strokes=example.strokes * kept)


def rough(example: Example) -> Example:
    """Onset targets from the labels alone: not moved to the sound, nothing after they end."""
    target = soft_onsets(example.times, example.events)
    weight = (example.times <= example.labelled).astype(np.float32)
    return replace(example, onset=target, weight=weight)


@dataclass(frozen=True)
class Ablation:
    """model, fit: fields that differ; change: of the examples; rendered, first: number of clips
    of this project that it is trained on as well, or alone before anything else; unstruck: whether
    it is trained on clips in which nothing is struck.
    """

    what: str
    model: dict[str, Any] = field(default_factory=dict)
    fit: dict[str, Any] = field(default_factory=dict)
    change: Callable[[Example], Example] = _same
    rendered: int = RENDERED
    first: int = 0
    unstruck: bool = True


ABLATIONS = (
    Ablation("cochleagram in 10 principal components, as in the paper", model={"components": 10}),
    Ablation("brightness changes only, no optical flow",
             change=only("change, mean", "change, median", "change, top", "change, lost",
                         "change, gained")),
    Ablation("without what was lost, gained, turned or reversed between two frames",
             change=without("lost", "gained", "turned", "reversed", "went on")),
    Ablation("onsets as labelled, not moved to the sound", change=rough),
    Ablation("onset head alone, no loss on sound, strength and action",
             fit={"sound": 0.0, "strength": 0.0, "action": 0.0}),
    Ablation("no squared error of the sound at a blow", fit={"blow": 0.0}),
    Ablation("stretches in which nothing is struck count as the rest", fit={"quiet": 0.0}),
    Ablation("without clips in which nothing is struck", unstruck=False),
    Ablation("measured by the training set alone, not by what is usual in the clip",
             model={"prior": 1e6}),
    Ablation("no look ahead: each answer with its frame", model={"lookahead": 0}),
    Ablation("without rendered clips", rendered=0),
    Ablation("trained first on the rendered clips, then on the videos alone", rendered=0,
             first=RENDERED),
)


def main() -> None:
    parser = script_parser(
        "Measure what each part of the sound LSTM gives.", data="greatest-hits.zip",
        cache="for features", run="for the log", seed=True)
    parser.add_argument("--folds", type=int, default=6)
    parser.add_argument("--steps", type=int, default=FitConfig.steps)
    add_more(parser)
    args = parser.parse_args()
    log_to(args.run / "ablate.txt")
    torch.set_flush_denormal(True)
    examples = prepare(args.data, args.cache)
    dealt = folds(examples, args.folds)
    clips, unstruck = more_examples(args)
    for ablation in ABLATIONS:
        model = replace(CONFIGS["lstm"], **ablation.model)
        config = FitConfig(**{"steps": args.steps, **ablation.fit})
        rendered, still = ([ablation.change(e) for e in part] for part in (clips, unstruck))
        start = fit(rendered[: ablation.first], model, config, seed=args.seed) \
            if ablation.first else None
        changed = [ablation.change(e) for e in examples]
        more = [*rendered[: ablation.rendered], *(still if ablation.unstruck else ())]
        predictions = cross_validate(changed, dealt, model, config, args.seed, more, start)
        rows = {row["name"]: row
                for row in report(judge(changed, predictions, dealt), "folds by place")}
        figures = ", ".join(
            f"{name} {rows[name]['value']:.2f} "
            f"({rows[name]['interval'][0]:.2f} to {rows[name]['interval'][1]:.2f})"
            for name in _SHOWN)
        logger.info("%s: %s", ablation.what, figures)
        card = load_card("sound_lstm")
        kept = [row for row in card.get("tried", ()) if row["what"] != ablation.what]
        write_card({**card, "tried": [*kept, {"what": ablation.what, "gave": figures}]})


if __name__ == "__main__":
    main()
