"""Video sequences composed from photographs, with everything that spoils a frame.

No public video of the 100 MiniPlaces scenes is at hand, so a clip is made of shots, and a shot of
a photograph seen through a moving camera: pan, zoom, rotation, hand shake. Shots follow each other
by a cut or a dissolve. Events come and go on top: motion blur, defocus, darkness or glare, sensor
noise, something passing before the lens, coarse compression; exposure and white balance drift.

Everything is drawn from one ``numpy`` generator: the same seed gives the same clip.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from hybridcore.media.moving import camera_path, view
from hybridcore.training.spoil import apply_events

DEGRADED_FROM = 0.3  # strength of an event from which a frame counts as degraded


@dataclass(frozen=True)
class ComposeConfig:
    """Ranges that a sequence is drawn from; lengths are in frames."""

    side: int = 160
    length: tuple[int, int] = (40, 96)
    shot_length: tuple[int, int] = (8, 64)
    dissolve_share: float = 0.25
    dissolve_length: tuple[int, int] = (5, 12)
    degraded_share: float = 0.7
    event_length: tuple[int, int] = (4, 28)


@dataclass(frozen=True)
class ComposedSequence:
    """One composed clip.

    frames: uint8 ``[T, side, side, 3]``; shot: int ``[T]``, index of the photograph in view (in a
    dissolve, the one that weighs more); degraded: bool ``[T]``; cuts: frame indices at which a new
    shot begins (the middle of a dissolve).
    """

    frames: np.ndarray
    shot: np.ndarray
    degraded: np.ndarray
    cuts: np.ndarray


def drift(length: int, rng: np.random.Generator, amount: float) -> np.ndarray:
    """Slow colour gain: float32 ``[T, 3]`` around one (exposure and white balance)."""
    knots = 1 + rng.normal(0, amount, (max(2, length // 24) + 1, 1))
    knots = knots * (1 + rng.normal(0, amount / 2, (len(knots), 3)))
    at = np.linspace(0, len(knots) - 1, length)
    return np.stack([np.interp(at, np.arange(len(knots)), knots[:, i]) for i in range(3)], 1)


def draw_shots(length: int, config: ComposeConfig, rng: np.random.Generator) -> list[int]:
    """Lengths of the shots of a sequence; they add up to ``length``."""
    shots, left = [], length
    while left > 0:
        # Log-uniform: many short shots, so that many photographs are met, and some long ones.
        shot = int(np.exp(rng.uniform(*np.log(config.shot_length))))
        if left - shot < config.shot_length[0]:
            shot = left
        shots.append(shot)
        left -= shot
    return shots


def compose(
    photos: Sequence[np.ndarray], shots: Sequence[int], config: ComposeConfig,
    rng: np.random.Generator, *, degraded: bool,
) -> ComposedSequence:
    """A clip of one shot for each photograph (uint8 RGB of any size), ``shots[i]`` frames long."""
    length = int(sum(shots))
    starts = np.concatenate([[0], np.cumsum(shots)[:-1]])
    shot = np.repeat(np.arange(len(shots)), shots)
    # A dissolve of n frames is centred on the cut: both shots run n/2 frames over.
    fades = [
        int(rng.integers(*config.dissolve_length)) // 2 if rng.random() < config.dissolve_share
        else 0 for _ in shots[1:]
    ]
    frames = np.empty((length, config.side, config.side, 3), np.uint8)
    reach = [0, *fades], [*fades, 0]
    for k, (photo, begin, size) in enumerate(zip(photos, starts, shots, strict=True)):
        before, after = reach[0][k], reach[1][k]
        path = camera_path(size + before + after, rng)
        for j, pose in enumerate(path):
            at = begin - before + j
            picture = view(photo, pose, (config.side, config.side))
            weight = (j + 0.5) / (2 * before) if j < 2 * before else 1.0
            if weight < 1:
                picture = cv2.addWeighted(picture, weight, frames[at], 1 - weight, 0)
            frames[at] = picture
    gain = drift(length, rng, 0.12 if degraded else 0.05)
    strength = np.zeros(length)
    if degraded:
        strength = apply_events(frames, config.event_length, rng)
    for t in range(length):
        frames[t] = np.clip(frames[t] * gain[t], 0, 255)
    return ComposedSequence(frames, shot, strength >= DEGRADED_FROM, starts[1:].astype(np.int64))


def compose_many(
    pictures: np.ndarray, labels: np.ndarray, count: int, *, seed: int,
    config: ComposeConfig | None = None,
) -> Iterator[tuple[ComposedSequence, np.ndarray]]:
    """``count`` sequences over ``pictures`` with the label of each frame, int64 ``[T]``.

    The photograph of the next shot is of the same class one time in five, so that a cut is not
    always a change of scene.
    """
    config = config or ComposeConfig()
    by_class = [np.flatnonzero(labels == c) for c in range(int(labels.max()) + 1)]
    for number in range(count):
        rng = np.random.default_rng((seed, number))
        cv2.setRNGSeed(int(rng.integers(2**31)))
        shots = draw_shots(int(rng.integers(*config.length)), config, rng)
        rows = [int(rng.integers(len(labels)))]
        for _ in shots[1:]:
            same = rng.random() < 0.2
            rows.append(int(
                rng.choice(by_class[labels[rows[-1]]]) if same else rng.integers(len(labels))
            ))
        sequence = compose(
            [pictures[r] for r in rows], shots, config, rng,
            degraded=bool(rng.random() < config.degraded_share),
        )
        yield sequence, labels[np.array(rows)][sequence.shot]
