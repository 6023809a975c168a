"""Voices with an emotion each, by speaker, under what other throats, rooms and microphones do.

RAVDESS: ``03-01-EMOTION-INTENSITY-SENTENCE-TAKE-ACTOR.wav``, actors of even numbers are women.
EmoDB: ``SPEAKER SENTENCE EMOTION TAKE.wav``, the emotion is the sixth letter, in German.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import gcd
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
import torch
from scipy.signal import resample_poly
from torch import Tensor

from hybridcore.emotion.spectrum import (
    BANDS,
    FLOOR,
    RATE,
    inputs,
    mel_power,
    periodicity,
)
from hybridcore.emotion.voice import SPOKEN, WINDOW

_GERMAN = {"W": "angry", "E": "disgust", "A": "fearful", "F": "happy", "T": "sad", "N": "neutral"}
_WOMEN = frozenset({"08", "09", "13", "14", "16"})  # speakers of EmoDB
BATCH = 32
_TRACT, _TEMPO = 0.12, 0.22  # largest logarithm of a factor
_PITCH = 0.2  # octaves
_MASKS, _WIDEST_BAND, _WIDEST_TIME = 2, 10, 12
_HIDDEN = -6.0  # what a masked band reads
_NOISY = 0.7  # share of clips with noise under them


@dataclass(frozen=True)
class Voice:
    """A clip. frames: float32 ``[T, 66]``, power in each band, periodicity and pitch. emotion: of
    :data:`~hybridcore.emotion.voice.SPOKEN`."""

    frames: np.ndarray
    emotion: int
    speaker: str
    woman: bool
    strong: bool = False


def ravdess(folder: Path, cache: Path) -> list[Voice]:
    """The 1,440 clips of RAVDESS, in the order of their names."""
    found = []
    for path, frames in _frames(folder, cache / "ravdess.npz"):
        _, _, emotion, strength, _, _, actor = path.stem.split("-")
        found.append(Voice(frames, int(emotion) - 1, actor, int(actor) % 2 == 0, strength == "02"))
    return found


def emodb(folder: Path, cache: Path) -> list[Voice]:
    """Those clips of EmoDB whose emotion is one of RAVDESS; boredom is left out."""
    return [Voice(frames, SPOKEN.index(_GERMAN[path.stem[5]]), path.stem[:2],
                  path.stem[:2] in _WOMEN)
            for path, frames in _frames(folder, cache / "emodb.npz") if path.stem[5] in _GERMAN]


def read(path: Path) -> np.ndarray:
    """A sound at 16 kHz, float32 ``[n]``."""
    sound, rate = soundfile.read(path, dtype="float32")
    common = gcd(rate, RATE)
    return resample_poly(sound, RATE // common, rate // common).astype(np.float32)


def _frames(folder: Path, cache: Path) -> Iterator[tuple[Path, np.ndarray]]:
    paths = sorted(folder.glob("*.wav"))
    if not cache.exists():
        cache.parent.mkdir(parents=True, exist_ok=True)
        found: dict[str, Any] = {}
        for path in paths:
            sound = read(path)
            power = mel_power(sound)
            found[path.stem] = np.column_stack(
                [power / (power.mean() + 1e-12), *periodicity(sound)]).astype(np.float16)
        np.savez(cache, **found)
    with np.load(cache) as kept:
        for path in paths:
            yield path, kept[path.stem].astype(np.float32)


def windows(frames: np.ndarray) -> np.ndarray:
    """A clip as it is judged: in windows of 2.56 s, each around its middle, that overlap just
    enough: what the network reads, float32 ``[N, 128, 66]``."""
    spare = max(0, WINDOW - len(frames))
    padded = np.pad(frames, ((spare // 2, spare - spare // 2), (0, 0)))
    count = -(-len(padded) // WINDOW)
    starts = np.linspace(0, len(padded) - WINDOW, count).astype(int)
    stack = np.stack([padded[start : start + WINDOW] for start in starts])
    return inputs(stack[..., :BANDS], stack[..., -2], stack[..., -1])


def spoilt(frames: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A clip of another throat, at another tempo, through another microphone and over noise: what
    the network reads, float32 ``[128, 66]``."""
    places = np.arange(0, len(frames) - 1, np.exp(rng.uniform(-_TEMPO, _TEMPO)))
    frames = _between(frames, places, 0)
    height = frames[:, -2]
    pitch = frames[:, -1] + rng.uniform(-_PITCH, _PITCH)
    tract = np.arange(BANDS) + _shift(rng.uniform(-_TRACT, _TRACT))
    power = _between(frames[:, :BANDS], np.clip(tract, 0, BANDS - 1.001), 1)
    along = np.linspace(-1, 1, BANDS)
    power = power * np.exp(rng.normal(0, 0.4) * along + rng.normal(0, 0.25) * np.cos(
        np.pi * (rng.uniform(0.5, 2) * along + rng.uniform(0, 2))))
    floor = np.full(BANDS, FLOOR)
    if rng.random() < _NOISY:
        colour = np.exp(rng.normal(0, 1) * along - rng.uniform(0, 2) * (along + 1))
        level = 10 ** -rng.uniform(1, 4)
        floor = floor + level * colour / colour.mean()
        height = height / (1 + level)
    spare = WINDOW - len(frames)
    before = int(rng.integers(0, max(spare, 0) + 1))
    start = int(rng.integers(0, max(-spare, 0) + 1))
    parts = []
    for part in (power, height, pitch):
        own = part[start : start + WINDOW]
        padding = ((before, WINDOW - before - len(own)), *[(0, 0)] * (own.ndim - 1))
        parts.append(np.pad(own, padding))
    power, height, pitch = parts
    return inputs(power, height, pitch, floor)


