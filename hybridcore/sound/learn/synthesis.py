"""Sounds of struck and scratched bodies, by modal synthesis.

A body is a set of damped resonators (van den Doel & Pai, *The Sounds of Physical Shapes*, Presence
1998); a contact drives it with a force ``F``:

    y(t) = F * sum_m a_m exp(-d_m t) sin(2 pi f_m t),      d_m = loss + slope f_m

A hit is a pulse whose length falls with speed ``v`` as Hertz's contact has it, ``v^(-1/5)``, and
whose peak grows as ``v^(6/5)``: harder hits are louder and brighter. A scratch is a force that
fluctuates with the roughness under the stick. Loose materials add grains, small collisions at
random times (Cook, *Physically Informed Sonic Modeling*, CMJ 1997), and water adds bubbles, whose
pitch rises as they near the surface (van den Doel, *Physically Based Models for Liquid Sounds*,
ACM TAP 2005).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hybridcore.sound.cochleagram import RATE, Sound
from hybridcore.sound.materials import MATERIALS, Action, Body, Grains

LONGEST = 0.6  # of a hit, s
_QUIETEST = 1e-3  # a sound ends where it has fallen to this part of its peak
_FADE = 0.012  # at the end, s
_BAR = np.array([3.011, 5.0, 7.0, 9.0, 11.0, 13.0, 15.0, 17.0, 19.0, 21.0]) ** 2 / 3.011**2


def synthesise(
    material: str, action: Action = "hit", strength: float = 0.7, seed: int = 0,
    duration: float = 0.35,
) -> Sound:
    """One contact of a stick with a body.

    Args:
        material: a key of :data:`hybridcore.sound.materials.MATERIALS`.
        strength: speed of the stick, above 0, up to 1 for the hardest.
        seed: which body of this material, and where it is touched.
        duration: of a scratch, s; a hit ends when it has died out, after 0.6 s at most.

    Returns:
        float32 ``[n]`` at 44.1 kHz; the contact begins at sample 0. The peak is the material's
        ``level`` times ``strength ** 1.2``.
    """
    if not 0 < strength <= 1:
        raise ValueError("strength must be above 0 and at most 1")
    recipe = MATERIALS[material]
    rng = np.random.default_rng([seed, sorted(MATERIALS).index(material), action == "scratch"])
    length = round((LONGEST if action == "hit" else duration + 0.15) * RATE)
    if action == "hit":
        force = _pulse(recipe.body.contact * strength**-0.2, length)
        activity = np.exp(-_time(length) / recipe.grains.burst) if recipe.grains else None
    else:
        activity = _stroke(duration, length, rng)
        force = _roughness(activity, recipe.body.contact, rng)
    sound = _unit(_filter(force, _impulse_response(recipe.body, length, rng)))
    if recipe.grains is not None and activity is not None:
        share = recipe.grains.share if action == "hit" else max(0.5, recipe.grains.share)
        sound = (1 - share) * sound + share * _unit(_grains(recipe.grains, activity, strength, rng))
    if recipe.bubbles:
        sound = 0.55 * sound + 0.6 * _unit(_bubbles(recipe.bubbles, action, length, rng))
    quieter = 1.0 if action == "hit" else 0.45
    return _finished(_unit(sound) * (recipe.level * quieter * strength**1.2))


def _time(length: int) -> NDArray[np.float64]:
    return np.arange(length) / RATE


def _impulse_response(body: Body, length: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """``sum_m a_m exp(-d_m t) sin(2 pi f_m t)`` of one body, touched at one place."""
    ratios = _ratios(body, rng)
    frequency = np.exp(rng.uniform(*np.log(body.pitch))) * ratios
    frequency = frequency[frequency < 0.45 * RATE]
    damping = (body.loss + body.slope * frequency) * rng.uniform(0.8, 1.25, len(frequency))
    gain = rng.uniform(0.25, 1.0, len(frequency)) / np.sqrt(ratios[: len(frequency)])
    time = _time(length)
    waves = np.sin(2 * np.pi * frequency[:, None] * time)
    return (gain[:, None] * np.exp(-damping[:, None] * time) * waves).sum(0)


def _ratios(body: Body, rng: np.random.Generator) -> NDArray[np.float64]:
    """Frequencies of the modes beside the lowest one, in order."""
    if body.shape == "bar":  # Euler-Bernoulli, free at both ends; then its torsion, roughly
        bending = _BAR[: body.modes]
        twisting = rng.uniform(1.6, 2.3) * np.arange(1, max(2, body.modes - len(bending) + 1))
        ratios = np.concatenate([bending, twisting])
    elif body.shape == "plate":  # simply supported, sides 1 and b: m^2 + (n b)^2
        side = rng.uniform(0.6, 1.0)
        m, n = np.mgrid[1:9, 1:9]
        ratios = np.sort((m**2 + (side * n) ** 2).ravel())[: body.modes] / (1 + side**2)
    else:
        ratios = 1 + np.cumsum(np.concatenate([[0.0], rng.uniform(0.15, 0.9, body.modes - 1)]))
    return np.sort(ratios * rng.uniform(0.985, 1.015, len(ratios)))


def _pulse(contact: float, length: int) -> NDArray[np.float64]:
    """Hertz's contact force over time, near enough ``sin^1.5``."""
    time = _time(length)
    return np.where(time < contact, np.sin(np.pi * np.minimum(time / contact, 1.0)), 0.0) ** 1.5


