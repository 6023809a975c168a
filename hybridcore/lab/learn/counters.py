"""Train the networks that count: ``python -m hybridcore.lab.learn.counters``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from scipy.stats import binomtest
from torch import Tensor

from hybridcore.device import one_thread
from hybridcore.lab.counters import CARD, Counter, counters, load
from hybridcore.lab.grammars import GRAMMARS, Grammar
from hybridcore.lab.learn.script import arguments, measure_again, training
from hybridcore.training.run import StepRun, seed_everything
from hybridcore.weights import save_weights

_BATCH, _LENGTH, _RATE = 64, 40, 1e-2
_TESTED = 400  # strings


def batches(grammar: Grammar, rng: np.random.Generator) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Endless batches of codes and answers, int ``[B, T]`` each."""
    while True:
        texts = [grammar.draw(rng, grammar.deepest, _LENGTH)[:_LENGTH] for _ in range(_BATCH)]
        yield (np.stack([grammar.codes(text) for text in texts]),
               np.stack([grammar.follow(text)[0] for text in texts]))


def train_one(network: Counter, grammar: Grammar, steps: int, rng: np.random.Generator) -> None:
    """Let one network learn its grammar."""
    def loss_of(batch: tuple[np.ndarray, np.ndarray]) -> Tensor:
        codes, answers = batch
        logits = network(network.inputs(codes))
        return F.cross_entropy(logits.flatten(0, 1), torch.from_numpy(answers).flatten())

    optimiser = torch.optim.Adam(network.parameters(), lr=_RATE)
    run = StepRun(network, optimiser, count=steps, average_decay=0.99, log_every=500)
    run.learn(batches(grammar, rng), loss_of)


@torch.inference_mode()
def measure(network: Counter, grammar: Grammar, seed: int) -> Iterator[dict[str, Any]]:
    """How many strings are read without a mistake, if as many are open at most as in what was
    learned, and if up to three times as many are."""
    for times in (1, 2, 3):
        least, most = grammar.deepest * (times - 1), grammar.deepest * times
        rng, faultless = np.random.default_rng((seed, times)), list[bool]()
        while len(faultless) < _TESTED:
            text = grammar.draw(rng, most, times * _LENGTH)
            answers, depth = grammar.follow(text)
            if least < depth.max() <= most:
                said = network(network.inputs(grammar.codes(text))[None])[0].argmax(1).numpy()
                faultless.append(bool((said == answers).all()))
        interval = binomtest(sum(faultless), _TESTED).proportion_ci(method="wilson")
        yield {
            "name": f"{grammar.title}: strings without a mistake",
            "split": f"new strings in which {least + 1} to {most} are open at most",
            "count": _TESTED, "value": round(100 * float(np.mean(faultless)), 1), "unit": "%",
            "interval": [round(100 * interval.low, 1), round(100 * interval.high, 1)],
            "headline": times == 1}


def main() -> None:
    args = arguments(__doc__, steps=3000)
    rng = seed_everything(args.seed)
    networks = load() if args.measure else counters()
    metrics: list[dict[str, Any]] = []
    with one_thread():
        for grammar in GRAMMARS:
            network = networks[grammar.key]
            assert isinstance(network, Counter)
            if not args.measure:
                train_one(network, grammar, args.steps, rng)
            metrics += list(measure(network.half().float(), grammar, args.seed + 1))
    if args.measure:
        measure_again(CARD, metrics)
        return
    save_weights(networks.eval(), CARD, {
        "title": "Lab: networks that count",
        "description": "An LSTM of 8 units for each of three grammars: what may close at every "
                       "letter.",
        "paper": {"title": "LSTM Recurrent Networks Learn Simple Context-Free and "
                           "Context-Sensitive Languages", "authors": "Gers & Schmidhuber",
                  "year": 2001, "url": "https://doi.org/10.1109/72.963769"},
        "differences": ["No peepholes", "Trained by Adam on whole batches of strings"],
        "training": training("counters", args, name="strings drawn by this project", terms="none"),
        "metrics": metrics,
        "limits": ["Learned from strings of 40 letters in which no more than 8 were open (5 of two "
                   "kinds); further on it counts for a while and then no more."],
    })


if __name__ == "__main__":
    main()
