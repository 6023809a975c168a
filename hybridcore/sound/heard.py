"""What is heard: where in a sound something is struck, and how loud.

An onset in the sound is a steep rise of energy over many bands at once: the mean over 24 bands,
from 100 Hz to 16 kHz, of the rise in dB within 30 ms above the noise of the recording. The window
looks ahead, so onsets come out up to 15 ms early: half a frame.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.signal import find_peaks, stft

Floats = NDArray[np.floating]

_STEP = 0.01  # s between two looks at the sound
_RISE = 3  # looks
_BANDS = 24
_NOISE_MARGIN = 3.0  # dB above the noise, under which nothing counts
_WEAKEST = 2.0  # dB of mean rise
_BLOW = 0.05  # s of sound after an onset whose level is the strength of the blow


@dataclass(frozen=True)
class SoundOnsets:
    """``times [K]`` in s and ``rises [K]`` in dB of the onsets in a sound, in order."""

    times: Floats
    rises: Floats


def sound_onsets(sound: NDArray[np.float32], rate: int) -> SoundOnsets:
    """Onsets of a mono sound ``[samples]``."""
    step, size = round(_STEP * rate), 1 << round(np.log2(0.0232 * rate))
    frequency, times, spectrum = stft(
        sound, rate, nperseg=size, noverlap=size - step, boundary="zeros")
    edges = np.searchsorted(frequency, np.geomspace(100, 16_000, _BANDS + 1))
    power = np.square(np.abs(spectrum))
    level = 10 * np.log10(np.stack([
        power[a : b + 1].mean(0) for a, b in pairwise(edges)]) + 1e-10)
    noise = np.percentile(level, 20, axis=1, keepdims=True)
    level = np.maximum(level, noise + _NOISE_MARGIN)
    rise = np.maximum(level[:, _RISE:] - level[:, :-_RISE], 0).mean(0)
    peaks, _ = find_peaks(rise, height=_WEAKEST, distance=8, prominence=0.75 * _WEAKEST)
    return SoundOnsets(times[_RISE:][peaks] - _RISE * _STEP / 2, rise[peaks])


def strengths(sound: NDArray[np.float32], rate: int, times: Floats) -> Floats:
    """Level in dB of full scale of the sound in the 50 ms after each of ``times [N]``."""
    levels = []
    for time in times:
        part = sound[max(0, round((time - 0.01) * rate)) :][: round(_BLOW * rate)]
        levels.append(10 * np.log10(np.square(part, dtype=np.float64).mean() + 1e-10)
                      if len(part) else -100.0)
    return np.array(levels)
