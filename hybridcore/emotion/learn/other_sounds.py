"""Sounds in which nobody speaks, made anew every time: noise, machines, music.

By kind, so that a kind can be left out of what a detector of speech learns from.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.signal import butter, lfilter, sosfilt

from hybridcore.emotion.spectrum import RATE

Rng = np.random.Generator


def hiss(count: int, rng: Rng) -> np.ndarray:
    """Noise of any colour, that swells a little."""
    noise = lfilter([1.0], [1.0, -rng.uniform(-0.5, 0.98)], rng.normal(size=count))
    return noise * (1 + rng.uniform(0, 0.7) * _wander(count, rng.uniform(0.1, 1), rng))


def wind(count: int, rng: Rng) -> np.ndarray:
    """Low noise in gusts."""
    sos = butter(2, rng.uniform(150, 900), "low", fs=RATE, output="sos")
    return sosfilt(sos, rng.normal(size=count)) * np.exp(
        rng.uniform(0.5, 1.5) * _wander(count, rng.uniform(0.3, 2), rng))


def machine(count: int, rng: Rng) -> np.ndarray:
    """Hum with overtones, a speed that wanders, and noise."""
    speed = rng.uniform(40, 250) * np.exp(rng.uniform(0, 0.2) * _wander(count, 0.5, rng))
    phase = 2 * np.pi * np.cumsum(speed) / RATE
    hum = sum(np.sin(k * phase) / k ** rng.uniform(0.3, 1.5) for k in range(1, 12))
    return hum + rng.uniform(0.1, 2) * rng.normal(size=count)


def knocks(count: int, rng: Rng) -> np.ndarray:
    """Typing, steps, hammers: short noises, here and there."""
    sound = np.zeros(count)
    for start in _starts(count, rng, rng.uniform(0.08, 0.6), even=rng.random() < 0.3):
        length = min(count - start, int(rng.uniform(0.01, 0.15) * RATE))
        ring = np.exp(-np.arange(length) / (0.25 * length))
        tone = np.sin(2 * np.pi * rng.uniform(150, 3000) * np.arange(length) / RATE)
        sound[start : start + length] += rng.uniform(0.2, 1) * ring * (
            rng.normal(size=length) + rng.uniform(0, 2) * tone)
    return sound + 0.003 * rng.normal(size=count)


def chords(count: int, rng: Rng) -> np.ndarray:
    """Held chords of notes with overtones."""
    sound = np.zeros(count)
    for start in _starts(count, rng, rng.uniform(0.5, 2), even=True):
        root = 110 * 2 ** (rng.integers(0, 24) / 12)
        for step in rng.choice([0, 3, 4, 7, 10, 12], 3, replace=False):
            _note(sound, start, root * 2 ** (step / 12), rng.uniform(1, 3), rng, rng.uniform(0, 1))
    return sound


def melody(count: int, rng: Rng) -> np.ndarray:
    """One instrument, note after note, some with vibrato."""
    sound, shake = np.zeros(count), rng.choice([0.0, rng.uniform(0, 0.02)])
    pace = rng.uniform(0.12, 0.6)
    for start in _starts(count, rng, pace, even=True):
        if rng.random() < 0.85:
            tone = 220 * 2 ** (rng.choice([-5, -3, 0, 2, 4, 5, 7, 9, 12]) / 12)
            _note(sound, start, tone, pace * rng.uniform(0.6, 1.5), rng, rng.uniform(0, 1), shake)
    return sound


def band(count: int, rng: Rng) -> np.ndarray:
    """Drums, a bass and chords."""
    sound = 0.5 * chords(count, rng) + 0.3 * melody(count, rng)
    beat = rng.uniform(0.25, 0.6)
    for k, start in enumerate(_starts(count, rng, beat, even=True)):
        length = min(count - start, int(0.15 * RATE))
        t = np.arange(length) / RATE
        drum = np.sin(2 * np.pi * (50 * t + 6 * (1 - np.exp(-t * 40)))) if k % 2 == 0 \
            else rng.normal(size=length)
        sound[start : start + length] += rng.uniform(0.5, 2) * drum * np.exp(-t * 25)
    return sound


def glides(count: int, rng: Rng) -> np.ndarray:
    """Sirens and birds: tones that slide."""
    height = rng.uniform(300, 3000) * np.exp(
        rng.uniform(0.1, 0.6) * _wander(count, rng.uniform(0.3, 6), rng))
    tone = np.sin(2 * np.pi * np.cumsum(height) / RATE)
    return tone * np.maximum(_wander(count, rng.uniform(0.3, 4), rng) + 0.5, 0) \
        + 0.01 * rng.normal(size=count)


KINDS: dict[str, Callable[[int, Rng], np.ndarray]] = {
    "hiss": hiss, "wind": wind, "machine": machine, "knocks": knocks, "chords": chords,
    "melody": melody, "band": band, "glides": glides}


def made(kind: str, seconds: float, rng: Rng) -> np.ndarray:
    """A sound of a kind at any loudness, float32 ``[n]`` at 16 kHz."""
    sound = KINDS[kind](round(seconds * RATE), rng)
    loud = float(np.abs(sound).max()) + 1e-9
    return (sound / loud * 10 ** rng.uniform(-2, 0)).astype(np.float32)


def _note(
    sound: np.ndarray, start: int, tone: float, seconds: float, rng: Rng, dark: float,
    shake: float = 0.0,
) -> None:
    """Add a tone with overtones that fades, in place."""
    t = np.arange(min(len(sound) - start, int(seconds * RATE))) / RATE
    phase = 2 * np.pi * tone * (t + shake * np.sin(2 * np.pi * 5.5 * t) / 35)
    wave = sum(np.sin(k * phase) / k ** (0.5 + 2 * dark) for k in range(1, 10)
               if k * tone < RATE / 2)
    sound[start : start + len(t)] += wave * np.minimum(t / 0.01, 1) * np.exp(
        -t * rng.uniform(0.5, 6))


def _starts(count: int, rng: Rng, apart: float, *, even: bool) -> list[int]:
    """Samples at which something begins, every ``apart`` s or about so."""
    if even:
        return list(range(0, count - 400, max(400, round(apart * RATE))))
    gaps = rng.exponential(apart * RATE, max(1, int(3 * count / (apart * RATE))))
    places = np.cumsum(gaps).astype(int)
    return places[places < count - 400].tolist()


def _wander(count: int, pace: float, rng: Rng) -> np.ndarray:
    """What changes smoothly, about ``pace`` times a second, with a deviation near 1, ``[n]``."""
    knots = rng.normal(size=max(4, int(count / RATE * pace * 2) + 2))
    return np.interp(np.linspace(0, len(knots) - 1, count), np.arange(len(knots)), knots)
