"""One label a clip, as the data sets are measured in the literature.

``python -m hybridcore.pose.learn.isolated --data DATA --cache CACHE --run RUN`` trains networks of
the kinds that ship anew, each for one set: for the three official splits of JHMDB (14 actions), and
for UTD-MHAD (27 actions, learned from the odd people). It measures JHMDB's test parts and the
unseen people of UTD-MHAD, with joints as they are and with faults, and writes the rows into the
cards of the networks that ship. A clip is what the mean of its logits over time says, of it and of
its mirror image.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from hybridcore.cards import load_card, write_card
from hybridcore.pose.learn.compose import Sequence2D, batch_of
from hybridcore.pose.learn.skeletons import SkeletonClip, read_jhmdb, read_sets
from hybridcore.pose.learn.spoil import front, mirror, picture, resample, spoil
from hybridcore.pose.model import Kind, PoseConfig, PoseNet
from hybridcore.training.metrics import share_row
from hybridcore.training.options import script_parser
from hybridcore.training.run import StepRun, log_to, seed_everything

TASKS = ("jhmdb 1", "jhmdb 2", "jhmdb 3", "utd 1")  # set and official split
TITLES = {"jhmdb": "JHMDB, mean of the 3 official splits", "utd": "UTD-MHAD, unseen people"}
FAULTS = {"clean": 0.0, "noisy": 1.0}
TOGETHER = "lstm+tcn"
_KINDS: tuple[Kind, ...] = ("lstm", "tcn", "speed")
_BATCH = 32
_LONGEST = 60  # steps of a clip to learn from
_FAULTS = 0.5  # the strongest to learn from

logger = logging.getLogger("hybridcore.training")


@dataclass(frozen=True, eq=False)
class Part:
    """Clips of one set and their labels int64 ``[N]``, positions in ``names``."""

    clips: Sequence[SkeletonClip]
    labels: np.ndarray
    names: tuple[str, ...]


def parts_of(task: str, data: Path, cache: Path) -> tuple[Part, Part]:
    """The training and the test part of a task."""
    source, split = task.split()
    clips = read_jhmdb(data / "jhmdb", int(split)) if source == "jhmdb" else [
        clip for clip in read_sets(data, cache) if clip.source == source]
    names = tuple(sorted({clip.action for clip in clips}))
    train, test = (
        Part(own, np.array([names.index(clip.action) for clip in own]), names)
        for own in ([clip for clip in clips if clip.test is test] for test in (False, True)))
    return train, test


def batches(part: Part, seed: int) -> Iterator[tuple[Tensor, Tensor, Tensor]]:
    """Endless batches: joints ``[B, T, 13, 2]``, weights of steps ``[B, T]``, labels ``[B]``."""
    rng = np.random.default_rng(seed)
    while True:
        rows = rng.permutation(len(part.clips))
        for at in range(0, len(rows), _BATCH):
            own = rows[at : at + _BATCH]
            joints, weights = padded([
                picture(resample(part.clips[k].joints, part.clips[k].rate, rng, _LONGEST), rng,
                        45.0) for k in own])
            spoiled = spoil(joints, rng, _FAULTS * rng.random(len(own)))
            yield (torch.from_numpy(spoiled), torch.from_numpy(weights),
                   torch.from_numpy(part.labels[own]))


def padded(clips: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Clips of unequal length as ``[B, T, 13, 2]``, and 1 where a clip is, 0 beyond its end."""
    joints, labels = batch_of([
        Sequence2D(clip.astype(np.float32), np.zeros(len(clip), np.int64)) for clip in clips])
    return joints, (labels == 0).astype(np.float32)


def over_time(logits: Tensor, weights: Tensor) -> Tensor:
    """Mean of ``logits [B, T, C]`` over the steps of every clip."""
    return (logits * weights[..., None]).sum(1) / weights.sum(1, keepdim=True)


def loss_of(logits: Tensor, weights: Tensor, labels: Tensor) -> Tensor:
    """Of the clip and, less, of every step."""
    clip = F.cross_entropy(over_time(logits, weights), labels, label_smoothing=0.1)
    steps = F.cross_entropy(logits.transpose(1, 2), labels[:, None].expand(weights.shape),
                            reduction="none", label_smoothing=0.1)
    return clip + 0.3 * (steps * weights).sum() / weights.sum()


def train_one(kind: Kind, part: Part, *, steps: int, seed: int) -> PoseNet:
    """A network for the actions of one set."""
    seed_everything(seed)
    model = PoseNet(config=PoseConfig(kind=kind, classes=len(part.names)))
    optimiser = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=0.05)
    run = StepRun(model, optimiser, count=steps, average_decay=0.995)
    run.learn(batches(part, seed), lambda batch: loss_of(model(batch[0]).logits, *batch[1:]))
    return model.eval()


