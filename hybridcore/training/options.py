"""The options that the scripts which train and measure have in common."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path


def script_parser(
    about: str, *, data: str, cache: str = "", run: str = "", minutes: float = 0, seed: bool = False
) -> ArgumentParser:
    """A parser with ``--data``, and with ``--cache``, ``--run``, ``--minutes`` and ``--seed`` where
    asked for.

    about: the first line says what the script does; data, cache, run: what each folder or file
    holds; minutes: how long a run takes by default.
    """
    parser = ArgumentParser(description=about.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help=data)
    if cache:
        parser.add_argument("--cache", type=Path, required=True, help=cache)
    if run:
        parser.add_argument("--run", type=Path, required=True, help=run)
    if minutes:
        parser.add_argument("--minutes", type=float, default=minutes)
    if seed:
        parser.add_argument("--seed", type=int, default=1)
    return parser
