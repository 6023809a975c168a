"""Onsets as a table that a person edits, and back."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from hybridcore.sound.events import Onset
from hybridcore.sound.materials import ACTIONS

SOFTEST, LOUDEST = -60.0, -6.0  # dB
NEAREST = "nearest"  # in place of a sound's name
_USUAL = -22.0  # dB, of an added onset where there is no other
_COLUMNS = ("time", "strength", "action", "material", "sound", "confidence")


def to_table(onsets: Sequence[Onset]) -> pd.DataFrame:
    """One row an onset: time (s), strength (dB), action, material, sound (a name in the bank, or
    "nearest"), confidence (percent). Nothing is rounded: a row that nobody changes stays exact."""
    rows = [(o.time, o.strength, o.action, o.material, o.exemplar or NEAREST, 100 * o.confidence)
            for o in onsets]
    table = pd.DataFrame(rows, columns=list(_COLUMNS))
    numbers = dict.fromkeys(("time", "strength", "confidence"), "float64")
    return table.astype({**numbers, **dict.fromkeys(("action", "material", "sound"), "object")})


def from_table(table: pd.DataFrame) -> list[Onset]:
    """The onsets of an edited table, in order of time; rows without a time are left out.

    What a new row leaves open is filled in: the usual strength and material of the others, a hit.
    """
    timed = table.dropna(subset=["time"])
    strengths = timed["strength"].dropna()
    usual = float(strengths.median()) if len(strengths) else _USUAL
    materials = timed["material"].dropna()
    common = str(materials.mode().iloc[0]) if len(materials) else "wood"
    onsets = []
    for row in timed.to_dict("records"):
        strength = usual if pd.isna(row["strength"]) else float(row["strength"])
        onsets.append(Onset(
            time=max(0.0, float(row["time"])),
            strength=float(np.clip(strength, SOFTEST, LOUDEST)),
            action=next((a for a in ACTIONS if a == row["action"]), "hit"),
            material=common if pd.isna(row["material"]) else str(row["material"]),
            exemplar="" if pd.isna(row["sound"]) or row["sound"] == NEAREST else str(row["sound"]),
            confidence=1.0 if pd.isna(row["confidence"]) else float(row["confidence"]) / 100,
        ))
    return sorted(onsets, key=lambda onset: onset.time)
