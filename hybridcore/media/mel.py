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
    edges = hertz(np.linspace(mel(LOWEST), mel(HIGHEST), BANDS + 2))
    bins = np.fft.rfftfreq(FFT, 1 / RATE)
    rising = (bins - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    falling = (edges[2:, None] - bins) / (edges[2:] - edges[1:-1])[:, None]
    return np.maximum(0, np.minimum(rising, falling)).astype(np.float32)


def log_mel(sound: np.ndarray) -> np.ndarray:
    """``sound`` float32 ``[n]`` at 8 kHz -> float32 ``[T, BANDS]``, T = n / 80 rounded up; every
    band around its mean over the clip, so that room and microphone weigh less."""
    count = -(-len(sound) // HOP)
    padded = np.pad(sound, (WINDOW // 2, WINDOW // 2 + HOP))
    frames = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[::HOP][:count]
    power = np.abs(np.fft.rfft(frames * np.hanning(WINDOW), FFT)) ** 2  # [T, bins]
    bands = power @ filters().T
    logs = np.log(bands + _FLOOR * bands.mean() + 1e-10)
    centred: np.ndarray = (logs - logs.mean(0)).astype(np.float32)
    return centred
