"""Spoken digits strung together, by speaker, under what a microphone and a room do to them.

Beside the speakers of the data set there are made ones, and sounds that are no digits.

``--data FOLDER``: the recordings of the Free Spoken Digit Dataset (6 speakers, 50 of each digit,
8 kHz), ``DIGIT_SPEAKER_NUMBER.wav``. ``--made FOLDER``: those of
:mod:`~hybridcore.digits.learn.synthesise`, of the same form.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from scipy.signal import fftconvolve, lfilter, resample_poly

from hybridcore.digits.learn import voice
from hybridcore.media.mel import BANDS, HIGHEST, LOWEST, RATE, centres, mel

MOST = 7  # digits in a string
MADE = "made"  # so begin the names of speakers who do not exist
OTHERS = 300  # sounds that are no digits
_LONGEST = 1.2  # s of one digit


@dataclass(frozen=True)
class Recording:
    """One digit; None: another sound. sound float32 ``[n]`` at 8 kHz, its loudest sample 1."""

    sound: np.ndarray
    digit: int | None
    speaker: str


def read(folder: Path) -> list[Recording]:
    """All recordings, in the order of their names."""
    recordings = []
    for path in sorted(folder.glob("*.wav")):
        digit, speaker, _ = path.stem.split("_")
        sound, rate = soundfile.read(path, dtype="float32")
        if rate != RATE:
            raise ValueError(f"{path.name} has {rate} samples a second, not {RATE}")
        recordings.append(Recording(_even(sound[: int(_LONGEST * RATE)]), int(digit), speaker))
    return recordings


def other_sounds(rng: np.random.Generator, count: int = OTHERS) -> list[Recording]:
    """What is no digit: words of sounds in any order, and chords."""
    sounds = [sound for word in voice.WORDS for sound in word]
    found = []
    for _ in range(count):
        if rng.random() < 0.7:
            word = [sounds[k] for k in rng.integers(0, len(sounds), rng.integers(2, 7))]
            heard = slower(voice.speak(word, voice.somebody(rng), rng))
        else:
            heard = _chord(rng)
        found.append(Recording(_even(heard), None, "other"))
    return found


def _chord(rng: np.random.Generator) -> np.ndarray:
    """Some tones with overtones that fade, float32 ``[n]``."""
    times = np.arange(int(rng.uniform(0.2, 1.0) * RATE)) / RATE
    tones = np.exp(rng.uniform(np.log(110), np.log(880), rng.integers(1, 4)))
    sound = sum(np.sin(2 * np.pi * tone * k * times) / k ** rng.uniform(0.5, 2)
                for tone in tones for k in range(1, 9) if tone * k < RATE / 2)
    faded: np.ndarray = (sound * np.exp(-times / rng.uniform(0.1, 1.0))).astype(np.float32)
    return faded


def slower(sound: np.ndarray) -> np.ndarray:
    """At 8 kHz what :mod:`~hybridcore.digits.learn.voice` made at 16."""
    halved: np.ndarray = resample_poly(sound, RATE, voice.RATE).astype(np.float32)
    return halved


def _even(sound: np.ndarray) -> np.ndarray:
    loudest: np.ndarray = sound / max(float(np.abs(sound).max()), 1e-6)
    return loudest


def string(chosen: list[Recording], rng: np.random.Generator) -> np.ndarray:
    """Digits one after the other, with pauses of up to 0.4 s, some none, float32 ``[n]``."""
    parts = [_pause(rng)]
    for recording in chosen:
        parts += [recording.sound * rng.uniform(0.5, 1.0), _pause(rng)]
    return np.concatenate(parts).astype(np.float32)


def spoil(sound: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """As another throat, room and microphone would have it: faster or slower by up to an eighth
    (with its pitch), tilted, echoing, in noise; float32."""
    speed = np.exp(rng.uniform(np.log(0.88), np.log(1.14)))
    places = np.arange(0, len(sound) - 1, speed)
    sound = np.interp(places, np.arange(len(sound)), sound)
    sound = lfilter([1.0, rng.uniform(-0.9, 0.6)], [1.0], sound)
    if rng.random() < 0.25:
        seconds = rng.uniform(0.02, 0.25)
        times = np.arange(int(seconds * RATE)) / RATE
        echo = rng.normal(size=len(times)) * np.exp(-6.9 * times / seconds)
        echo[0] = rng.uniform(3, 12)
        sound = fftconvolve(sound, echo)[: len(sound)]
    power = float(np.mean(sound**2)) + 1e-9
    noise = rng.normal(size=len(sound))
    if rng.random() < 0.5:
        noise = lfilter([1.0], [1.0, -rng.uniform(0.5, 0.97)], noise)
    level = 10 ** (-rng.uniform(8, 45) / 10)
    sound = sound + noise * np.sqrt(level * power / np.mean(noise**2))
    return (sound / np.abs(sound).max() * rng.uniform(0.05, 1.0)).astype(np.float32)


def warped(bands: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Another length of the vocal tract and another tempo: bands and frames ``[T, 40]`` up to an
    eighth and a fifth further apart or closer (Jaitly & Hinton 2013), float32 ``[T', 40]``."""
    frames = np.arange(0, len(bands) - 1, np.exp(rng.uniform(-0.18, 0.18)))
    mels = np.linspace(mel(LOWEST), mel(HIGHEST), BANDS + 2)[1:-1]
    asked = mel(centres() * np.exp(rng.uniform(-0.12, 0.12)))
    spacing = mels[1] - mels[0]
    columns = np.clip((asked - mels[0]) / spacing, 0, BANDS - 1)
    return _between(_between(bands, frames, 0), columns, 1)


def _between(values: np.ndarray, places: np.ndarray, axis: int) -> np.ndarray:
    """``values`` at fractional ``places`` along an axis, linearly."""
    low = np.minimum(places.astype(int), values.shape[axis] - 2)
    share = (places - low).astype(np.float32)
    share = share[:, None] if axis == 0 else share
    lower, upper = values.take(low, axis), values.take(low + 1, axis)
    between: np.ndarray = lower + share * (upper - lower)
    return between


def _pause(rng: np.random.Generator) -> np.ndarray:
    return np.zeros(int(rng.choice([0.0, rng.uniform(0, 0.4)]) * RATE), np.float32)
