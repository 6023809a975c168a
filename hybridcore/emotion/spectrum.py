"""A voice as a picture: log mel bands up to 8 kHz, level with itself, and its pitch.

As :mod:`hybridcore.media.mel`, but wider (breath and strain lie high) and without taking the mean
of every band away: how steeply a voice falls towards high tones says how loudly it speaks, whatever
the microphone's gain.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from hybridcore.media.mel import band_power, frames_of, triangles

RATE = 16_000  # samples a second
HOP, WINDOW, FFT = 320, 512, 512  # samples
BANDS = 64
LOWEST, HIGHEST = 60.0, 7800.0  # Hz
FRAMES = RATE // HOP  # a second
FLOOR = 1e-4  # of the mean power of what is heard, below which all is alike quiet
INPUTS = BANDS + 2  # numbers of a frame that the network reads
_LEAST = 1e-12  # power of silence
_PERIOD, _PERIOD_FFT = 640, 2048  # samples of a frame in which a period is looked for
_DEEPEST, _HIGHEST_VOICE = 65.0, 420.0  # Hz
_OCTAVE = 0.03  # by which a peak an octave lower has to be higher: two periods are one too
_MIDDLE = 7.5  # octaves above 1 Hz, 181 Hz, between men and women
_AT_ONCE = 4096  # frames


@cache
def filters() -> np.ndarray:
    """Triangles over the bins of a spectrum, float32 ``[BANDS, FFT / 2 + 1]``."""
    return triangles(LOWEST, HIGHEST, BANDS, RATE, FFT)


def mel_power(sound: np.ndarray) -> np.ndarray:
    """``sound`` float32 ``[n]`` at 16 kHz -> power in each band, float32 ``[T, BANDS]``, T = n /
    320 rounded up."""
    return band_power(sound, HOP, WINDOW, FFT, filters()).astype(np.float32)


def level_log(power: np.ndarray, floor: np.ndarray | float = FLOOR) -> np.ndarray:
    """Power ``[..., T, BANDS]`` -> its logarithm as if every clip were as loud as the others; floor
    (``[BANDS]`` or one for all) is the noise that lies under it, float32."""
    mean = power.mean((-2, -1), keepdims=True) + _LEAST
    return np.log(power / mean + floor).astype(np.float32)


def periodicity(sound: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How well each frame of 40 ms repeats itself, 0..1, and its pitch, octaves above 1 Hz: the
    highest peak of its autocorrelation by that of its window (Boersma, *Accurate Short-Term
    Analysis of the Fundamental Frequency*, 1993), float32 ``[T]`` each."""
    frames, window = frames_of(sound, HOP, _PERIOD), np.hanning(_PERIOD)
    own = np.fft.irfft(np.abs(np.fft.rfft(window, _PERIOD_FFT)) ** 2)
    shortest, longest = round(RATE / _HIGHEST_VOICE), round(RATE / _DEEPEST)
    cost = _OCTAVE * np.log2(np.arange(shortest, longest + 1) / shortest)
    heights, pitches = [], []
    for k in range(0, len(frames), _AT_ONCE):
        part = frames[k : k + _AT_ONCE]
        part = (part - part.mean(1, keepdims=True)) * window
        r = np.fft.irfft(np.abs(np.fft.rfft(part, _PERIOD_FFT)) ** 2)[:, : longest + 2]
        r = r / (r[:, :1] + 1e-9) / (own[: longest + 2] / own[0])
        lag = shortest + (r[:, shortest:-1] - cost).argmax(1)
        left, top, right = (r[np.arange(len(r)), lag + k] for k in (-1, 0, 1))
        bend = np.minimum(left - 2 * top + right, -1e-6)
        heights.append(np.clip(top, 0, 1))
        pitches.append(np.log2(RATE / (lag + np.clip(0.5 * (left - right) / bend, -0.5, 0.5))))
    return (np.concatenate(heights).astype(np.float32), np.concatenate(pitches).astype(np.float32))


def inputs(
    power: np.ndarray, height: np.ndarray, pitch: np.ndarray, floor: np.ndarray | float = FLOOR
) -> np.ndarray:
    """What the network reads, float32 ``[..., T, 66]``: level bands, periodicity, and pitch, which
    counts for as much as there is one."""
    return np.concatenate([
        level_log(power, floor), height[..., None], (height * (pitch - _MIDDLE))[..., None],
    ], -1).astype(np.float32)
