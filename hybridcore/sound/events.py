"""Onsets: when something is struck, how hard, and on what."""

from __future__ import annotations

from dataclasses import dataclass

from hybridcore.sound.materials import Action

UNSURE = "unsure"  # in place of a material


@dataclass(frozen=True)
class Onset:
    """One contact.

    time: s. strength: how loud it sounds, the level of the 50 ms around it in dB of full scale
    (heard.strengths; -12 is very loud, -60 hardly heard). material: what is struck, by name, or
    :data:`UNSURE`. confidence: 0..1, that something is struck at all. exemplar: the sound
    of the bank that is heard, by name; empty where it has not been chosen.
    """

    time: float
    strength: float
    action: Action
    material: str
    confidence: float = 1.0
    exemplar: str = ""