@torch.inference_mode()
def predict(model: PoseNet, part: Part, strength: float) -> np.ndarray:
    """Probabilities ``[N, C]`` of clips."""
    rng, total = np.random.default_rng(5), np.zeros((len(part.clips), len(part.names)))
    for mirrored in (False, True):
        joints, weights = padded([
            mirror(resample(front(clip.joints), clip.rate), mirrored) for clip in part.clips])
        joints = spoil(joints, rng, np.full(len(joints), strength))
        logits = over_time(model(torch.from_numpy(joints)).logits, torch.from_numpy(weights))
        total += logits.softmax(-1).numpy() / 2
    return total


def main() -> None:
    parser = script_parser(__doc__, data="folder of the sets", cache="clips that were read",
                           run="what was predicted", seed=True)
    parser.add_argument("--steps", type=int, default=850)
    parser.add_argument(
        "--only", choices=_KINDS,
        help="train this kind alone, write no card: several at the same time, then once without")
    args = parser.parse_args()
    torch.set_num_threads(1)
    log_to(args.run / f"isolated-{args.only or 'all'}.txt")
    hits: dict[str, dict[str, list[np.ndarray]]] = {}
    for task in TASKS:
        train, test = parts_of(task, args.data, args.cache)
        found = {kind: _predicted(kind, task, train, test, args)
                 for kind in ([args.only] if args.only else _KINDS)}
        if args.only:
            continue
        found[TOGETHER] = {name: found["lstm"][name] + found["tcn"][name] for name in FAULTS}
        for kind, predictions in found.items():
            for name, p in predictions.items():
                hits.setdefault(kind, {}).setdefault(f"{task.split()[0]} {name}", []).append(
                    p.argmax(1) == test.labels)
    if not args.only:
        command = (f"python -m hybridcore.pose.learn.isolated --data DATA --cache CACHE --run RUN "
                   f"--steps {args.steps} --seed {args.seed}")
        _write(hits, command)


def _predicted(
    kind: Kind, task: str, train: Part, test: Part, args: Any
) -> dict[str, np.ndarray]:
    """Probabilities of the test part by name of the faults; kept in the folder of the run."""
    path: Path = args.run / f"isolated-{kind}-{task.replace(' ', '-')}.npz"
    if not path.exists():
        model = train_one(kind, train, steps=args.steps, seed=args.seed)
        found = {name: predict(model, test, strength) for name, strength in FAULTS.items()}
        logger.info("%s %s: %s", kind, task, {
            name: round(float((p.argmax(1) == test.labels).mean()), 4)
            for name, p in found.items()})
        np.savez(path, allow_pickle=False, **found)
    with np.load(path, allow_pickle=False) as kept:
        return {name: kept[name] for name in kept.files}


def _write(hits: dict[str, dict[str, list[np.ndarray]]], command: str) -> None:
    """Rows of every kind into its card; those of the two together, and what memory gains, into
    that of the LSTM."""
    rows: dict[str, list[dict[str, Any]]] = {kind: [] for kind in _KINDS}
    for kind, by_key in hits.items():
        for key, own in by_key.items():
            source, name = key.split()
            row = share_row("clip named right", f"{TITLES[source]}, {name}", *_counted(own))
            if kind == TOGETHER:
                row["name"] += ", LSTM and TCN together"
            rows["lstm" if kind == TOGETHER else kind].append(row)
    for key, own in hits["lstm"].items():
        source, name = key.split()
        gained = [a.astype(float) - b for a, b in zip(own, hits["speed"][key], strict=True)]
        rows["lstm"].append({**share_row(
            "clip named right, gained over speed", f"{TITLES[source]}, {name}",
            *_counted(gained)), "unit": "points"})
    for kind, own_rows in rows.items():
        for row in own_rows:
            logger.info("%s %s", kind, json.dumps(row))
        card = load_card(f"pose_{kind}")
        old = isolated_rows(card)
        kept = [row for row in card["metrics"] if row not in old]
        write_card({**card, "metrics": [*kept, *own_rows], "isolated": {"command": command}})


def isolated_rows(card: dict[str, Any]) -> list[dict[str, Any]]:
    """Those of the rows of a card that are written here: they are of networks of their own, and
    stay when the weights that ship are trained anew."""
    return [row for row in card["metrics"] if row["name"].startswith("clip named right")]


def _counted(own: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Values of all splits one after the other, and a count for each."""
    values = np.concatenate(own).astype(float)
    return values, np.ones(len(values))


if __name__ == "__main__":
    main()