def _stroke(duration: float, length: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """How fast the stick slides, 0..1: there in 20 ms, uneven, gone after ``duration`` s."""
    time = _time(length)
    rise = np.clip(time / 0.02, 0, 1)
    fall = np.clip((duration - time) / 0.06, 0, 1)
    speeds = np.interp(time, np.linspace(0, duration, 8), rng.uniform(0.5, 1.0, 8))
    return rise * fall * speeds


def _roughness(
    speed: NDArray[np.float64], contact: float, rng: np.random.Generator
) -> NDArray[np.float64]:
    """A force that follows the bumps passing under the stick, smoothed by the contact."""
    bumps = rng.standard_normal(len(speed)) * speed
    jerks = (rng.random(len(speed)) < 220 / RATE * speed) * rng.exponential(6.0, len(speed))
    return _filter(bumps + jerks, _pulse(contact, len(speed)))


def _grains(
    grains: Grains, activity: NDArray[np.float64], strength: float, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Small collisions at random times, more of them where there is more activity."""
    total = np.zeros(len(activity))
    chance = activity * grains.rate * (0.4 + 0.6 * strength) / RATE
    kinds = 6
    for _ in range(kinds):
        hits = (rng.random(len(activity)) < chance / kinds) * rng.exponential(1.0, len(activity))
        time = _time(round(8 * grains.decay * RATE))
        pitch = np.exp(rng.uniform(*np.log(grains.pitch)))
        kernel = np.exp(-time / (grains.decay * rng.uniform(0.6, 1.5)))
        total += _filter(hits * np.sqrt(activity), kernel * np.sin(2 * np.pi * pitch * time))
    return total


def _bubbles(
    count: int, action: Action, length: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Bubbles of 1 to 6 mm after a splash: Minnaert's pitch 3 / radius, rising."""
    time = _time(length)
    total = np.zeros(length)
    spread = 0.10 if action == "hit" else 0.30
    for start in np.minimum(0.01 + rng.exponential(spread, count), 0.35):
        radius = rng.uniform(1e-3, 6e-3)
        pitch, damping = 3.0 / radius, 0.13 / radius + 0.0072 * radius**-1.5
        after = np.maximum(time - start, 0)
        phase = 2 * np.pi * pitch * (after + 0.5 * 0.1 * damping * after**2)
        total += radius * np.exp(-damping * after) * np.sin(phase)
    return total


def _filter(signal: NDArray[np.float64], kernel: NDArray[np.float64]) -> NDArray[np.float64]:
    """The convolution, cut to the length of ``signal``."""
    size = 1 << (len(signal) + len(kernel) - 1).bit_length()
    product = np.fft.rfft(signal, size) * np.fft.rfft(kernel, size)
    return np.fft.irfft(product, size)[: len(signal)]


def _unit(sound: NDArray[np.float64]) -> NDArray[np.float64]:
    return sound / max(float(np.abs(sound).max()), 1e-12)


def _finished(sound: NDArray[np.float64]) -> Sound:
    """Cut where it has died out, faded at the end."""
    audible = np.flatnonzero(np.abs(sound) > _QUIETEST * np.abs(sound).max())
    fade = round(_FADE * RATE)
    sound = sound[: min(len(sound), int(audible[-1]) + fade)].copy()
    sound[-fade:] *= np.linspace(1, 0, fade)
    return sound.astype(np.float32)
