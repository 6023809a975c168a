"""Batches of clips to learn from: some people, several walks of each from any view."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from hybridcore.gait.learn.walks import FRAMES, Clips


@dataclass(frozen=True)
class Batch:
    """silhouettes float ``[B, T, 64, 44]`` in 0..1; person and view int64 ``[B]``."""

    silhouettes: Tensor
    person: Tensor
    view: Tensor


def batches(
    clips: Clips, *, people: int = 8, each: int = 4, frames: int = 16, seed: int = 1
) -> Iterator[Batch]:
    """Endless batches of ``people * each`` clips, augmented.

    A clip is read at every or at every second frame, shifted by a pixel or two, and half of the
    people are mirrored: they walk to the left, with the camera at their other side; the angle
    between walk and camera stays.
    """
    rng = np.random.default_rng(seed)
    rows_of = [np.flatnonzero(clips.person == p) for p in range(int(clips.person.max()) + 1)]
    while True:
        chosen = rng.choice(len(rows_of), people, replace=False)
        rows = np.concatenate([rng.choice(rows_of[p], each, replace=False) for p in chosen])
        pictures = np.empty((len(rows), frames, 64, 44), np.uint8)
        for target, row in zip(pictures, rows, strict=True):
            stride = int(rng.integers(1, FRAMES // frames + 1))
            begin = int(rng.integers(0, FRAMES - stride * frames + 1))
            picture = clips.silhouettes[row, begin : begin + stride * frames : stride]
            if rng.random() < 0.5:
                picture = picture[..., ::-1]
            target[:] = np.roll(picture, rng.integers(-1, 2, 2), (1, 2))
        yield Batch(
            torch.from_numpy(pictures).float() / 255, torch.from_numpy(clips.person[rows]).long(),
            torch.from_numpy(clips.view[rows]).long(),
        )
