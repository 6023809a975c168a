"""Train the networks of the gesture room.

``python -m hybridcore.gesture.learn.train --data FOLDER --cache FOLDER --run FOLDER [--fold K]``

Everybody who says words before a webcam, every instance and long recording of SFINGE3D and every
stretch of the hand poses belongs to one of three folds (learn/folds.py). ``--fold K`` trains
networks that never saw fold K and keeps what they say of it; without it, networks learn from
everything, and what was kept of trained folds goes into the cards.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from torch import Tensor

from hybridcore.device import describe, pick_device
from hybridcore.gesture.gestures import GESTURES, NOTHING, WORDS
from hybridcore.gesture.learn import cards
from hybridcore.gesture.learn.compose import Composer
from hybridcore.gesture.learn.evaluate import (
    Heard,
    fit_temperature,
    keep,
    kept,
    listen,
    rows_of,
)
from hybridcore.gesture.learn.folds import FOLDS, Sets, read_sets
from hybridcore.gesture.learn.labels import UNKNOWN
from hybridcore.gesture.learn.spoil import spoil
from hybridcore.gesture.model import KINDS, GestureConfig, GestureNet, GestureOutput, Kind
from hybridcore.training.options import script_parser
from hybridcore.training.run import StepRun, log_to, seed_everything
from hybridcore.weights import save_weights

UNSURE_WEIGHT = 0.5  # of the loss of steps that show something without a name
_AVERAGED = ("right at every step", "gestures found", "false gestures a minute")
BATCH, STEPS = 20, 56  # sequences, steps of each
_RATE, _DECAY = 3e-3, 0.02  # learning rate; weight decay

# Of the loss: commands are short, and swipes the shortest.
_WEIGHTS = torch.tensor([1.0 if name in (NOTHING, *WORDS) else 3.0 if "swipe" in name else 1.5
                         for name in GESTURES])

logger = logging.getLogger("hybridcore.training")


def batches(composer: Composer, seed: int) -> Iterator[tuple[Tensor, Tensor]]:
    """Endless batches: points ``[B, T, 49, 2]`` and labels ``[B, T]``."""
    rng = np.random.default_rng(seed)
    while True:
        drawn = [composer.draw(rng, STEPS) for _ in range(BATCH)]
        points, labels = (np.stack(part) for part in zip(*drawn, strict=True))
        points, labels = spoil(points, labels, rng)
        yield torch.from_numpy(points), torch.from_numpy(labels)


def loss_of(output: GestureOutput, labels: Tensor) -> Tensor:
    """Loss of the label at every step; where what is done has no name, all should be alike
    likely (Hendrycks et al., *Deep Anomaly Detection with Outlier Exposure*, ICLR 2019)."""
    named = F.cross_entropy(
        output.logits.flatten(0, 1), labels.clamp(min=-1).flatten(), ignore_index=-1,
        label_smoothing=0.05, weight=_WEIGHTS)
    unnamed = -output.logits.log_softmax(-1).mean(-1)[labels == UNKNOWN]
    return named + UNSURE_WEIGHT * unnamed.sum() / labels.numel()


def train_one(kind: Kind, composer: Composer, *, steps: int, seed: int, path: Path) -> GestureNet:
    """A network of a kind; read from ``path`` if it was trained before, else kept there."""
    seed_everything(seed)
    model = GestureNet(config=GestureConfig(kind=kind, classes=len(GESTURES)))
    if path.exists():
        model.load_state_dict(load_file(path))
        return model.eval()
    optimiser = torch.optim.AdamW(model.parameters(), lr=_RATE, weight_decay=_DECAY)
    run = StepRun(model, optimiser, count=steps, average_decay=0.99, log_every=100)
    run.learn(batches(composer, seed), lambda batch: loss_of(model(batch[0]), batch[1]))
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(model.state_dict(), path)
    return model.eval()


def steps_of(kind: Kind, steps: int) -> int:
    """What a kind needs of so many steps: one moment is learned in half of them."""
    return steps // 2 if kind == "frame" else steps


def main() -> None:
    parser = script_parser(
        __doc__, data="folder of the three sets (learn/recordings.py)",
        cache="recordings that were read", run="networks, what they say, log", seed=True)
    parser.add_argument("--steps", type=int, default=400)
    parser.add_argument("--fold", type=int, choices=range(FOLDS))
    args = parser.parse_args()
    torch.set_num_threads(1)
    log_to(args.run / "log.txt")
    sets = read_sets(args.data, args.cache)
    name = "all" if args.fold is None else str(args.fold)
    composer = Composer(sets.material(without=args.fold))
    models = {kind: train_one(kind, composer, steps=steps_of(kind, args.steps), seed=args.seed,
                              path=args.run / f"{kind}-{name}.safetensors") for kind in KINDS}
    if args.fold is not None:
        for kind, model in models.items():
            heard = listen(model, sets, args.fold)
            keep(heard, args.run / f"{kind}-{name}.npz")
            _report(kind, [heard], sets)
        return
    told = {kind: [kept(path) for path in sorted(args.run.glob(f"{kind}-[0-9].npz"))]
            for kind in KINDS}
    for kind, model in models.items():
        rows = _report(kind, told[kind], sets)
        save_weights(model, f"gesture_{kind}", {
            **cards.ABOUT[kind], "config": vars(model.config),
            "training": {"data": cards.data(sets), "command": cards.COMMAND,
                         "seed": args.seed, "steps": steps_of(kind, args.steps),
                         "hardware": describe(pick_device("cpu"))},
            "metrics": rows, "limits": cards.LIMITS,
            "calibration": {"temperature": fit_temperature(told[kind])},
        })


def _report(kind: Kind, heard: list[Heard], sets: Sets) -> list[dict[str, object]]:
    rows = rows_of(heard, sets)
    if kind == "frame":
        rows += [{**row, "name": f"moving average: {row['name']}"}
                 for row in rows_of(heard, sets, average=True) if row["name"] in _AVERAGED]
    for row in rows:
        logger.info("%s %s", kind, row)
    return rows


if __name__ == "__main__":
    main()
