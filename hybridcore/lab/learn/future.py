"""Train the three that smooth a sine: ``python -m hybridcore.lab.learn.future``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from hybridcore.device import one_thread
from hybridcore.lab.future import BUDGET, CARD, LENGTH, NOISE, TITLES, load, readers, say, waves
from hybridcore.lab.learn.script import arguments, measure_again, training
from hybridcore.training.metrics import bootstrap
from hybridcore.training.run import StepRun, seed_everything
from hybridcore.weights import save_weights

_BATCH, _RATE, _TESTED = 64, 5e-3, 2000


def batches(rng: np.random.Generator) -> Iterator[tuple[Tensor, Tensor]]:
    """Endless batches of waves with and without noise, ``[B, T, 1]``."""
    while True:
        noisy, clean = (torch.from_numpy(part)[..., None] for part in waves(rng, _BATCH))
        yield noisy, clean


def train_one(network: nn.Module, steps: int, rng: np.random.Generator) -> None:
    """Let one network learn."""
    optimiser = torch.optim.Adam(network.parameters(), lr=_RATE)
    run = StepRun(network, optimiser, count=steps, average_decay=0.99, log_every=500)
    run.learn(batches(rng), lambda batch: F.mse_loss(network(batch[0]), batch[1]))


def measure(network: nn.Module, key: str, seed: int) -> list[dict[str, Any]]:
    """Squared error on new sines, and at either end of them."""
    noisy, clean = waves(np.random.default_rng(seed), _TESTED)
    wrong, rows = (say(network, noisy) - clean) ** 2, []
    for split, part in (("new sines", slice(None)), ("their first ten steps", slice(0, 10)),
                        ("their last ten steps", slice(-10, None))):
        own = wrong[:, part]
        value, low, high = bootstrap(own.sum(1), np.full(len(own), own.shape[1]))  # by sine
        rows.append({
            "name": f"{TITLES[key]}: squared error", "split": split, "count": _TESTED,
            "value": round(value, 4), "unit": "", "interval": [round(low, 4), round(high, 4)],
            "headline": split == "new sines"})
    return rows


def main() -> None:
    args = arguments(__doc__, steps=3000)
    seed_everything(args.seed)
    if args.measure:
        metrics = [row for key, network in load().items()
                   for row in measure(network, key, args.seed + 1)]
        measure_again(CARD, metrics)
        return
    networks, metrics = readers(), []
    with one_thread():
        for key, network in networks.items():
            train_one(network, args.steps, np.random.default_rng(args.seed))
            metrics += measure(network.half().float(), key, args.seed + 1)
    save_weights(networks.eval(), CARD, {
        "title": "Lab: forwards, backwards and both ways",
        "description": f"LSTMs of at most {BUDGET:,} parameters that take the noise (standard "
                       f"deviation {NOISE}) off a sine of {LENGTH} steps.",
        "paper": {"title": "Bidirectional Recurrent Neural Networks", "authors":
                  "Schuster & Paliwal", "year": 1997, "url": "https://doi.org/10.1109/78.650093"},
        "differences": ["LSTMs in the place of simple recurrent networks"],
        "training": training("future", args, name="sines made by this project", terms="none"),
        "metrics": metrics,
        "limits": ["Sines of 8 to 30 steps a period, as learned; one seed."],
    })


if __name__ == "__main__":
    main()
