"""What can be measured of somebody who eats (EmotiW 2018): chewing, foods, speaking meanwhile.

Measurements, not a recogniser: nothing here was trained or tested on people who eat. People chew
about 1.6 times a second, nearly all of them 0.9 to 2.2 times (Po et al., *Time-frequency Analysis
of Chewing Activity in the Natural Environment*, Journal of Dental Research 2011); whoever speaks
opens the mouth less evenly, but some of it at that pace too.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.signal import detrend

from hybridcore.encoder.labels import object_names

RATE = 10.0  # Hz, at which the opening of the mouth is looked at
WINDOW = 4.0  # s
SLOWEST, FASTEST = 0.8, 2.4  # chews a second
EVEN = 0.5  # of the movement at one pace: chewing
MOVING = 0.02  # of the distance of the eyes, standard deviation; a mouth that moves less rests
_NEAR = 0.3  # Hz around the strongest pace
_DRIFT = 0.3  # Hz; what is slower is no movement of the jaw
_FOODS = tuple(k for k in range(924, 970) if k not in (958, 968))  # of ImageNet; not hay, not cup


@dataclass(frozen=True, eq=False)
class Chewing:
    """Of windows of `WINDOW` s, one a second.

    times ``[n]``: their middles, s. rate ``[n]``: chews a second, NaN where the mouth rests.
    evenness ``[n]`` 0..1: how much of the movement is at that pace.
    """

    times: NDArray[np.float64]
    rate: NDArray[np.float64]
    evenness: NDArray[np.float64]

    @property
    def chews(self) -> NDArray[np.bool_]:
        """Where the mouth moves as evenly as in chewing, ``[n]``."""
        return np.isfinite(self.rate) & (self.evenness >= EVEN)


def chewing(opening: NDArray, times: NDArray[np.float64]) -> Chewing:
    """The pace of a mouth, from how far it is open ``[T]`` at ``times [T]``, s.

    Without windows where that is shorter than one.
    """
    even = np.arange(times[0], times[-1] + 1e-6, 1 / RATE)
    values = np.interp(even, times, opening)
    size = round(WINDOW * RATE)
    starts = range(0, len(even) - size + 1, round(RATE))
    measured = [_strongest(values[start : start + size]) for start in starts]
    rate, evenness = np.array(measured).reshape(-1, 2).T
    return Chewing(np.array([even[start] + WINDOW / 2 for start in starts]), rate, evenness)


def speaking_while_chewing(
    chewed: Chewing, times: NDArray[np.float64], voice: NDArray[np.bool_]
) -> float:
    """Share of the time of chewing in which a voice is heard, 0..1; NaN without chewing.

    voice bool ``[n]``: whether there is one at ``times [n]``, s. It may be somebody else's.
    """
    shares = [voice[np.abs(times - middle) < WINDOW / 2].mean()
              for middle in chewed.times[chewed.chews]
              if (np.abs(times - middle) < WINDOW / 2).any()]
    return float(np.mean(shares)) if shares else float("nan")


def foods(logits: NDArray, most: int = 3) -> list[tuple[str, float]]:
    """The likeliest foods of one picture with their probabilities among all objects.

    logits ``[1000]``: ``object_logits`` of the encoder.
    """
    shifted = np.exp(logits.astype(np.float64) - logits.max())
    p = shifted / shifted.sum()
    best = sorted(_FOODS, key=lambda k: -p[k])[:most]
    return [(object_names()[k], float(p[k])) for k in best]


def _strongest(values: NDArray) -> tuple[float, float]:
    """The strongest pace in a window, Hz, and how much of the movement it is."""
    if values.std() < MOVING:
        return float("nan"), 0.0
    moving = detrend(values) * np.hanning(len(values))
    power = np.abs(np.fft.rfft(moving, 8 * len(values))) ** 2
    hertz = np.fft.rfftfreq(8 * len(values), 1 / RATE)
    among = (hertz >= SLOWEST) & (hertz <= FASTEST)
    peak = float(hertz[among][power[among].argmax()])
    near = np.abs(hertz - peak) <= _NEAR
    return peak, float(power[near].sum() / max(power[hertz >= _DRIFT].sum(), 1e-12))
