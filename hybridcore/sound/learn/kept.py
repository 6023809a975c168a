"""Predictions for the videos by networks that did not see their places, kept beside a run's log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

import numpy as np

from hybridcore.sound.learn.data import Example
from hybridcore.sound.networks import FramePrediction

_KEPT = {f.name for f in fields(FramePrediction)} - {"hidden"}


def keep(examples: Sequence[Example], predictions: Sequence[FramePrediction], run: Path) -> None:
    """Write each example's prediction into ``run``."""
    for example, prediction in zip(examples, predictions, strict=True):
        np.savez(run / f"{example.name}.npz", **{name: getattr(prediction, name) for name in _KEPT})


def kept(examples: Sequence[Example], run: Path) -> list[FramePrediction]:
    """Read what :func:`keep` wrote.

    Raises:
        FileNotFoundError: nothing is kept there of one of the examples.
    """
    found = []
    for example in examples:
        with np.load(run / f"{example.name}.npz") as stored:
            found.append(FramePrediction(**dict(stored)))
    return found
