"""What moves a body: the push of a blow, the bumps under a stick that slides.

A blow's force lasts as long as Hertz's contact has it, ``v^(-1/5)`` for a speed ``v``, and filters
what it excites like a low-pass at the inverse of that time: harder blows are shorter and brighter.
A stick that slides reads the roughness of a surface, so that the force fluctuates faster the faster
it goes (van den Doel, Kry & Pai, *FoleyAutomatic*, SIGGRAPH 2001).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hybridcore.sound.cochleagram import RATE
from hybridcore.sound.synthesis.grains import impulses
from hybridcore.sound.synthesis.modes import Body

Floats = NDArray[np.float64]

STICK = Body("dense", (380, 480), 80, 70, 0.6, 4.0)  # held in a hand, with all that it shakes
_ROUGH = 20_000  # bumps under the stick in a second at full speed
_JERKS = 60  # times a second that it catches
_JERK = 3.0  # beside a bump
_RISE, _FALL = 0.02, 0.07  # s in which a stroke begins and ends


def contact_time(shortest: float, speed: float) -> float:
    """How long a blow lasts, s, that lasts ``shortest`` at full speed (1)."""
    return shortest * float(speed) ** -0.2


def softening(frequency: Floats, lasting: float) -> Floats:
    """What a push of ``lasting`` s leaves of each frequency ``[M]``, 0..1: the envelope of the
    spectrum of half a sine."""
    return np.asarray(1 / (1 + np.square(2 * frequency * lasting)))


def attack(lasting: float) -> NDArray[np.float32]:
    """How a sound rises while the stick still pushes, ``[samples]``, from 0 to 1."""
    share = np.linspace(0, 1, max(2, round(lasting * RATE)))
    return (0.5 - 0.5 * np.cos(np.pi * share)).astype(np.float32)


def stroke(duration: float, samples: int, rng: np.random.Generator) -> Floats:
    """How fast a stick slides over time ``[samples]``, 0..1: unevenly, and for ``duration`` s."""
    time = np.arange(samples) / RATE
    speeds = np.interp(time, np.linspace(0, duration, 7), rng.uniform(0.45, 1.0, 7))
    return np.clip(time / _RISE, 0, 1) * np.clip((duration - time) / _FALL, 0, 1) * speeds


def friction(speed: Floats, rng: np.random.Generator) -> Floats:
    """How the force on a stick that slides at ``speed [T]``, 0..1, changes: a rough surface, read
    at its speed."""
    passed = np.cumsum(speed) / RATE  # s at full speed
    way = passed * _ROUGH  # in bumps
    surface = rng.standard_normal(int(way[-1]) + 2)
    bumps = np.interp(way, np.arange(len(surface)), surface)
    force = (bumps + _JERK * impulses(_JERKS * passed, rng)) * speed
    return np.diff(force, prepend=0.0)
