"""Sound as a picture: log mel bands over time.

Davis & Mermelstein 1980 for the scale; 40 bands up to 3.8 kHz, a frame every 10 ms, as speech
recognisers read them.
"""

from __future__ import annotations

from functools import cache

import numpy as np

RATE = 8000  # samples a second
HOP, WINDOW, FFT = 80, 200, 256  # samples
BANDS = 40
LOWEST, HIGHEST = 60.0, 3800.0  # Hz
FRAMES = RATE // HOP  # a second
_AT_ONCE = 4096  # frames
_FLOOR = 1e-3  # of the mean power of a clip, below which all is alike quiet


def mel(hertz: np.ndarray | float) -> np.ndarray:
    """The mel scale, on which equal steps sound equally far apart."""
    return 2595 * np.log10(1 + np.asarray(hertz) / 700)


def hertz(mels: np.ndarray | float) -> np.ndarray:
    """The frequencies of places on the mel scale."""
    return 700 * (10 ** (np.asarray(mels) / 2595) - 1)


@cache
def centres() -> np.ndarray:
    """Middle of every band, Hz, ``[BANDS]``."""
    middles: np.ndarray = hertz(np.linspace(mel(LOWEST), mel(HIGHEST), BANDS + 2))[1:-1]
    return middles


@cache
def filters() -> np.ndarray:
    """Triangles over the bins of a spectrum, float32 ``[BANDS, FFT / 2 + 1]``."""
    return triangles(LOWEST, HIGHEST, BANDS, RATE, FFT)


def triangles(lowest: float, highest: float, bands: int, rate: int, fft: int) -> np.ndarray:
    """Triangles evenly apart on the mel scale, from ``lowest`` to ``highest`` Hz, over the bins of
    a spectrum of ``fft`` points at ``rate`` samples a second: float32 ``[bands, fft / 2 + 1]``."""
    edges = hertz(np.linspace(mel(lowest), mel(highest), bands + 2))
    bins = np.fft.rfftfreq(fft, 1 / rate)
    rising = (bins - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    falling = (edges[2:, None] - bins) / (edges[2:] - edges[1:-1])[:, None]
    return np.maximum(0, np.minimum(rising, falling)).astype(np.float32)


def band_power(
    sound: np.ndarray, hop: int, window: int, fft: int, bands: np.ndarray
) -> np.ndarray:
    """Power of ``sound [n]`` in each of ``bands [K, fft / 2 + 1]``, every ``hop`` samples under a
    Hann window around each: ``[T, K]``, T = n / hop rounded up."""
    shape, frames = np.hanning(window), frames_of(sound, hop, window)
    return np.concatenate([
        np.abs(np.fft.rfft(frames[k : k + _AT_ONCE] * shape, fft)) ** 2 @ bands.T
        for k in range(0, max(1, len(frames)), _AT_ONCE)])


def frames_of(sound: np.ndarray, hop: int, window: int) -> np.ndarray:
    """The ``window`` samples around every ``hop``-th of ``sound [n]``, zeros beyond its ends:
    ``[T, window]``, T = n / hop rounded up."""
    count = -(-len(sound) // hop)
    padded = np.pad(sound, (window // 2, window // 2 + hop))
    frames: np.ndarray = np.lib.stride_tricks.sliding_window_view(padded, window)[::hop][:count]
    return frames


def log_mel(sound: np.ndarray) -> np.ndarray:
    """``sound`` float32 ``[n]`` at 8 kHz -> float32 ``[T, BANDS]``, T = n / 80 rounded up; every
    band around its mean over the clip, so that room and microphone weigh less."""
    bands = band_power(sound, HOP, WINDOW, FFT, filters())
    logs = np.log(bands + _FLOOR * bands.mean() + 1e-10)
    centred: np.ndarray = (logs - logs.mean(0)).astype(np.float32)
    return centred
