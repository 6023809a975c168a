"""What the models are trained towards: events of the data set made precise by the sound.

The labels of the data set are rounded down to 1/15 s; the sound has each blow to about 10 ms (the
window looks ahead, so onsets come out up to 15 ms early: half a frame).
An onset in the sound is a steep rise of energy over many bands at once: the mean over 24 bands,
from 100 Hz to 16 kHz, of the rise in dB within 30 ms above the noise of the recording.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.signal import find_peaks, stft

Floats = NDArray[np.floating]

LABELLED = 512 / 15  # s: the labels of every video end there, whatever its length

_STEP = 0.01  # s between two looks at the sound
_RISE = 3  # looks
_BANDS = 24
_NOISE_MARGIN = 3.0  # dB above the noise, under which nothing counts
_WEAKEST = 2.0  # dB of mean rise
_STRONG = 8.0
_SEARCH = 0.12  # s around a label
_APART = 0.2  # s between two onsets
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


def refine(events: Floats, onsets: SoundOnsets) -> Floats:
    """Times ``[N]`` of labelled events, each moved to the steepest onset of the sound near it."""
    refined = np.array(events, float)
    for k, time in enumerate(events):
        near = np.flatnonzero(np.abs(onsets.times - time) <= _SEARCH)
        if len(near):
            refined[k] = onsets.times[near[onsets.rises[near].argmax()]]
    return refined


def unlabelled(events: Floats, onsets: SoundOnsets) -> Floats:
    """Times of strong onsets of the sound that no event is near: blows after the labels end, and
    what the labels leave out (a bounce, a voice).
    """
    kept: list[float] = []
    for k in np.argsort(-onsets.rises):
        time = float(onsets.times[k])
        others = np.concatenate([events, kept])
        if onsets.rises[k] >= _STRONG and (np.abs(others - time) >= _APART).all():
            kept.append(time)
    return np.sort(np.array(kept))


def strengths(sound: NDArray[np.float32], rate: int, times: Floats) -> Floats:
    """Level in dB of full scale of the sound in the 50 ms after each of ``times [N]``."""
    levels = []
    for time in times:
        part = sound[max(0, round((time - 0.01) * rate)) :][: round(_BLOW * rate)]
        levels.append(10 * np.log10(np.square(part, dtype=np.float64).mean() + 1e-10)
                      if len(part) else -100.0)
    return np.array(levels)


def soft_onsets(times: Floats, onsets: Floats, width: float = 0.033) -> NDArray[np.float32]:
    """A bump of height one and ``width`` s (standard deviation) at each onset: ``[T]``."""
    if not len(onsets):
        return np.zeros(len(times), np.float32)
    distance = np.abs(times[:, None] - onsets).min(1)
    return np.exp(-0.5 * np.square(distance / width)).astype(np.float32)
