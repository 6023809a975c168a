"""Whether somebody speaks: voice activity from loudness, periodicity and their changes.

Speech is periodic here and noisy there, comes in syllables of about four a second, and its pitch
glides (Scheirer & Slaney, *Construction and Evaluation of a Robust Multifeature Speech/Music
Discriminator*, ICASSP 1997). Ten measures over about a second, and their squares, go through one
logistic unit, whose weights lie in the card of the voice witness. It is no recogniser of words:
somebody who sings, a choir without words and a crowd may pass for speech, and whispering for
noise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hybridcore.emotion.spectrum import BANDS, FRAMES, HOP, level_log
from hybridcore.media.mel import frames_of

MEASURES = ("loud share", "periodicity", "its changes", "voiced share", "pitch glides", "syllables",
            "flux", "tilt changes", "band width", "its changes")
_PERIODIC = 0.45  # from where on a frame has a pitch
_SECOND = 1.0  # s over which measures are taken
_LOUD = 12.0  # dB below the loud parts around, above which a frame counts
_SLOW, _FAST = 2.0, 8.0  # Hz of syllables
_STEADY, _JUMP = 0.008, 0.1  # octaves: in 40 ms, less is a note; in 20 ms, more another one
_FAR = 3.0  # deviations
_SILENT = 1e-8  # mean power of a sample; nothing is louder in silence


@dataclass(frozen=True)
class Activity:
    """A logistic unit over standardised measures and their squares. mean, scale ``[10]``; weights
    ``[20]``; bias."""

    mean: Sequence[float]
    scale: Sequence[float]
    weights: Sequence[float]
    bias: float

    def speech(self, values: np.ndarray) -> np.ndarray:
        """Measures ``[T, 10]`` -> probability that somebody speaks, float32 ``[T]``; 0 in
        silence (NaN)."""
        z = both(values, np.array(self.mean), np.array(self.scale)) @ np.array(self.weights)
        p = 1 / (1 + np.exp(-(z + self.bias)))
        return np.nan_to_num(p).astype(np.float32)


def both(values: np.ndarray, mean: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """Standardised measures, none far out, and their squares: ``[T, 20]``."""
    z = np.clip((values - mean) / scale, -_FAR, _FAR)
    return np.concatenate([z, z**2], 1)


def measures(
    power: np.ndarray, height: np.ndarray, pitch: np.ndarray, sound: np.ndarray
) -> np.ndarray:
    """:data:`MEASURES` around every frame of 20 ms, float32 ``[T, 10]``; NaN where it is silent.

    power ``[T, 64]``, height and pitch ``[T]``: as :mod:`hybridcore.emotion.spectrum` has them of
    ``sound``, float32 ``[n]`` at 16 kHz.
    """
    total = power.sum(1)
    decibels = 10 * np.log10(total + 1e-9 * total.max() + 1e-12)
    loud = (decibels > _highest_around(decibels) - _LOUD).astype(np.float32)
    bands = level_log(power)
    moved = np.abs(np.diff(pitch, prepend=pitch[:1]))
    steady = _held((height > _PERIODIC) & (moved < _JUMP))
    voiced = (steady & (loud > 0)).astype(np.float32)
    glide = (np.abs(pitch - np.roll(pitch, 2)) > _STEADY).astype(np.float32)
    shares = power / (power.sum(1, keepdims=True) + 1e-12)
    width = np.exp(-(shares * np.log(shares + 1e-9)).sum(1))
    flux = np.abs(np.diff(bands, axis=0, prepend=bands[:1])).mean(1)
    tilt = bands[:, BANDS // 2 :].mean(1) - bands[:, : BANDS // 2].mean(1)
    syllables = _band_pass(np.maximum(decibels, decibels.max() - 40))
    found = np.stack([
        _mean(loud), _mean(height, loud), _spread(height, loud), _mean(voiced, loud),
        _mean(glide, voiced), np.sqrt(_mean(syllables**2)), _mean(flux, loud),
        _spread(tilt, loud), np.log(_mean(width, loud) + 1), _spread(np.log(width), loud)], 1)
    found[_mean((sound_power(sound) > _SILENT).astype(np.float32)) < 0.05] = np.nan
    values: np.ndarray = found.astype(np.float32)
    return values


def sound_power(sound: np.ndarray) -> np.ndarray:
    """Mean power of the samples around every 20 ms, ``[T]``."""
    squares: np.ndarray = (frames_of(sound, HOP, HOP).astype(np.float32) ** 2).mean(1)
    return squares


def _mean(values: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
    """Over about a second around every frame, ``[T]``."""
    window = np.hanning(round(_SECOND * FRAMES) + 2)[1:-1]
    weights = np.ones_like(values) if weights is None else weights
    above = np.convolve(values * weights, window, "full")
    below = np.convolve(weights, window, "full")
    half = len(window) // 2
    mean: np.ndarray = (above / np.maximum(below, 1e-3))[half : half + len(values)]
    return mean


def _spread(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Standard deviation over about a second."""
    return np.sqrt(np.maximum(_mean(values**2, weights) - _mean(values, weights) ** 2, 0))


def _highest_around(values: np.ndarray) -> np.ndarray:
    """The largest within about a second to both sides."""
    reach = round(_SECOND * FRAMES)
    padded = np.pad(values, reach, mode="edge")
    return np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1).max(1)


def _held(values: np.ndarray) -> np.ndarray:
    """Whether it holds for the frames before and after too."""
    padded = np.pad(values, 1)
    return np.asarray(np.lib.stride_tricks.sliding_window_view(padded, 3).all(1))


def _band_pass(values: np.ndarray) -> np.ndarray:
    """What changes at the pace of syllables, dB."""
    spectrum = np.fft.rfft(values - values.mean())
    pace = np.fft.rfftfreq(len(values), 1 / FRAMES)
    return np.fft.irfft(spectrum * ((pace >= _SLOW) & (pace <= _FAST)), len(values))
