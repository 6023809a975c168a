"""What the scripts that train the networks of the lab have in common."""

from __future__ import annotations

import logging
from argparse import ArgumentParser, Namespace
from typing import Any

import torch

from hybridcore.cards import load_card, write_card
from hybridcore.device import describe, one_thread


def arguments(about: str, *, steps: int) -> Namespace:
    """``--steps``, ``--seed`` and ``--measure``, as given; the log goes to standard error."""
    parser = ArgumentParser(description=about)
    parser.add_argument("--steps", type=int, default=steps)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--measure", action="store_true", help="those that ship, once more")
    logging.basicConfig(level=logging.INFO)
    return parser.parse_args()


def measure_again(name: str, metrics: list[dict[str, Any]]) -> None:
    """Give the card ``name`` other metrics."""
    write_card({**load_card(name), "metrics": metrics})


def training(script: str, args: Namespace, **data: str) -> dict[str, Any]:
    """What a card says of the training: data (name, terms, citation), command, seed, hardware."""
    with one_thread():
        hardware = describe(torch.device("cpu"))
    return {
        "data": [data],
        "command": f"python -m hybridcore.lab.learn.{script} --steps {args.steps} "
                   f"--seed {args.seed}",
        "seed": args.seed, "hardware": hardware}
