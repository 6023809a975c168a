"""A bank of sounds to paste: the one that ships, and what every bank can do.

What ships is synthetic, made by ``tools/sound/bank.py``: no recording is in it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from hybridcore.cards import ASSETS
from hybridcore.errors import MediaError
from hybridcore.sound.cochleagram import BANDS, FRAME_RATE, RATE, Sound, cochleagram_numpy
from hybridcore.sound.heard import strengths

SHIPPED = ASSETS / "sounds"
WINDOW = 18  # frames of the cochleagram that are compared: 0.2 s
BEFORE = 1  # of them, before the onset


@dataclass(frozen=True, eq=False)
class Exemplar:
    """One sound to paste.

    name: unique in its bank. material, action: empty where nobody knows. sound: float32 ``[n]`` at
    44.1 kHz; onset: the sample at which the contact begins.
    """

    name: str
    material: str
    action: str
    sound: Sound
    onset: int = 0

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
    be used."""

    def __init__(
        self, name: str, exemplars: Sequence[Exemplar], problems: Sequence[str] = ()
    ) -> None:
        self.name = name
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
        """Hexadecimal SHA-256 of all that is heard of it; banks that sound alike share it."""
        return self._digest

    @cached_property
    def _digest(self) -> str:
        digest = hashlib.sha256(self.name.encode())
        for e in self.exemplars:
            digest.update(repr((e.name, e.material, e.action, e.onset, len(e.sound))).encode())
            digest.update(e.sound.tobytes())
        return digest.hexdigest()

    @cached_property
    def windows(self) -> NDArray[np.float32]:
        """Cochleagrams around the onsets, each brought to unit norm: ``[N, 18, 42]``."""
        if not self.exemplars:
            return np.zeros((0, WINDOW, BANDS), np.float32)
        return unit_windows(np.stack([exemplar.window for exemplar in self.exemplars]))

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
def shipped_bank(folder: Path = SHIPPED) -> Bank:
    """The bank that ships.

    Raises:
        MediaError: its files are missing or damaged.
    """
    try:
        rows = json.loads((folder / "bank.json").read_text())["sounds"]
        sound, rate = soundfile.read(folder / "bank.flac", dtype="float32")
        if rate != RATE:
            raise ValueError(f"{rate} samples a second")
        return Bank("synthetic", [
            Exemplar(r["name"], r["material"], r["action"],
                     sound[r["start"] : r["start"] + r["length"]]) for r in rows])
    except (OSError, ValueError, KeyError, soundfile.SoundFileError) as error:
        raise MediaError(
            "The sound bank that ships with the project is missing or damaged; "
            "clone the project again."
        ) from error
