"""Tasks that tell recurrent networks apart, of any length, made as they are needed.

``batch(rng, size, length)`` gives inputs float32 ``[B, T, D]`` and targets ``[B, T']``: those of
the last T' steps, which alone are judged. Sources: the adding problem (Hochreiter & Schmidhuber
1997) and the copy memory task as in Bai, Kolter & Koltun 2018, sections 4 and B; sequential
pictures (Le, Jaitly & Hinton 2015), here the 8 x 8 digits of scikit-learn (Alpaydin & Kaynak 1998).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np
import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch import Tensor

Batch = tuple[Tensor, Tensor]
Make = Callable[[np.random.Generator, int, int], Batch]
Goal = Literal["number", "class"]

COPIED, SYMBOLS = 10, 8  # what is to be remembered, of how many symbols
_DIGIT_TESTS = 360  # of the 1,797 digits


@dataclass(frozen=True)
class Task:
    """One task.

    inputs, outputs: D of the inputs, and what a network says at every step. goal: a number, judged
    by its squared error, or one of ``outputs`` classes, judged by cross entropy. guess: the loss of
    who has not looked, for a length. test: batches that are never trained on; None: as ``batch``.
    """

    key: str
    title: str
    about: str
    inputs: int
    outputs: int
    goal: Goal
    lengths: tuple[int, int, int]  # least, default, most
    batch: Make
    guess: Callable[[int], float]
    test: Make | None = None

    def loss(self, said: Tensor, targets: Tensor) -> Tensor:
        """Of what was said at every step, ``[B, T, outputs]``, at the last steps."""
        last = said[:, -targets.shape[1] :]
        if self.goal == "number":
            return F.mse_loss(last[..., 0], targets)
        return F.cross_entropy(last.flatten(0, 1), targets.flatten())

    def right(self, said: Tensor, targets: Tensor) -> float:
        """The share of targets that were met, 0..1; a number within 0.1."""
        last = said[:, -targets.shape[1] :]
        if self.goal == "number":
            return float(((last[..., 0] - targets).abs() < 0.1).float().mean())
        return float((last.argmax(-1) == targets).float().mean())


def adding(rng: np.random.Generator, size: int, length: int) -> Batch:
    """Two of the numbers are marked, one in each half: their sum is asked for at the end."""
    inputs = np.zeros((size, length, 2), np.float32)
    inputs[..., 0] = rng.random((size, length))
    rows = np.arange(size)
    places = rng.integers(0, length // 2, size), rng.integers(length // 2, length, size)
    sums = np.zeros(size, np.float32)
    for place in places:
        inputs[rows, place, 1] = 1
        sums += inputs[rows, place, 0]
    return torch.from_numpy(inputs), torch.from_numpy(sums[:, None])


def copying(rng: np.random.Generator, size: int, length: int) -> Batch:
    """Ten symbols, then nothing for long, then a mark: the symbols are asked for again."""
    symbols = rng.integers(1, SYMBOLS + 1, (size, COPIED))
    steps = np.zeros((size, max(length, 2 * COPIED + 1)), int)
    steps[:, :COPIED] = symbols
    steps[:, -COPIED - 1 : -COPIED] = SYMBOLS + 1
    inputs = np.eye(SYMBOLS + 2, dtype=np.float32)[steps]
    return torch.from_numpy(inputs), torch.from_numpy(symbols - 1)


def parity(rng: np.random.Generator, size: int, length: int) -> Batch:
    """Zeros and ones: whether the ones so far are odd, at every step."""
    bits = rng.integers(0, 2, (size, length))
    return (torch.from_numpy(bits[..., None].astype(np.float32) * 2 - 1),
            torch.from_numpy(bits.cumsum(1) % 2))


def sine(rng: np.random.Generator, size: int, length: int) -> Batch:
    """A sine of unknown period and phase under noise: the next value without noise, at the second
    half of the steps."""
    times = np.arange(length + 1)
    period, phase = rng.uniform(8, 30, (size, 1)), rng.uniform(0, 2 * np.pi, (size, 1))
    clean = np.sin(2 * np.pi * times / period + phase)
    noisy = clean + rng.normal(0, 0.5, clean.shape)
    return (torch.from_numpy(noisy[:, :-1, None].astype(np.float32)),
            torch.from_numpy(clean[:, 1 + length // 2 :].astype(np.float32)))


def _digits(test: bool) -> Make:
    def make(rng: np.random.Generator, size: int, length: int) -> Batch:
        pictures, labels = _shuffled_digits()
        part = slice(0, _DIGIT_TESTS) if test else slice(_DIGIT_TESTS, None)
        rows = rng.integers(0, len(labels[part]), size)
        steps = pictures[part][rows].reshape(size, -1, 1)  # [B, 64, 1], pixel by pixel
        return torch.from_numpy(steps), torch.from_numpy(labels[part][rows, None])

    return make


@cache
def _shuffled_digits() -> tuple[np.ndarray, np.ndarray]:
    found = load_digits()
    order = np.random.default_rng(0).permutation(len(found.target))
    return (found.images[order].astype(np.float32) / 16, found.target[order].astype(np.int64))


TASKS = (
    Task("adding", "Adding problem", "The sum of the two numbers that are marked.", 2, 1, "number",
         (10, 20, 400), adding, lambda length: 1 / 6),
    Task("copy", "Copy memory", "Ten symbols, said again after a long pause.", SYMBOLS + 2, SYMBOLS,
         "class", (30, 40, 400), copying, lambda length: float(np.log(SYMBOLS))),
    Task("parity", "Parity", "Whether the ones so far are odd.", 1, 2, "class", (4, 16, 64), parity,
         lambda length: float(np.log(2))),
    Task("digits", "Digits, pixel by pixel", "Which digit 64 pixels in a row are.", 1, 10, "class",
         (64, 64, 64), _digits(test=False), lambda length: float(np.log(10)), _digits(test=True)),
    Task("sine", "Sine in noise", "The next value of a sine, without its noise.", 1, 1, "number",
         (20, 80, 200), sine, lambda length: 0.5),
)
