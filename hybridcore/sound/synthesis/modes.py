"""The modes of a struck body: which frequencies, how long each rings, how much each is moved.

A body is a set of damped resonators (van den Doel & Pai, *The Sounds of Physical Shapes*, Presence
1998). Their frequencies follow from its shape (Fletcher & Rossing, *The Physics of Musical
Instruments*, 1998): bars, plates, shells and membranes have series of their own. Damping grows with
frequency as Rayleigh's does, ``alpha + beta f^2``; alpha and beta are what tells materials apart
(Klatzky, Pai & Krotkov, *Perception of Material from Contact Sounds*, Presence 2000).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from hybridcore.sound.cochleagram import RATE

Floats = NDArray[np.float64]
Shape = Literal["bar", "plate", "shell", "membrane", "lump", "dense"]

_HIGHEST = 0.45 * RATE  # Hz
_BLOCK = 256  # samples
_DENSE = 3.8  # natural logarithm of how far dense modes reach above the lowest
# Zeros of the Bessel functions beside the first one: a membrane's circular modes.
_MEMBRANE = np.array([
    1, 1.594, 2.136, 2.296, 2.653, 2.918, 3.156, 3.501, 3.6, 3.652, 4.06, 4.154, 4.602, 4.832,
    4.903, 5.131, 5.4, 5.552, 5.651, 5.977])


@dataclass(frozen=True)
class Body:
    """A vibrating body.

    shape: its series of modes; "lump" has no order, and the modes of what is "dense" overlap so
    much that they sound like noise. pitch: range of its lowest mode, Hz. modes: how
    many sound. alpha: damping of every mode, 1/s; beta: what is added at 1 kHz, growing with the
    square of the frequency, 1/s. tilt: how much stronger higher modes sound, dB an octave.
    """

    shape: Shape
    pitch: tuple[float, float]
    modes: int
    alpha: float
    beta: float
    tilt: float = 0.0


@dataclass(frozen=True)
class Modes:
    """frequency, Hz; damping, 1/s; gain: ``[M]`` each."""

    frequency: Floats
    damping: Floats
    gain: Floats

    def scaled(self, gain: Floats) -> Modes:
        """The same with each gain times another, ``[M]``."""
        return Modes(self.frequency, self.damping, self.gain * gain)


def modes_of(body: Body, which: np.random.Generator, touch: np.random.Generator) -> Modes:
    """The modes of one body of a kind, touched at one place.

    which: draws the body, touch: the place.
    """
    ratios, weights = _series(body, which, touch)
    frequency = np.exp(which.uniform(*np.log(body.pitch))) * ratios
    frequency *= which.uniform(0.99, 1.01, len(ratios))
    damping = body.alpha + body.beta * np.square(frequency / 1000)
    damping *= which.uniform(0.85, 1.18, len(ratios))
    gain = weights * which.uniform(0.5, 1.0, len(ratios))
    gain *= 10 ** (body.tilt / 20 * np.log2(ratios))
    heard = frequency < _HIGHEST
    return Modes(frequency[heard], damping[heard], gain[heard])


def ring(modes: Modes, samples: int) -> NDArray[np.float32]:
    """``sum_m gain_m exp(-damping_m t) sin(2 pi frequency_m t)``, float32 ``[samples]``.

    A block of samples later, every mode is the same but for a factor, so that all of it is one
    product of two small matrices.
    """
    decay = (2j * np.pi * modes.frequency - modes.damping) / RATE  # [M], a sample
    within = _powers(np.exp(decay), _BLOCK)  # [_BLOCK, M]
    later = _powers(np.exp(decay * _BLOCK), -(-samples // _BLOCK)) * modes.gain  # [blocks, M]
    waves = later.astype(np.complex64) @ within.astype(np.complex64).T
    return np.ascontiguousarray(waves.imag.reshape(-1)[:samples])


def _powers(base: NDArray[np.complex128], count: int) -> NDArray[np.complex128]:
    """The powers 0, 1 .. of each of ``base [M]``: ``[count, M]``."""
    steps = np.broadcast_to(base, (count, len(base))).copy()
    steps[0] = 1
    return np.multiply.accumulate(steps)


def _series(
    body: Body, which: np.random.Generator, touch: np.random.Generator
) -> tuple[Floats, Floats]:
    """Frequencies beside the lowest, in order, and how much each is moved where it is touched."""
    count = body.modes
    order = np.arange(1, count + 1)
    x, y = touch.uniform(0.12, 0.5, 2)
    if body.shape == "plate":  # simply supported: m^2 + (n b)^2
        side = which.uniform(0.55, 0.95)
        m, n = (grid.ravel() for grid in np.mgrid[1:10, 1:10])
        ratios = (m**2 + (side * n) ** 2) / (1 + side**2)
        weights = np.abs(np.sin(np.pi * m * x) * np.sin(np.pi * n * y))
        lowest = np.argsort(ratios)[:count]
        return ratios[lowest], weights[lowest]
    if body.shape == "bar":  # Euler-Bernoulli, free at both ends
        ratios = np.square(np.concatenate([[3.011], 2 * order[1:] + 1])) / 3.011**2
    elif body.shape == "shell":  # a ring, n (n^2 - 1) / sqrt(n^2 + 1): each mode is two that beat
        n = 2 + (order - 1) // 2
        ratios = n * (n**2 - 1) / np.sqrt(n**2 + 1) / (6 / np.sqrt(5))
        ratios = ratios * (1 + 0.012 * ((order - 1) % 2))
    elif body.shape == "membrane":
        ratios = _MEMBRANE[:count]
        order = order[: len(ratios)]
    elif body.shape == "dense":
        ratios = np.exp(np.sort(touch.uniform(0, _DENSE, count)))
    else:
        ratios = 1 + np.cumsum(np.concatenate([[0.0], which.uniform(0.15, 0.9, count - 1)]))
    return ratios.astype(float), 0.15 + np.abs(np.sin(np.pi * order * x))
