"""Batches of clips to learn from, rendered when they are asked for, so that none comes twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from hybridcore.gait.learn.body import CONDITIONS
from hybridcore.gait.learn.skeleton import Walk
from hybridcore.gait.learn.walks import render_clip
from hybridcore.gait.model import VIEWS

_NETWORK = 0.7  # of the clips have the faults of a network's masks, the others of a subtraction


@dataclass(frozen=True)
class Batch:
    """silhouettes float ``[B, T, 64, 44]`` in 0..1; person and view int64 ``[B]``."""

    silhouettes: Tensor
    person: Tensor
    view: Tensor


@dataclass(frozen=True)
class Identity:
    """Somebody to be told from others: the walk of a person on the legs of a variant (see
    `render_clip`). redrawn: with another body in every clip, so that only the walk tells."""

    name: str
    variant: int
    redrawn: bool


def identities(people: Sequence[str], variants: int) -> list[Identity]:
    """All that there are: of each person the even variants have a new body in every clip, the odd
    ones keep theirs."""
    return [Identity(name, variant, variant % 2 == 0)
            for variant in range(variants) for name in people]


def batches(
    walks: Sequence[Walk], everybody: Sequence[Identity], *, people: int = 8, each: int = 4,
    frames: int = 16, seed: int = 1,
) -> Iterator[Batch]:
    """Endless batches of ``people * each`` clips of walks from any view, in any condition.

    A clip is read at every or at every second frame, shifted by a pixel or two, and half of the
    clips are mirrored: they walk to the left, with the camera at their other side; the angle
    between walk and camera stays.
    """
    rng = np.random.default_rng(seed)
    walks_of: dict[str, list[Walk]] = defaultdict(list)
    for walk in walks:
        walks_of[walk.person].append(walk)
    while True:
        chosen = np.repeat(rng.choice(len(everybody), people, replace=False), each)
        views = rng.integers(len(VIEWS), size=len(chosen))
        pictures = np.empty((len(chosen), frames, 64, 44), np.uint8)
        for target, number, view in zip(pictures, chosen, views, strict=True):
            identity, take = everybody[int(number)], int(rng.integers(1, 2**31))
            own = walks_of[identity.name]
            picture = render_clip(
                own[rng.integers(len(own))], int(view), int(rng.integers(len(CONDITIONS))),
                variant=identity.variant, redraw=take if identity.redrawn else 0, take=take,
                frames=frames, stride=int(rng.integers(1, 3)),
                segmentation="network" if rng.random() < _NETWORK else "background")
            if rng.random() < 0.5:
                picture = picture[..., ::-1]
            target[:] = np.roll(picture, rng.integers(-1, 2, 2), (1, 2))
        yield Batch(torch.from_numpy(pictures).float() / 255,
                    torch.from_numpy(chosen).long(), torch.from_numpy(views).long())
