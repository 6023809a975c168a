"""Digits that nobody said: a source and a filter.

Fant, *Acoustic Theory of Speech Production*, 1960, as synthesisers have it since Klatt, *Software
for a cascade/parallel formant synthesizer*, JASA 1980: the pulses of the vocal folds and breath go
through a row of resonances, the formants; hiss goes by a band of its own. Formants of vowels after
Peterson & Barney, JASA 1952, the others by ear. Everything is drawn from a :class:`Voice`, so that
there are as many speakers as one likes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.signal import lfilter

RATE = 16_000  # samples a second
_BLOCK = 80  # samples for which the filter stands still
_BLOCKS = RATE // _BLOCK  # a second
_GLIDE, _FADE = 13, 5  # blocks over which formants and loudness change (Hann)
_WIDTHS = (70.0, 100.0, 160.0, 220.0, 300.0)  # Hz, of the formants
_UPPER = (3500.0, 4500.0)  # Hz, the formants that say who speaks, not what
_OPEN = 0.6  # share of a period for which the folds are open
_PEAK, _QUIET = 0.7, 1e-6  # of the loudest sample; what is not made louder


@dataclass(frozen=True)
class _Sound:
    """A target. ms: how long; formants: Hz; voice, breath, hiss: loudness of the sources; at, wide:
    middle and width of the hiss, Hz."""

    ms: float
    formants: tuple[float, float, float]
    voice: float = 1.0
    breath: float = 0.0
    hiss: float = 0.0
    at: float = 4000.0
    wide: float = 2000.0


_N = _Sound(80, (260, 1400, 2400), 0.35)
_S = _Sound(120, (320, 1500, 2500), 0.0, 0.02, 0.22, 5300, 1600)
_F = _Sound(100, (300, 1000, 2200), 0.0, 0.04, 0.06, 3500, 5000)
_R = _Sound(70, (340, 1100, 1500), 0.7)
_V = _Sound(55, (260, 1100, 2200), 0.35, 0.02, 0.03, 3500, 5000)
_AI = (_Sound(130, (730, 1200, 2500)), _Sound(100, (380, 2050, 2650), 0.8))


def _stop(
    at: float, wide: float, loud: float, formants: tuple[float, float, float], breath: float
) -> tuple[_Sound, ...]:
    """A closure, its burst, and the breath after it."""
    return (_Sound(60, formants, 0.0), _Sound(15, formants, 0.0, 0.05, loud, at, wide),
            _Sound(40, formants, 0.0, breath, 0.3 * loud, at, wide))


WORDS: tuple[tuple[_Sound, ...], ...] = (
    (_Sound(85, (280, 1500, 2500), 0.4, 0.0, 0.12, 5200, 1600), _Sound(90, (330, 2150, 2700)), _R,
     _Sound(100, (470, 950, 2350)), _Sound(90, (370, 800, 2300), 0.7)),
    (_Sound(70, (300, 640, 2200), 0.7), _Sound(140, (640, 1180, 2400)), _N),
    (*_stop(3800, 2500, 0.3, (330, 1750, 2600), 0.16), _Sound(60, (320, 1450, 2350)),
     _Sound(150, (310, 950, 2250), 0.9)),
    (_Sound(90, (320, 1350, 2550), 0.0, 0.03, 0.05, 3200, 4500), _R,
     _Sound(190, (280, 2280, 3000), 0.9)),
    (_F, _Sound(170, (560, 850, 2400)), _Sound(110, (430, 1150, 1600), 0.8)),
    (_F, *_AI, _V),
    (_S, _Sound(90, (400, 1980, 2550)), *_stop(2000, 900, 0.25, (330, 1950, 2500), 0.06), _S),
    (_S, _Sound(90, (540, 1800, 2480)), _V, _Sound(60, (500, 1400, 2400), 0.8), _N),
    (_Sound(110, (500, 1850, 2500)), _Sound(90, (340, 2200, 2850), 0.9),
     *_stop(3800, 2500, 0.22, (330, 1800, 2600), 0.05)),
    (_N, *_AI, _N),
)


@dataclass(frozen=True)
class Voice:
    """Somebody who does not exist. pitch: Hz; melody: by which share it falls over a word; tract:
    formants are so many times those of a man; pace: words last so many times as long; breath, hiss:
    loudness of these sources; edge: 0..1, how much of
    the high tones its folds make; vowels: by which factors each formant is turned."""

    pitch: float = 115.0
    melody: float = 0.2
    tract: float = 1.0
    pace: float = 1.0
    breath: float = 0.02
    hiss: float = 1.0
    edge: float = 0.6
    vowels: tuple[float, float, float] = (1.0, 1.0, 1.0)


def somebody(rng: np.random.Generator) -> Voice:
    """A voice at random: any pitch and length of the tract between a deep man and a child."""
    tract = float(rng.uniform(0.9, 1.3))
    pitch = float(np.clip(95 * tract**3 * np.exp(rng.normal(0, 0.18)), 75, 330))
    first, second, third = (float(np.exp(rng.normal(0, 0.05))) for _ in range(3))
    return Voice(pitch, float(rng.uniform(0.0, 0.4)), tract, float(rng.uniform(0.75, 1.35)),
                 float(rng.uniform(0.005, 0.08)), float(np.exp(rng.normal(0, 0.5))),
                 float(rng.uniform(0.2, 0.9)), (first, second, third))


def say(digit: int, voice: Voice, rng: np.random.Generator) -> np.ndarray:
    """A digit as somebody says it, no time quite like the other; float32 ``[n]`` at 16 kHz, its
    loudest sample 0.7."""
    return speak(WORDS[digit], voice, rng)


def speak(sounds: Sequence[_Sound], voice: Voice, rng: np.random.Generator) -> np.ndarray:
    """Any sounds as a word, likewise."""
    tracks = _tracks(sounds, voice, rng)
    count = len(tracks) * _BLOCK
    blocks = np.arange(count) / _BLOCK - 0.5
    loud = np.stack([np.interp(blocks, np.arange(len(tracks)), tracks[:, k]) for k in (3, 4, 5)])
    noise = rng.normal(size=(2, count))
    folds = _folds(voice, count, rng)
    source = loud[0] * folds + loud[1] * noise[0]
    formants = [*tracks[:, :3].T, *(np.full(len(tracks), f * voice.tract) for f in _UPPER)]
    for frequency, width in zip(formants, _WIDTHS, strict=True):
        source = _resonance(source, frequency, np.full(len(tracks), width), unit_at_zero=True)
    hiss = _resonance(loud[2] * noise[1], tracks[:, 6], tracks[:, 7], unit_at_zero=False)
    sound = source + hiss
    scaled: np.ndarray = (_PEAK * sound / max(np.abs(sound).max(), _QUIET)).astype(np.float32)
    return scaled


def _tracks(sounds: Sequence[_Sound], voice: Voice, rng: np.random.Generator) -> np.ndarray:
    """Formants, loudness of the sources, middle and width of the hiss, for every block ``[n, 8]``,
    each on its way from one target to the next."""
    rows, spans = [], []
    for sound in sounds:
        ms = sound.ms * voice.pace * np.exp(rng.normal(0, 0.12))
        spans.append(max(2, round(ms / 1000 * _BLOCKS)))
        turned = [f * voice.tract * own * np.exp(rng.normal(0, 0.025))
                  for f, own in zip(sound.formants, voice.vowels, strict=True)]
        rows.append([*turned, sound.voice, sound.breath + voice.breath * sound.voice,
                     sound.hiss * voice.hiss, min(sound.at * voice.tract**0.5, 7000), sound.wide])
    targets = np.repeat(np.array(rows), spans, axis=0)
    silent = np.zeros((_FADE, 8)) + targets[-1]
    silent[:, 3:6] = 0
    targets = np.concatenate([targets, silent])
    for columns, length in ((slice(0, 3), _GLIDE), (slice(3, 6), _FADE)):
        window = np.hanning(length + 2)[1:-1]
        padded = np.pad(targets[:, columns], ((length // 2, length // 2), (0, 0)), mode="edge")
        targets[:, columns] = np.stack([
            np.convolve(column, window / window.sum(), "valid") for column in padded.T], 1)
    targets[:2, 3:6] *= np.array([[0.2], [0.6]])
    return targets


def _folds(voice: Voice, count: int, rng: np.random.Generator) -> np.ndarray:
    """Derivative of the flow through the vocal folds (Rosenberg, JASA 1971), ``[count]``."""
    along = np.linspace(0, 1, count)
    wander = np.interp(along, np.linspace(0, 1, 6), rng.normal(0, 0.02, 6))
    pitch = voice.pitch * (1 + voice.melody * (0.5 - along) + wander)
    phase = np.cumsum(pitch / RATE) % 1
    opening = phase / _OPEN
    flow = np.where(phase < _OPEN, 2 * opening - 3 * opening**2, 0.0)
    sharp: np.ndarray = lfilter([1.0, -voice.edge], [1 - voice.edge / 2], flow)
    return sharp


def _resonance(
    signal: np.ndarray, frequency: np.ndarray, width: np.ndarray, *, unit_at_zero: bool
) -> np.ndarray:
    """A resonance that moves block by block: ``frequency`` and ``width [n]``, Hz.

    unit_at_zero: 0 Hz passes as it is, as in a cascade; otherwise white noise keeps its power.
    """
    radius = np.exp(-np.pi * width / RATE)
    back = np.stack([np.ones_like(radius), -2 * radius * np.cos(2 * np.pi * frequency / RATE),
                     radius**2], 1)
    gain = back.sum(1) if unit_at_zero else np.sqrt(width / RATE)
    out, state = np.empty_like(signal), np.zeros(2)
    for k in range(len(frequency)):
        block = slice(k * _BLOCK, (k + 1) * _BLOCK)
        out[block], state = lfilter([gain[k]], back[k], signal[block], zi=state)
    return out
