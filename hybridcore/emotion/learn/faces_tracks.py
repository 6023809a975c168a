"""Tracks of faces made from single ones: moved, faded into each other, spoilt.

No face video with a label at every frame is at hand, so labelled faces become tracks: each is held
for a while, drifts, turns and grows, and fades into another person's face, mostly of another
expression. Something spoils it for a while: blur, noise, darkness, coarse compression, a cover, a
crop beside the face, or the face is not seen at all. The label at a step is that of the face that
weighs more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from hybridcore.emotion.learn.faces_data import SIDE, Faces

STEPS = 32  # of a track
FACES = 3  # in a track
SPOILT = 0.25  # a step spoilt more than this counts as spoilt
_SHORTEST = 6  # steps that a face stays at least
_PAPER = np.float32(128)

Picture = NDArray[np.float32]  # [48, 48], grey levels
Spoiler = Callable[[Picture, float, NDArray], Picture]


@dataclass(frozen=True, eq=False)
class Tracks:
    """N tracks: crops uint8 ``[N, T, 48, 48]``; labels int ``[N, T]``; seen bool ``[N, T]``;
    spoilt float ``[N, T]``, how strongly, 0..1."""

    crops: NDArray[np.uint8]
    labels: NDArray[np.int64]
    seen: NDArray[np.bool_]
    spoilt: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.crops)


def make_tracks(faces: Faces, count: int, seed: int) -> Tracks:
    """So many tracks; as long as there are enough faces, each face is in one of them only."""
    rng = np.random.default_rng(seed)
    rows = _endless(len(faces), rng)
    drawn = [_track(faces, np.array([next(rows) for _ in range(FACES)]), rng)
             for _ in range(count)]
    return Tracks(*(np.stack(column) for column in zip(*drawn, strict=True)))


def _endless(count: int, rng: np.random.Generator) -> Iterator[int]:
    while True:
        yield from rng.permutation(count).tolist()


def _track(
    faces: Faces, rows: NDArray, rng: np.random.Generator,
) -> tuple[NDArray, NDArray, NDArray, NDArray]:
    weights = _fades(rng)
    shown = np.stack([crop[:, ::-1] if rng.random() < 0.5 else crop for crop in faces.crops[rows]])
    frames = np.einsum("tk,khw->thw", weights, shown.astype(np.float32))
    for frame, matrix in zip(frames, _moves(rng), strict=True):
        frame[:] = cv2.warpAffine(frame, matrix, (SIDE, SIDE), borderMode=cv2.BORDER_REPLICATE)
    spoilt, seen = _spoil(frames, rng)
    return (frames.clip(0, 255).astype(np.uint8), faces.labels[rows[weights.argmax(1)]], seen,
            spoilt)


def _fades(rng: np.random.Generator) -> NDArray[np.float32]:
    """How much of each face is shown at every step, ``[T, FACES]``; rows add up to 1."""
    spare = STEPS - FACES * _SHORTEST
    cuts = np.sort(rng.integers(0, spare + 1, FACES - 1)) + _SHORTEST * np.arange(1, FACES)
    t = np.arange(STEPS)
    later = [np.ones(STEPS)]
    for cut in cuts:
        length = rng.uniform(1, 6)
        later.append(np.clip((t - cut) / length + 0.5, 0, 1))
    later.append(np.zeros(STEPS))
    return np.stack([later[k] - later[k + 1] for k in range(FACES)], 1).clip(0).astype(np.float32)


def _moves(rng: np.random.Generator) -> NDArray:
    """Matrices ``[T, 2, 3]`` of a head that sways: up to 10 degrees, an eighth in size, 3 px."""
    t = np.arange(STEPS) / STEPS
    sway = sum(rng.normal(0, 1 / k, (4, 1)) * np.sin(2 * np.pi * (k * t + rng.random((4, 1))))
               for k in (1, 2, 3))
    angle, zoom, x, y = sway * np.array([[5.0], [0.06], [1.6], [1.6]])
    x, y = x + rng.normal(0, 0.4, STEPS), y + rng.normal(0, 0.4, STEPS)
    middle = ((SIDE - 1) / 2, (SIDE - 1) / 2)
    matrices = np.stack([cv2.getRotationMatrix2D(middle, float(a), float(np.exp(z)))
                         for a, z in zip(angle.clip(-12, 12), zoom, strict=True)])
    matrices[:, 0, 2] += x
    matrices[:, 1, 2] += y
    return matrices


def _blur(frame: Picture, strength: float, dice: NDArray) -> Picture:
    return cv2.GaussianBlur(frame, (0, 0), 0.3 + strength * (2 + 3 * dice[0]))


def _noise(frame: Picture, strength: float, dice: NDArray) -> Picture:
    grain = np.empty_like(frame)
    cv2.randn(grain, 0, strength * (25 + 50 * dice[0]))
    return frame + grain


def _dark(frame: Picture, strength: float, dice: NDArray) -> Picture:
    return _noise(frame * (1 - strength * (0.85 + 0.13 * dice[0])), 0.15, dice)


def _coarse(frame: Picture, strength: float, dice: NDArray) -> Picture:
    small = round(SIDE / (1 + strength * (1 + 3 * dice[0])))
    coarse = cv2.resize(frame, (small, small), interpolation=cv2.INTER_AREA).clip(0, 255)
    quality = [cv2.IMWRITE_JPEG_QUALITY, int(40 - 34 * strength)]
    packed = cv2.imencode(".jpg", coarse.astype(np.uint8), quality)[1]
    again = np.asarray(cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE), np.float32)
    return cv2.resize(again, (SIDE, SIDE))


def _cover(frame: Picture, strength: float, dice: NDArray) -> Picture:
    centre = (int(SIDE * dice[0]), int(SIDE * dice[1]))
    axes = (int(SIDE * strength * (0.2 + 0.35 * dice[2])),
            int(SIDE * strength * (0.2 + 0.35 * dice[3])))
    return cv2.ellipse(frame.copy(), centre, axes, 180 * float(dice[4]), 0, 360,
                       255 * float(dice[5]), -1)


def _beside(frame: Picture, strength: float, dice: NDArray) -> Picture:
    angle = 2 * np.pi * dice[0]
    x, y = strength * 0.45 * SIDE * np.array([np.cos(angle), np.sin(angle)])
    return cv2.warpAffine(frame, np.array([[1, 0, x], [0, 1, y]]), (SIDE, SIDE),
                          borderMode=cv2.BORDER_REPLICATE)


_SPOILERS: tuple[Spoiler, ...] = (_blur, _noise, _dark, _coarse, _cover, _beside)


def _spoil(
    frames: NDArray[np.float32], rng: np.random.Generator,
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Spoil ``[T, 48, 48]`` in place; how strongly each step is spoilt, and where it is seen."""
    spoilt, seen = np.zeros(STEPS, np.float32), np.ones(STEPS, bool)
    for _ in range(1 + rng.poisson(0.8)):
        size = int(rng.integers(4, 15))
        begin = int(rng.integers(0, STEPS - size + 1))
        kind, dice = int(rng.integers(len(_SPOILERS) + 1)), rng.random(6)
        if kind == len(_SPOILERS):
            seen[begin : begin + size // 2] = False
            frames[begin : begin + size // 2] = _PAPER
            continue
        strengths = rng.uniform(0.5, 1) * np.sin(np.linspace(0, np.pi, size + 2)[1:-1]) ** 0.5
        for t, strength in zip(range(begin, begin + size), strengths, strict=True):
            frames[t] = _SPOILERS[kind](frames[t], float(strength), dice)
        part = spoilt[begin : begin + size]
        part[:] = np.maximum(part, strengths)
    spoilt[~seen] = 1
    return spoilt, seen
