"""A bank of sounds to paste: the one that ships, and what every bank can do.

``python -m hybridcore.sound.bank --out assets/sounds`` writes the bank that ships. All of it is
synthetic, made by synthesis.py from the numbers in materials.py: no recording is in it.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from hybridcore.errors import MediaError
from hybridcore.sound.cochleagram import BANDS, FRAME_RATE, RATE, cochleagram_numpy
from hybridcore.sound.materials import MATERIALS, Action
from hybridcore.sound.synthesis import Sound, synthesise
from hybridcore.sound.targets import strengths
from hybridcore.weights import ASSETS

SHIPPED = ASSETS / "sounds"
WINDOW = 18  # frames of the cochleagram that are compared: 0.2 s
BEFORE = 1  # of them, before the onset

_HIT_SPEEDS, _SCRATCH_SPEEDS = (0.25, 0.55, 1.0), (0.35, 0.6, 1.0)
_HIT_SEEDS, _SCRATCH_SEEDS = 4, 2
_KEPT_BITS = 14  # of 16: the rest is noise at -84 dB, and FLAC stores what is left in less space


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
    """Exemplars in order. name: for a person."""

    def __init__(self, name: str, exemplars: Sequence[Exemplar]) -> None:
        self.name = name
        self.exemplars = tuple(exemplars)
        self._place = {exemplar.name: k for k, exemplar in enumerate(self.exemplars)}

    def __len__(self) -> int:
        return len(self.exemplars)

    def __contains__(self, name: str) -> bool:
        return name in self._place

    def __getitem__(self, name: str) -> Exemplar:
        return self.exemplars[self._place[name]]

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
            found = [
                k for k, e in enumerate(self.exemplars)
                if (not wanted[0] or e.material == wanted[0])
                and (not wanted[1] or e.action == wanted[1])
            ]
            if found:
                return found
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
            "The bank of sounds that comes with the project is missing or damaged; "
            "clone the project again."
        ) from error


def write_bank(folder: Path = SHIPPED) -> None:
    """Synthesise the bank that ships: one FLAC, and where in it each sound lies."""
    sounds, rows, start = [], [], 0
    plan: tuple[tuple[Action, tuple[float, ...], int], ...] = (
        ("hit", _HIT_SPEEDS, _HIT_SEEDS), ("scratch", _SCRATCH_SPEEDS, _SCRATCH_SEEDS))
    for material in MATERIALS:
        for action, speeds, seeds in plan:
            for seed in range(seeds):
                for k, speed in enumerate(speeds):
                    sound = synthesise(material, action, speed, seed, 0.3)
                    name = f"{material} {action} {seed + 1}{'abc'[k]}"
                    rows.append({"name": name, "material": material, "action": action,
                                 "speed": speed, "start": start, "length": len(sound)})
                    sounds.append(sound)
                    start += len(sound)
    whole = np.round(np.concatenate(sounds) * 2 ** (_KEPT_BITS - 1)) * 2 ** (16 - _KEPT_BITS)
    folder.mkdir(parents=True, exist_ok=True)
    soundfile.write(folder / "bank.flac", whole.astype(np.int16), RATE, subtype="PCM_16")
    (folder / "bank.json").write_text(json.dumps({
        "about": "Synthetic sounds by modal synthesis (hybridcore/sound/synthesis.py); no "
                 "recording. Made by: python -m hybridcore.sound.bank --out assets/sounds",
        "rate": RATE, "sounds": rows,
    }, indent=None, separators=(",", ":")) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description="Synthesise the bank of sounds that ships.")
    parser.add_argument("--out", type=Path, required=True)
    write_bank(parser.parse_args().out)


if __name__ == "__main__":
    main()
