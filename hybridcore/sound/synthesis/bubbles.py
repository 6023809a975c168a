"""Water after a blow: it splashes, and drops fall back into it.

A bubble of radius ``r`` rings at Minnaert's pitch, 3 / r Hz, and rises in pitch as it nears the
surface (van den Doel, *Physically Based Models for Liquid Sounds*, ACM TAP 2005).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

from hybridcore.sound.cochleagram import RATE

Floats = NDArray[np.float64]

_RADII = (0.6e-3, 4e-3)  # m
_RISE = 0.12  # of the pitch, beside the damping
_SPLASH = (0.018, 0.055)  # s in which the splash grows and falls, to 1/e
_SPLASH_SHARE = 0.35  # of the peak of the bubbles


def splash(speed: float, samples: int, rng: np.random.Generator) -> Floats:
    """A blow at ``speed``, 0..1: spray that grows after it, and bubbles: many at once, then drops
    one by one. ``[samples]``, peak 1."""
    time = np.arange(samples) / RATE
    grow, fall = _SPLASH
    spray = lfilter([0.5, -0.5], [1, -0.55], rng.standard_normal(samples))
    spray *= (1 - np.exp(-time / grow)) * np.exp(-time / (fall * (0.5 + speed)))
    first = 0.012 + rng.exponential(0.035, 6 + round(10 * speed))
    drops = rng.uniform(0.14, samples / RATE - 0.06, 2 + round(4 * speed))
    sizes = np.concatenate([np.full(len(first), 1.0), rng.uniform(0.25, 0.6, len(drops))])
    bubbles = _bubbles(np.concatenate([first, drops]), sizes, samples, rng)
    return _unit(_unit(bubbles) + _SPLASH_SHARE * spray)


def stirring(speed: Floats, rng: np.random.Generator) -> Floats:
    """A stick drawn through water at ``speed [T]``, 0..1: bubbles where it goes, peak 1."""
    samples = len(speed)
    starts = np.flatnonzero(rng.random(samples) < 90 / RATE * speed) / RATE
    wash = lfilter([0.5, -0.5], [1, -0.55], rng.standard_normal(samples)) * speed
    return _unit(_unit(_bubbles(starts, np.ones(len(starts)), samples, rng))
                 + 0.5 * _SPLASH_SHARE * wash)


def _bubbles(
    starts: Floats, sizes: Floats, samples: int, rng: np.random.Generator
) -> Floats:
    """Bubbles that begin at ``starts [K]`` s, with the loudness ``sizes [K]``."""
    total = np.zeros(samples)
    for start, size in zip(starts, sizes, strict=True):
        radius = np.exp(rng.uniform(*np.log(_RADII)))
        pitch, damping = 3.0 / radius, 0.13 / radius + 0.0072 * radius**-1.5
        first = round(start * RATE)
        length = min(samples - first, round(7 / damping * RATE))
        if length <= 0:
            continue
        time = np.arange(length) / RATE
        phase = 2 * np.pi * pitch * (time + 0.5 * _RISE * damping * np.square(time))
        loudness = size * radius**0.6 * np.exp(-damping * time)
        total[first : first + length] += loudness * np.sin(phase)
    return total


def _unit(sound: Floats) -> Floats:
    return sound / max(float(np.abs(sound).max(initial=0)), 1e-9)
