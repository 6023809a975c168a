"""Train the three that foretell a film: ``python -m hybridcore.lab.learn.maps``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from hybridcore.device import one_thread
from hybridcore.lab.bouncing import films
from hybridcore.lab.forecasters import CARD, TITLES, forecasters, foretell, load
from hybridcore.lab.learn.script import arguments, measure_again, training
from hybridcore.lab.racers import parameters_of
from hybridcore.training.metrics import bootstrap
from hybridcore.training.run import StepRun, seed_everything
from hybridcore.weights import save_weights

_BATCH, _STEPS, _RATE = 16, 12, 4e-3
_TESTED, _LONG, _SEEN = 200, 20, 10  # films, their frames, and those shown before going on alone


def batches(rng: np.random.Generator) -> Iterator[Tensor]:
    """Endless batches of films ``[B, T, 1, h, w]``."""
    while True:
        yield torch.from_numpy(films(rng, _BATCH, _STEPS))[:, :, None]


def train_one(network: nn.Module, steps: int, rng: np.random.Generator) -> None:
    """Let one network learn."""
    def loss_of(batch: Tensor) -> Tensor:
        return F.binary_cross_entropy_with_logits(network(batch[:, :-1]), batch[:, 1:])

    optimiser = torch.optim.Adam(network.parameters(), lr=_RATE)
    run = StepRun(network, optimiser, count=steps, average_decay=0.99)
    run.learn(batches(rng), loss_of)


def measure(network: nn.Module, key: str, tests: np.ndarray) -> list[dict[str, Any]]:
    """Squared error of the next frame, and of the tenth one that it goes on with alone, each as a
    share of the error of who repeats the last frame that was shown."""
    shown = np.stack([foretell(network, film) for film in tests])
    alone = np.stack([foretell(network, film, _SEEN) for film in tests])
    still = np.broadcast_to(tests[:, _SEEN - 1 : _SEEN], tests[:, _SEEN:].shape)
    parts = (("the next frame", shown[:, _SEEN:], tests[:, _SEEN - 1 : -1], True),
             ("ten frames on its own", alone[:, _SEEN:], still, False))
    rows = []
    for what, said, last, headline in parts:
        own, repeated = (((answer - tests[:, _SEEN:]) ** 2).sum((1, 2, 3))
                         for answer in (said, last))
        value, low, high = bootstrap(own, repeated)  # by film
        rows.append({
            "name": f"{TITLES[key]}: error, {what}",
            "split": "films of unseen digits; as a share of the error of repeating",
            "count": len(tests), "value": round(100 * value, 1), "unit": "%",
            "interval": [round(100 * low, 1), round(100 * high, 1)], "headline": headline})
    return rows


def main() -> None:
    args = arguments(__doc__, steps=1200)
    seed_everything(args.seed)
    tests = films(np.random.default_rng(args.seed + 1), _TESTED, _LONG, test=True)
    if args.measure:
        metrics = [row for key, network in load().items() for row in measure(network, key, tests)]
        measure_again(CARD, metrics)
        return
    networks, metrics = forecasters(), []
    with one_thread():
        for key, network in networks.items():
            train_one(network, args.steps, np.random.default_rng(args.seed))
            metrics += measure(network.half().float(), key, tests)
    save_weights(networks.eval(), CARD, {
        "title": "Lab: ConvLSTM, CNN → LSTM and a recurrent convolution",
        "description": "Three networks that foretell the next frame of a bouncing digit.",
        "paper": {"title": "Convolutional LSTM Network: A Machine Learning Approach for "
                           "Precipitation Nowcasting", "authors": "Shi et al.", "year": 2015,
                  "url": "https://arxiv.org/abs/1506.04214"},
        "differences": [
            "One layer; each frame foretells the next, there is no second network that unrolls",
            "Beside it CNN → LSTM, and the recurrent layer of Liang & Hu 2015 on single frames"],
        "parts": {key: parameters_of(network) for key, network in networks.items()},
        "training": training(
            "maps", args, name="1,437 of the 8 x 8 digits of scikit-learn, bouncing in a field",
            citation="Alpaydin & Kaynak, Optical Recognition of Handwritten Digits, UCI Machine "
                     "Learning Repository 1998", terms="CC BY 4.0"),
        "metrics": metrics,
        "limits": ["One digit at a time, at 1 or 2 px a frame along each side; one seed, as many "
                   "steps for each and not as many parameters."],
    })


if __name__ == "__main__":
    main()
