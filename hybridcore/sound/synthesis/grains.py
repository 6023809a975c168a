"""Many small collisions at random times: stones, leaves, creases, threads.

Cook, *Physically Informed Sonic Modeling*, Computer Music Journal 1997: how likely a collision is
follows the energy in the material, and each rings in a resonator of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

from hybridcore.sound.cochleagram import RATE

Floats = NDArray[np.float64]

_SIZES = 4  # resonators, of grains from small to large


@dataclass(frozen=True)
class Grains:
    """rate: collisions a second while the material is fully stirred; burst: time in which it comes
    to rest after a blow, to 1/e, s. pitch: range of the resonators, Hz; decay: time in which one
    dies, to 1/e, s. share: how loud all of them are beside the body, 0..1."""

    rate: float
    burst: float
    pitch: tuple[float, float]
    decay: float
    share: float


def settling(grains: Grains, samples: int) -> Floats:
    """How much the material is stirred after a blow, ``[samples]``, 1..0."""
    return np.exp(-np.arange(samples) / (RATE * grains.burst))


def collisions(grains: Grains, stirred: Floats, rng: np.random.Generator) -> Floats:
    """The sound of all grains ``[T]`` while the material is ``stirred [T]``, 0..1."""
    total = np.zeros(len(stirred))
    loudness = np.sqrt(stirred)
    expected = np.cumsum(stirred) * (grains.rate / _SIZES / RATE)
    for pitch in np.geomspace(*grains.pitch, _SIZES) * rng.uniform(0.85, 1.18, _SIZES):
        hits = impulses(expected, rng) * loudness
        radius = np.exp(-1 / (RATE * grains.decay * rng.uniform(0.7, 1.4)))
        angle = 2 * np.pi * pitch / RATE
        total += lfilter([np.sin(angle)], [1, -2 * radius * np.cos(angle), radius**2], hits)
    return total


def impulses(expected: Floats, rng: np.random.Generator) -> Floats:
    """Impulses ``[T]`` of exponentially distributed size at random times, of which ``expected [T]``
    have come by each sample."""
    count = rng.poisson(expected[-1])
    places = np.searchsorted(expected, np.sort(rng.uniform(0, expected[-1], count)))
    return np.bincount(places, rng.exponential(1.0, count), len(expected)).astype(np.float64)
