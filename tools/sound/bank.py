"""The bank of sounds that ships: ``python -m tools.sound.bank --out assets/sounds``.

All of it is synthetic, made by synthesis.py from the numbers in materials.py: no recording is in
it.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import soundfile

from hybridcore.sound.cochleagram import RATE
from hybridcore.sound.learn.synthesis import synthesise
from hybridcore.sound.materials import MATERIALS, Action

_HIT_SPEEDS, _SCRATCH_SPEEDS = (0.25, 0.55, 1.0), (0.35, 0.6, 1.0)
_HIT_SEEDS, _SCRATCH_SEEDS = 4, 2
_KEPT_BITS = 14  # of 16: the rest is noise at -84 dB, and FLAC stores what is left in less space


def write_bank(folder: Path) -> None:
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
        "about": "Synthetic sounds by modal synthesis (hybridcore/sound/learn/synthesis.py); no "
                 "recording. Made by: python -m tools.sound.bank --out assets/sounds",
        "rate": RATE, "sounds": rows,
    }, indent=None, separators=(",", ":")) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description="Synthesise the bank of sounds that ships.")
    parser.add_argument("--out", type=Path, required=True)
    write_bank(parser.parse_args().out)


if __name__ == "__main__":
    main()