def masked(stack: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Some bands and some moments of ``[B, 128, 66]`` at the level of silence (Park et al.,
    SpecAugment, 2019), in place."""
    for one in stack:
        for axis, widest, length in ((1, _WIDEST_BAND, BANDS), (0, _WIDEST_TIME, WINDOW)):
            for _ in range(_MASKS):
                width = int(rng.integers(0, widest + 1))
                start = int(rng.integers(0, length - width))
                np.moveaxis(one[:, :BANDS], axis, 0)[start : start + width] = _HIDDEN
    return stack


def _shift(log_factor: float) -> float:
    """Bands by which all move where tones are multiplied; between 1 and 8 kHz the scale is a
    logarithm."""
    return log_factor * BANDS / np.log(7800 / 700) * 0.8


def _between(values: np.ndarray, places: np.ndarray, axis: int) -> np.ndarray:
    low = np.minimum(places.astype(int), values.shape[axis] - 2)
    share = (places - low).astype(np.float32)
    share = share[:, None] if axis == 0 else share
    lower, upper = values.take(low, axis), values.take(low + 1, axis)
    return lower + share * (upper - lower)


def copies(
    voices: Sequence[Voice], rng: np.random.Generator, count: int
) -> np.ndarray:
    """``count`` spoilt copies of every clip, float16 ``[count, N, 128, 66]``; made once, as making
    them takes longer than learning from them."""
    return np.stack([np.stack([spoilt(v.frames, rng) for v in voices]).astype(np.float16)
                     for _ in range(count)])


def batches(
    made: np.ndarray, emotions: np.ndarray, rng: np.random.Generator
) -> Iterator[tuple[Tensor, Tensor]]:
    """Endless batches in which every emotion is as frequent: frames ``[B, 128, 66]``, emotions
    ``[B]``.

    made: ``[count, N, 128, 66]``, emotions: ``[N]``.
    """
    rows = [np.flatnonzero(emotions == k) for k in range(len(SPOKEN))]
    labels = torch.arange(len(SPOKEN)).repeat_interleave(BATCH // len(SPOKEN))
    while True:
        chosen = np.concatenate([rng.choice(own, BATCH // len(SPOKEN)) for own in rows])
        stack = masked(made[rng.integers(0, len(made), BATCH), chosen].astype(np.float32), rng)
        yield torch.from_numpy(stack), labels
