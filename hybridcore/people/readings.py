"""What networks say of a person at even steps, and at the frames between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
from scipy.special import softmax

from hybridcore.layers.flow import Step

P = TypeVar("P", bound="Read")


@dataclass(frozen=True, eq=False)
class Reading:
    """What one network says of a person at every step.

    logits float32 ``[m, C]``; inputs float32 ``[m, D]`` (x_t) and hidden float32 ``[m, H]`` (h_t)
    of an LSTM, None of the others; flow: the tensors on their way; temperature: of calibration.
    """

    logits: np.ndarray
    inputs: np.ndarray | None
    hidden: np.ndarray | None
    flow: tuple[Step, ...]
    temperature: float = 1.0

    @cached_property
    def probabilities(self) -> np.ndarray:
        """Calibrated, float32 ``[m, C]``."""
        return calibrated(self.logits, self.temperature)


@dataclass(frozen=True, eq=False, kw_only=True)
class Read:
    """Somebody whom networks have read.

    number: from 1 in the order of coming. frames int64 ``[n]``, indices in the clip, and times
    float64 ``[n]``, s, at which somebody is seen. steps float64 ``[m]``, s: when the networks
    looked; readings: what they say, by kind.
    """

    number: int
    frames: np.ndarray
    times: np.ndarray
    steps: np.ndarray
    readings: dict[str, Reading]

    @property
    def name(self) -> str:
        """What it is called."""
        return f"person {self.number}"

    @cached_property
    def at(self) -> np.ndarray:
        """The last step at every frame, int64 ``[n]``."""
        return np.maximum(np.searchsorted(self.steps, self.times + 1e-6, side="right") - 1, 0)


def calibrated(logits: np.ndarray, temperature: float) -> np.ndarray:
    """Probabilities of ``logits [..., C]`` that are right as often as they say, float32.

    temperature: what logits are divided by (Guo et al., *On Calibration of Modern Neural Networks*,
    ICML 2017, arXiv 1706.04599).
    """
    return np.asarray(softmax(logits.astype(np.float64) / temperature, -1), np.float32)


def longest_first(people: Sequence[P]) -> list[P]:
    """The order in which a page offers people: who is seen in most frames comes first."""
    return sorted(people, key=lambda person: -len(person.frames))
