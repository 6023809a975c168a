"""Train the networks of the DNA room.

``python -m hybridcore.dna.learn.train --data FOLDER --run FOLDER``

One network a kind learns all targets at once, as in the paper, on the same batches for the same
number of steps. A window holds a site where either strand does: its odds are the sum of both
strands', which tells both strands what they got wrong where the higher one alone would not. Steps
at which the weights were best on the parts that choose are not looked for: the average of the last
ones is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from hybridcore.device import describe, pick_device
from hybridcore.dna.danq import KINDS, DanQ, DanQConfig, Kind
from hybridcore.dna.learn.data import (
    LENGTH,
    LabelledSequences,
    in_window,
    made_pairs,
    shuffled,
)
from hybridcore.dna.learn.measure import add_matrix, measure, read_sets
from hybridcore.dna.motifs import count_motifs, frequencies
from hybridcore.dna.targets import TARGET_KEYS
from hybridcore.training.options import script_parser
from hybridcore.training.run import StepRun, log_to, seed_everything
from hybridcore.weights import save_weights

CONFIG = DanQConfig(targets=len(TARGET_KEYS), length=LENGTH, motifs=96, kernel=20, pool=4,
                    hidden=48, dense=64)
BATCH = {"ctcf": 96, "tata": 32, "boxes": 32}  # windows of each target in a batch
SHIFT = 8  # letters by which a window lies off the middle, at most
_HIDDEN = 0.3  # share of windows of which an end is unknown
_RATE, _DECAY = 2e-3, 0.02


def batches(
    sets: Mapping[str, LabelledSequences], rng: np.random.Generator
) -> Iterator[list[tuple[Tensor, Tensor]]]:
    """Endless batches: for each target windows ``[B, LENGTH, 4]`` and whether they are positive,
    half of them; either strand. Half of the negatives are the positives, shuffled anew: nothing to
    learn by heart, and how many of each letter there are does not tell a promoter; pairs are made
    anew every time."""
    rows = {key: (np.flatnonzero(s.positive), np.flatnonzero(~s.positive))
            for key, s in sets.items()}
    while True:
        batch = []
        for key, size in BATCH.items():
            if key == "boxes":
                made = made_pairs(size, rng, "learn")
                sequences, labels = made.windows, made.positive
            else:
                drawn = np.concatenate([rng.choice(part, size // 2) for part in rows[key]])
                sequences, labels = sets[key].windows[drawn], sets[key].positive[drawn]
                sequences[-(size // 4) :] = shuffled(sequences[: size // 4], rng)
            windows = in_window(sequences, rng, SHIFT)
            turned = rng.random(size) < 0.5
            windows[turned] = windows[turned, ::-1, ::-1]
            _hide_ends(windows, rng)
            batch.append((torch.from_numpy(windows),
                          torch.from_numpy(labels.astype(np.float32))))
        yield batch


def _hide_ends(windows: np.ndarray, rng: np.random.Generator) -> None:
    """Make letters unknown at one end of some windows, as beyond the ends of a sequence."""
    for row in np.flatnonzero(rng.random(len(windows)) < _HIDDEN):
        count = int(rng.integers(1, LENGTH // 2))
        windows[row, slice(count) if rng.random() < 0.5 else slice(-count, None)] = 0.0


def loss_of(network: DanQ, batch: list[tuple[Tensor, Tensor]]) -> Tensor:
    """Cross entropy of each target on its own windows, either strand of which may hold it."""
    logits = network.strands(torch.cat([windows for windows, _ in batch])).logsumexp(0)
    losses, start = [], 0
    for target, (_, positive) in enumerate(batch):
        own = logits[start : start + len(positive), target]
        losses.append(F.binary_cross_entropy_with_logits(own, positive))
        start += len(positive)
    return torch.stack(losses).sum()


def train_one(
    kind: Kind, sets: Mapping[str, LabelledSequences], *, steps: int, seed: int
) -> DanQ:
    """A network of one kind, trained on the parts of the sets that it learns from."""
    rng = seed_everything(seed)
    network = DanQ(config=DanQConfig(**{**vars(CONFIG), "kind": kind}))
    optimiser = torch.optim.AdamW(network.parameters(), lr=_RATE, weight_decay=_DECAY)
    run = StepRun(network, optimiser, count=steps, average_decay=0.995, log_every=200)
    learned = {key: s.part("learn") for key, s in sets.items() if key != "boxes"}
    run.learn(batches(learned, rng), lambda batch: loss_of(network, batch))
    network.eval()
    positives = [in_window(s.windows[s.positive], rng) for s in learned.values()]
    network.shares.copy_(torch.from_numpy(frequencies(
        count_motifs(network, np.concatenate(positives)))))
    return network


def main() -> None:
    parser = script_parser(
        __doc__, data="folder with Keras-genomics and CNNPromoterData", run="for the log",
        seed=True)
    parser.add_argument("--steps", type=int, default=6000)
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=list(KINDS))
    add_matrix(parser)
    args = parser.parse_args()
    log_to(args.run / "log.txt")
    torch.set_flush_denormal(True)
    sets = read_sets(args.data)
    for kind in args.kinds:
        network = train_one(kind, sets, steps=args.steps, seed=args.seed)
        save_weights(network, f"dna_{kind}", {
            "config": vars(network.config), "targets": list(TARGET_KEYS),
            "training": {
                "seed": args.seed, "steps": args.steps,
                "command": "python -m hybridcore.dna.learn.train --data DATA --run RUN "
                           f"--steps {args.steps} --seed {args.seed} --matrix MA0139.1.pfm",
                "hardware": describe(pick_device("cpu")),
            }})
        measure([kind], sets, args.matrix)


if __name__ == "__main__":
    main()
