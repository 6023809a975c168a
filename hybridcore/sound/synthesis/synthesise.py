"""One contact of a stick with a body of some material, as a sound.

A hit moves the body's modes and the stick's own (modes.py) by a push (contact.py); a scratch moves
them by friction. Loose materials add grains (grains.py), water splashes and drops (bubbles.py).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.signal import fftconvolve

from hybridcore.sound.cochleagram import RATE, Sound
from hybridcore.sound.materials import MATERIALS, Action, Material
from hybridcore.sound.synthesis.bubbles import splash, stirring
from hybridcore.sound.synthesis.contact import (
    STICK,
    attack,
    contact_time,
    friction,
    softening,
    stroke,
)
from hybridcore.sound.synthesis.grains import collisions, settling
from hybridcore.sound.synthesis.modes import Modes, modes_of, ring

LONGEST = 0.8  # of a hit, s
_WATER = 0.7  # of a splash with its drops, s
_QUIETEST = 1e-3  # a sound ends where it has fallen to this part of its peak
_DIES = 7.0  # times the time in which a mode falls to 1/e: 60 dB
_FADE = 0.012  # at the end, s
_RESTS = 0.5  # how much more a body is damped by a stick that hardly moves, which rests on it
_DRAGS = 180.0  # 1/s by which one that slides on it damps every mode
_SCRATCH_LEVEL = 0.45  # beside a hit
_BUBBLES = 0.75  # beside the blow
_GRAINS_OF_A_SCRATCH = 0.5  # at least, where there are grains

Floats = NDArray[np.floating]


def synthesise(
    material: str, action: Action = "hit", strength: float = 0.7, seed: int = 0,
    duration: float = 0.35, touch: int = 0,
) -> Sound:
    """The sound of one contact; the same arguments give the same sound.

    Args:
        material: a key of :data:`hybridcore.sound.materials.MATERIALS`.
        strength: speed of the stick, above 0, up to 1 for the hardest.
        seed: which body of this material.
        duration: of a scratch, s; a hit ends when it has died out, after 0.8 s at most.
        touch: which contact with it: each is at another place, with other grains.

    Returns:
        float32 ``[n]`` at 44.1 kHz; the contact begins at sample 0. The peak is the material's
        ``level`` times ``strength ** 1.2``.
    """
    if not 0 < strength <= 1:
        raise ValueError("strength must be above 0 and at most 1")
    recipe = MATERIALS[material]
    place = list(MATERIALS).index(material)
    which = np.random.default_rng([seed, place])
    rng = np.random.default_rng([seed, place, touch, action == "scratch"])
    lasting = contact_time(recipe.contact, strength)
    parts = [
        softened(modes_of(recipe.body, which, rng), lasting, 1.0),
        softened(modes_of(STICK, which, rng), lasting, recipe.stick),
    ]
    if action == "hit":
        sound = _hit(recipe, parts, lasting, strength, rng)
        level = recipe.level
    else:
        sound = _scratch(recipe, parts, duration, rng)
        level = recipe.level * _SCRATCH_LEVEL
    return _finished(_unit(sound) * (level * strength**1.2))


def softened(modes: Modes, lasting: float, share: float) -> Modes:
    """Modes moved by a push of ``lasting`` s, with their share of the movement."""
    gain = softening(modes.frequency, lasting) * share / np.linalg.norm(modes.gain)
    return modes.scaled(gain)


def _hit(
    recipe: Material, parts: list[Modes], lasting: float, strength: float,
    rng: np.random.Generator,
) -> Floats:
    seconds = _WATER if recipe.water else 6 * recipe.grains.burst if recipe.grains else 0.0
    rung = _rung(parts, factor=1 + _RESTS * (1 - strength), length=round(LONGEST * RATE))
    length = max(len(rung), round(seconds * RATE))
    sound: Floats = np.pad(rung, (0, length - len(rung)))
    rise = attack(lasting)
    sound[: len(rise)] *= rise
    sound = _unit(sound)
    if recipe.grains is not None:
        loose = collisions(recipe.grains, settling(recipe.grains, length) * strength**0.5, rng)
        share = recipe.grains.share * (0.5 + 0.5 * strength)  # a soft blow stirs less
        sound = (1 - share) * sound + share * _unit(loose)
    if recipe.water:
        sound = (1 - _BUBBLES) * sound + _BUBBLES * splash(strength, length, rng)
    return sound


def _scratch(
    recipe: Material, parts: list[Modes], duration: float, rng: np.random.Generator
) -> Floats:
    length = round((duration + 0.12) * RATE)
    speed = stroke(duration, length, rng)
    response = _rung(parts, added=_DRAGS, length=length)
    sound = _unit(fftconvolve(friction(speed, rng).astype(np.float32), response)[:length])
    if recipe.grains is not None:
        share = max(_GRAINS_OF_A_SCRATCH, recipe.grains.share)
        sound = (1 - share) * sound + share * _unit(collisions(recipe.grains, speed, rng))
    if recipe.water:
        sound = (1 - _BUBBLES) * sound + _BUBBLES * stirring(speed, rng)
    return sound


def _rung(
    parts: list[Modes], length: int, *, factor: float = 1.0, added: float = 0.0
) -> NDArray[np.float32]:
    """All parts, each until it has died out, ``length`` samples at most; their damping grows by a
    factor or by what is added, 1/s."""
    damped = [Modes(m.frequency, m.damping * factor + added, m.gain) for m in parts]
    lengths = [min(length, round(_DIES / float(m.damping.min()) * RATE)) for m in damped]
    total = np.zeros(max(lengths), np.float32)
    for modes, samples in zip(damped, lengths, strict=True):
        total[:samples] += ring(modes, samples)
    return total


def _unit(sound: Floats) -> Floats:
    return sound / max(float(np.abs(sound).max(initial=0)), 1e-9)


def _finished(sound: Floats) -> Sound:
    """Cut where it has died out, faded at the end."""
    audible = np.flatnonzero(np.abs(sound) > _QUIETEST * np.abs(sound).max())
    fade = round(_FADE * RATE)
    sound = sound[: min(len(sound), int(audible[-1]) + fade)].astype(np.float32)
    sound[-fade:] *= np.linspace(1, 0, fade, dtype=np.float32)
    return sound
