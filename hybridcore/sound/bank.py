"""A bank of sounds to paste: the synthetic one, and what every bank can do.

The synthetic bank holds no recording: its sounds are made by physical models (synthesis/) when they
are first needed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, partial

import numpy as np
from numpy.typing import NDArray

from hybridcore.sound.cochleagram import BANDS, FRAME_RATE, RATE, Sound, cochleagram_numpy
from hybridcore.sound.heard import strengths
from hybridcore.sound.materials import ACTIONS, MATERIALS
from hybridcore.sound.synthesis.synthesise import synthesise

WINDOW = 18  # frames of the cochleagram that are compared: 0.2 s
BEFORE = 1  # of them, before the onset
SPEEDS = (0.25, 0.55, 1.0)  # of the stick, in the synthetic bank: soft, middling, hard
SCRATCH = 0.22  # s that a scratch in it lasts
BODIES, TOUCHES = 5, 2  # of each material and action in it, at each speed: ten variants


@dataclass(frozen=True, eq=False)
class Exemplar:
    """One sound to paste.

    name: unique in its bank. material, action: empty where nobody knows. source: float32 ``[n]`` at
    44.1 kHz, or what makes it when it is needed; onset: the sample at which the contact begins.
    """

    name: str
    material: str
    action: str
    source: Sound | Callable[[], Sound]
    onset: int = 0

    @cached_property
    def sound(self) -> Sound:
        """Float32 ``[n]`` at 44.1 kHz."""
        return self.source() if callable(self.source) else self.source

    @cached_property
    def strength(self) -> float:
        """Level of the 50 ms around the onset, dB of full scale."""
        return float(strengths(self.sound, RATE, np.array([self.onset / RATE]))[0])

    @cached_property
    def window(self) -> NDArray[np.float32]:
        """Cochleagram around the onset, ``[18, 42]``: what a prediction is compared with."""
        lead = round(BEFORE * RATE / FRAME_RATE)
        length = round(WINDOW * RATE / FRAME_RATE)
        start = self.onset - lead
        piece = self.sound[max(start, 0) : max(start, 0) + length]
        piece = np.pad(piece, (max(-start, 0), length))[:length]
        return cochleagram_numpy(piece)[:WINDOW]


class Bank:
    """Exemplars in order. name: for a person; problems: a sentence for each thing that could not
    be used; recipe: what the sounds follow from, where they are not there yet."""

    def __init__(
        self, name: str, exemplars: Sequence[Exemplar], problems: Sequence[str] = (),
        recipe: str = "",
    ) -> None:
        self.name = name
        self.recipe = recipe
        self.exemplars = tuple(exemplars)
        self.problems = tuple(problems)
        self._place = {exemplar.name: k for k, exemplar in enumerate(self.exemplars)}

    def __len__(self) -> int:
        return len(self.exemplars)

    def __contains__(self, name: str) -> bool:
        return name in self._place

    def __getitem__(self, name: str) -> Exemplar:
        return self.exemplars[self._place[name]]

    def fingerprint(self) -> str:
        """Hexadecimal SHA-256 of all that is heard of it, or of the recipe that it follows; banks
        that sound alike share it."""
        return self._digest

    @cached_property
    def _digest(self) -> str:
        digest = hashlib.sha256(f"{self.name} {self.recipe}".encode())
        for e in () if self.recipe else self.exemplars:
            digest.update(repr((e.name, e.material, e.action, e.onset, len(e.sound))).encode())
            digest.update(e.sound.tobytes())
        return digest.hexdigest()

    def windows(self, which: Sequence[int]) -> NDArray[np.float32]:
        """Cochleagrams around the onsets of some exemplars, each brought to unit norm:
        ``[K, 18, 42]``."""
        if not which:
            return np.zeros((0, WINDOW, BANDS), np.float32)
        return unit_windows(np.stack([self.exemplars[k].window for k in which]))

    def choices(self, material: str, action: str) -> list[int]:
        """Which exemplars suit: those of the material and action, else of the material, else of
        the action, else all."""
        for wanted in ((material, action), (material, ""), ("", action)):
            suitable = [
                k for k, e in enumerate(self.exemplars)
                if (not wanted[0] or e.material == wanted[0])
                and (not wanted[1] or e.action == wanted[1])
            ]
            if suitable:
                return suitable
        return list(range(len(self.exemplars)))


def unit_windows(windows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Windows ``[..., 18, 42]`` without their loudness, which is set when a sound is pasted."""
    norm = np.sqrt(np.square(windows).sum((-1, -2), keepdims=True))
    return windows / np.maximum(norm, 1e-6)


@cache
def shipped_bank() -> Bank:
    """The synthetic bank: every material struck and scratched at three speeds, ten variants
    each: five bodies, touched twice. "wood hit 3b" is the third variant at the middle speed."""
    exemplars = [
        Exemplar(f"{material} {action} {body * TOUCHES + touch + 1}{'abc'[k]}", material, action,
                 partial(synthesise, material, action, speed, body, SCRATCH, touch))
        for material in MATERIALS for action in ACTIONS
        for body in range(BODIES) for touch in range(TOUCHES)
        for k, speed in enumerate(SPEEDS)
    ]
    return Bank("synthetic", exemplars, recipe=repr(MATERIALS))
