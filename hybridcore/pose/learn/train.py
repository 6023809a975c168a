"""Train the networks of the pose room.

``python -m hybridcore.pose.learn.train --data FOLDER --cache FOLDER --run FOLDER``

Sequences are composed from the training parts of JHMDB (official split 1), UTD-MHAD,
MSR-Action3D (odd people each) and the Kinect walks, seen from any side, at any pace and with the
faults of landmarks of real video; the networks of all four kinds learn from sequences drawn alike.
Measured on sequences of the people, and of the videos of JHMDB, that are in the test parts: the
temperature is fitted on one half of them for the other and the other way round.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from torch import Tensor

from hybridcore.cards import load_card
from hybridcore.device import describe, pick_device
from hybridcore.pose.actions import ACTIONS
from hybridcore.pose.learn import cards
from hybridcore.pose.learn.compose import Composer, batch_of
from hybridcore.pose.learn.evaluate import (
    STRENGTHS,
    draw_test,
    fit_temperature,
    gain,
    logits_of,
    measure,
    order_rows,
)
from hybridcore.pose.learn.footage import hide, slow_camera
from hybridcore.pose.learn.isolated import isolated_rows
from hybridcore.pose.learn.skeletons import SkeletonClip, read_sets
from hybridcore.pose.learn.spoil import front, resample, spoil
from hybridcore.pose.learn.vocabulary import UNKNOWN, action_of
from hybridcore.pose.model import KINDS, Kind, PoseConfig, PoseNet, PoseOutput
from hybridcore.training.options import script_parser
from hybridcore.training.run import StepRun, log_to, seed_everything
from hybridcore.weights import save_weights

UNSURE_WEIGHT = 0.5  # of the loss of frames that show something without a name
TEST_SEQUENCES = 150  # of each half of the test people
BATCH = 24
FOOTAGE = 14  # of a batch: as fixed cameras show people; the others as the sets do
FOOTAGE_FAULTS = 0.6  # of the strength of theirs; landmarks of real clips jitter less
# Share of the weights of a run that goes on from another. The rest are the other's, so that what it
# knew is kept (Wortsman et al., *Robust fine-tuning of zero-shot models*, CVPR 2022).
LEARNED = 0.8
HIDDEN: dict[Kind, int] = {"lstm": 160, "tcn": 96, "speed": 160, "pose": 160}  # alike in size

logger = logging.getLogger("hybridcore.training")


def batches(composer: Composer, seed: int) -> Iterator[tuple[Tensor, Tensor]]:
    """Endless batches of spoiled sequences: joints ``[B, T, 13, 2]`` and labels ``[B, T]``."""
    rng = np.random.default_rng(seed)
    while True:
        joints, labels = batch_of([
            composer.draw(rng, count=int(rng.integers(1, 5)), footage=k < FOOTAGE)
            for k in range(BATCH)])
        strength = rng.random(BATCH) * 1.5 * (rng.random(BATCH) < 0.8)
        strength[:FOOTAGE] *= FOOTAGE_FAULTS
        joints = spoil(joints, rng, strength)
        joints[:FOOTAGE] = slow_camera(hide(joints[:FOOTAGE], labels[:FOOTAGE], rng), rng)
        yield torch.from_numpy(joints), torch.from_numpy(labels)


def loss_of(output: PoseOutput, labels: Tensor) -> Tensor:
    """Loss of the label at every step; where what is done has no name, all should be alike
    likely (Hendrycks et al., *Deep Anomaly Detection with Outlier Exposure*, ICLR 2019)."""
    named = F.cross_entropy(
        output.logits.flatten(0, 1), labels.clamp(min=-1).flatten(), ignore_index=-1,
        label_smoothing=0.05)
    unnamed = -output.logits.log_softmax(-1).mean(-1)[labels == UNKNOWN]
    return named + UNSURE_WEIGHT * unnamed.sum() / labels.numel()


def train_one(
    kind: Kind, composer: Composer, *, steps: int, seed: int, kept: Path, start: Path | None
) -> PoseNet:
    """A network of one kind with its averaged weights.

    kept: holds what was learned once it is trained. start: a file of another run to go on from; its
    weights are mixed with those learned (:data:`LEARNED`).
    """
    config = PoseConfig(kind=kind, classes=len(ACTIONS), hidden=HIDDEN[kind])
    if not kept.exists():
        _learn(config, composer, steps=steps, seed=seed, kept=kept, start=start)
    learned = load_file(kept)
    if start is not None:
        before = load_file(start)
        learned = {name: before[name].to(value.dtype).lerp(value, LEARNED)
                   for name, value in learned.items()}
    model = PoseNet(config=config)
    model.load_state_dict(learned)
    return model.eval()


def _learn(
    config: PoseConfig, composer: Composer, *, steps: int, seed: int, kept: Path,
    start: Path | None,
) -> None:
    seed_everything(seed)
    model = PoseNet(config=config)
    if start is not None:
        model.load_state_dict(load_file(start))
    logger.info("%s: %d parameters", config.kind, sum(p.numel() for p in model.parameters()))
    optimiser = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=0.03)
    run = StepRun(model, optimiser, count=steps, average_decay=0.995, log_every=50)
    run.learn(batches(composer, seed), lambda part: loss_of(model(part[0]), part[1]))
    save_file(model.state_dict(), kept)


def halves_of(clips: list[SkeletonClip]) -> list[list[SkeletonClip]]:
    """The clips in two halves: no person, and no clip of JHMDB, is in both."""
    people = sorted({clip.person for clip in clips})
    first = set(np.random.default_rng(3).permutation(people)[: len(people) // 2].tolist())
    return [[clip for clip in clips if (clip.person in first) is half] for half in (True, False)]


def evaluate(
    models: dict[Kind, PoseNet], clips: list[SkeletonClip]
) -> tuple[dict[Kind, list[dict[str, Any]]], dict[Kind, float]]:
    """Rows of the cards, and the temperatures that ship."""
    sets = [draw_test(Composer(half), TEST_SEQUENCES, seed)
            for seed, half in enumerate(halves_of(clips), 11)]
    sequences = [one for half in sets for one in half.sequences]
    rows: dict[Kind, list[dict[str, Any]]] = {kind: [] for kind in models}
    shipped: dict[Kind, float] = {}
    for name in STRENGTHS:
        joints = [one for half in sets for one in half.spoiled[name]]
        logits = {kind: logits_of(model, joints) for kind, model in models.items()}
        split = f"{name} sequences of unseen people"
        for kind, own in logits.items():
            if name == "noisy":
                shipped[kind] = fit_temperature(own, sequences)
            parts = (slice(0, TEST_SEQUENCES), slice(TEST_SEQUENCES, None))
            fits = [fit_temperature(own[part], sequences[part]) for part in parts]
            temperatures = np.repeat(fits[::-1], TEST_SEQUENCES).tolist()
            rows[kind] += measure(own, sequences, temperatures, split)
            if name != "very noisy":
                rows[kind][-7]["headline"] = True
        for twin in ("tcn", "speed", "pose"):
            rows["lstm"].append(gain(
                logits["lstm"], logits[twin], sequences, f"gained over {twin}", split))
    ordered = [clip for clip in clips if action_of(clip) in ("sitting down", "standing up")]
    found = order_rows(
        models, [resample(front(clip.joints), clip.rate).astype(np.float32) for clip in ordered],
        np.array([int(action_of(clip) == "standing up") for clip in ordered]),
        "clips of unseen people, forwards and backwards")
    for kind, more in found.items():
        rows[kind] += more
    return rows, shipped


def main() -> None:
    parser = script_parser(
        __doc__, data="folder of the four sets (learn/skeletons.py)", cache="clips that were read",
        run="log", seed=True)
    parser.add_argument("--steps", type=int, default=1500)
    parser.add_argument("--start", type=Path, help="folder of a run to go on from")
    parser.add_argument(
        "--only", choices=KINDS,
        help="train this one and measure nothing: several at the same time, then once without")
    args = parser.parse_args()
    torch.set_num_threads(1)
    log_to(args.run / f"{args.only or 'all'}.txt")
    clips = read_sets(args.data, args.cache)
    composer = Composer([clip for clip in clips if not clip.test])
    models = {
        kind: train_one(kind, composer, steps=args.steps, seed=args.seed,
                        kept=args.run / f"{kind}.safetensors",
                        start=args.start and args.start / f"{kind}.safetensors")
        for kind in ([args.only] if args.only else KINDS)}
    if args.only:
        return
    rows, temperatures = evaluate(models, [clip for clip in clips if clip.test])
    command = (f"python -m hybridcore.pose.learn.train --data DATA --cache CACHE --run RUN "
               f"--steps {args.steps} --seed {args.seed}"
               + (" --start EARLIER" if args.start else ""))
    for kind, model in models.items():
        for row in rows[kind]:
            logger.info("%s %s", kind, row)
        before = load_card(f"pose_{kind}")
        save_weights(model, f"pose_{kind}", {
            **cards.ABOUT[kind], "config": vars(model.config),
            "training": {"data": cards.DATA, "command": command,
                         "started_from": cards.EARLIER if args.start else "nothing",
                         "seed": args.seed, "steps": args.steps,
                         "hardware": describe(pick_device("cpu"))},
            "metrics": [*rows[kind], *isolated_rows(before)], "limits": cards.LIMITS,
            "calibration": {"temperature": temperatures[kind]},
            **({"isolated": before["isolated"]} if "isolated" in before else {}),
        })


if __name__ == "__main__":
    main()
