"""What the future adds: the same LSTM reading forwards, backwards and both ways.

The task is a sine under noise, whose value without noise is asked for at every step. Who reads
forwards knows little at the beginning, who reads backwards little at the end, who reads both ways
(Schuster & Paliwal 1997) knows all of it everywhere, and has to wait for the end.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import torch
from torch import Tensor, nn

from hybridcore.lab.racers import RACERS, Racer, Start, with_budget
from hybridcore.weights import load_into

CARD = "lab_future"
BUDGET, LENGTH = 3000, 80
NOISE = 0.5  # standard deviation
TITLES = {"forwards": "Forwards", "backwards": "Backwards", "both": "Both ways"}
_TESTED, _TEST_SEED = 1000, 7
_LSTM, _BOTH = (next(racer for racer in RACERS if racer.key == key) for key in ("lstm", "brnn"))


class Backwards(nn.Module):
    """A network that reads from the end."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, inputs: Tensor) -> Tensor:
        said: Tensor = self.network(inputs.flip(1)).flip(1)
        return said


def readers() -> nn.ModuleDict:
    """Three networks ``[B, T, 1] -> [B, T, 1]`` of at most ``BUDGET`` parameters, untrained."""
    def build(racer: Racer) -> nn.Module:
        return with_budget(racer, inputs=1, outputs=1, length=LENGTH, budget=BUDGET, start=Start())

    return nn.ModuleDict({"forwards": build(_LSTM), "backwards": Backwards(build(_LSTM)),
                          "both": build(_BOTH)})


def load() -> nn.ModuleDict:
    """Those that ship.

    Raises:
        WeightsError: they are missing or damaged.
    """
    return load_into(readers(), CARD)


def waves(
    rng: np.random.Generator, size: int, noise: float = NOISE
) -> tuple[np.ndarray, np.ndarray]:
    """Sines of unknown period and phase: with noise and without, float32 ``[size, LENGTH]``."""
    period, phase = rng.uniform(8, 30, (size, 1)), rng.uniform(0, 2 * np.pi, (size, 1))
    clean = np.sin(2 * np.pi * np.arange(LENGTH) / period + phase)
    noisy = clean + rng.normal(0, noise, clean.shape)
    return noisy.astype(np.float32), clean.astype(np.float32)


@dataclass(frozen=True)
class Heard:
    """One wave, float32 ``[T]``: with noise, without, and what each network says of it, by key."""

    noisy: np.ndarray
    clean: np.ndarray
    said: dict[str, np.ndarray]


@torch.inference_mode()
def hear(networks: nn.ModuleDict, seed: int, noise: float) -> Heard:
    """What every network says of a wave."""
    noisy, clean = waves(np.random.default_rng(seed), 1, noise)
    return Heard(noisy[0], clean[0], {key: say(network, noisy)[0]
                                      for key, network in networks.items()})


@torch.inference_mode()
def say(network: nn.Module, noisy: np.ndarray) -> np.ndarray:
    """Its answers, float32 ``[B, T]``."""
    answers: np.ndarray = network(torch.from_numpy(noisy)[..., None])[..., 0].numpy()
    return answers


@cache
def errors(noise: float = NOISE) -> dict[str, np.ndarray]:
    """Mean squared error of the networks that ship at every step, ``[T]``, on 1,000 new waves."""
    noisy, clean = waves(np.random.default_rng(_TEST_SEED), _TESTED, noise)
    return {key: ((say(network, noisy) - clean) ** 2).mean(0) for key, network in load().items()}
