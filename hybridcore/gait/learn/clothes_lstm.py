"""An LSTM over the looks at a track, in place of their mean or on top of it: what memory adds."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from hybridcore.gait.learn.wearers import DIRECTIONS
from hybridcore.training.run import cosine

_INPUTS, _HIDDEN, _DIM = 128, 128, 60
_RATE, _DECAY, _DROPOUT = 2e-3, 1e-2, 0.3
_SHARPNESS = 10.0  # of the softmax over people


class ClothesLSTM(nn.Module):
    """Looks ``[B, T, F]`` -> unit vectors ``[B, 60]``: the mean of the hidden states, as in the
    gait LSTM.

    reads: matrix ``[F, n]`` and bias ``[n]`` that looks go through first, frozen; on_top: what the
    LSTM says, at first nothing, is added to the mean of the unit vectors that it reads.
    """

    def __init__(self, *, reads: tuple[Tensor, Tensor], on_top: bool) -> None:
        super().__init__()
        self.reads, self.on_top = reads, on_top
        self.drop = nn.Dropout(_DROPOUT)
        self.lstm = nn.LSTM(reads[0].shape[1], _HIDDEN, batch_first=True)
        self.project = nn.Linear(_HIDDEN, reads[0].shape[1] if on_top else _DIM)
        if on_top:
            nn.init.zeros_(self.project.weight)
            nn.init.zeros_(self.project.bias)

    def forward(self, looks: Tensor) -> Tensor:
        inputs = looks @ self.reads[0] + self.reads[1]  # [B, T, n]
        if self.on_top:
            inputs = F.normalize(inputs, dim=-1)
        hidden, _ = self.lstm(self.drop(inputs))
        said = self.project(self.drop(hidden).mean(1))
        return F.normalize(said + inputs.mean(1) if self.on_top else said, dim=-1)


def strongest(looks: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Matrix ``[F, 128]`` and bias of the directions of looks ``[..., F]`` in which they differ
    most, each with variance 1 (PCA)."""
    rows = looks.reshape(-1, looks.shape[-1]).astype(np.float64)
    values, vectors = np.linalg.eigh(np.cov((rows - rows.mean(0)).T))
    matrix = vectors[:, -_INPUTS:] / np.sqrt(values[-_INPUTS:])
    return matrix, -rows.mean(0) @ matrix


def train_lstm(
    looks: np.ndarray, reads: tuple[np.ndarray, np.ndarray], *, on_top: bool, minutes: float,
    seed: int,
) -> Callable[[np.ndarray], np.ndarray]:
    """Learn from looks ``[A, people, 2, 8, F]``: tracks of one to eight neighbouring sides, two of
    each person, of any camera and variant, are to find each other among those of everybody. reads,
    on_top: as of :class:`ClothesLSTM`.

    Returns what makes looks ``[..., T, F]`` a unit vector ``[..., 60]``.
    """
    rng = np.random.default_rng(seed)
    torch.manual_seed(seed)
    matrix, bias = (torch.from_numpy(part).float() for part in reads)
    model = ClothesLSTM(reads=(matrix, bias), on_top=on_top)
    optimiser = torch.optim.AdamW(model.parameters(), _RATE, weight_decay=_DECAY)
    people = np.arange(looks.shape[1])
    begun = time.monotonic()
    while (progress := (time.monotonic() - begun) / (60 * minutes)) < 1:
        optimiser.param_groups[0]["lr"] = _RATE * cosine(progress)
        views = int(rng.integers(1, DIRECTIONS + 1))
        one, other = (model(_drawn(looks, people, views, rng)) for _ in range(2))
        alike = _SHARPNESS * one @ other.T
        target = torch.from_numpy(people)
        loss = F.cross_entropy(alike, target) + F.cross_entropy(alike.T, target)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    model.eval()

    @torch.inference_mode()
    def embed(tracks: np.ndarray) -> np.ndarray:
        flat = torch.from_numpy(tracks.reshape(-1, *tracks.shape[-2:])).float()
        return np.asarray(model(flat).numpy()).reshape(*tracks.shape[:-2], -1)

    return embed


def _drawn(
    looks: np.ndarray, people: np.ndarray, views: int, rng: np.random.Generator
) -> Tensor:
    """A track of each person, ``[people, views, F]``."""
    variant, camera, first = (
        rng.integers(0, count, len(people)) for count in (len(looks), looks.shape[2], DIRECTIONS))
    sides = (first[:, None] + np.arange(views)) % DIRECTIONS
    return torch.from_numpy(
        looks[variant[:, None], people[:, None], camera[:, None], sides]).float()
