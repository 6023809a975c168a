"""How bodies of sixteen materials vibrate: the numbers behind the synthesis.

Chosen by ear and by the ranges in van den Doel & Pai, *The Sounds of Physical Shapes* (Presence
1998) and Klatzky, Pai & Krotkov, *Perception of Material from Contact Sounds* (Presence 2000):
what distinguishes materials is above all how fast their vibrations die out, and how much faster the
high ones do. They describe no particular object.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Action = Literal["hit", "scratch"]
ACTIONS: tuple[Action, ...] = ("hit", "scratch")


@dataclass(frozen=True)
class Body:
    """A vibrating body.

    shape: its series of modes: a free bar, a plate, or a lump without order.
    pitch: range of its lowest mode, Hz. modes: how many sound.
    loss: damping of every mode, 1/s; slope: damping that grows with frequency, 1/s per Hz.
    contact: how long a stick at full speed touches it, s.
    """

    shape: Literal["bar", "plate", "lump"]
    pitch: tuple[float, float]
    modes: int
    loss: float
    slope: float
    contact: float


@dataclass(frozen=True)
class Grains:
    """Many small collisions: stones, leaves, creases.

    rate: collisions a second at once after a hit; burst: time in which the rate falls to 1/e, s.
    pitch: range of a grain's resonance, Hz; decay: time in which it dies to 1/e, s.
    share: how loud all of them are beside the body, 0..1.
    """

    rate: float
    burst: float
    pitch: tuple[float, float]
    decay: float
    share: float


@dataclass(frozen=True)
class Material:
    """level: peak of the hardest hit, full scale = 1; bubbles: of air, after each hit."""

    body: Body
    level: float
    grains: Grains | None = None
    bubbles: int = 0


MATERIALS: dict[str, Material] = {
    "cardboard": Material(
        Body("plate", (85, 170), 24, 70, 0.09, 2.2e-3), 0.55,
        Grains(250, 0.03, (900, 3500), 2e-3, 0.18)),
    "carpet": Material(
        Body("lump", (60, 110), 14, 110, 0.35, 6e-3), 0.35,
        Grains(900, 0.03, (600, 2500), 8e-4, 0.20)),
    "ceramic": Material(Body("plate", (700, 1500), 30, 26, 5e-3, 3.5e-4), 0.80),
    "cloth": Material(
        Body("lump", (55, 105), 12, 130, 0.40, 8e-3), 0.25,
        Grains(1500, 0.04, (700, 4000), 5e-4, 0.30)),
    "dirt": Material(
        Body("lump", (65, 140), 16, 100, 0.22, 5e-3), 0.45,
        Grains(600, 0.05, (700, 3000), 1.2e-3, 0.35)),
    "glass": Material(Body("plate", (1100, 2300), 26, 9, 2.5e-3, 3e-4), 0.80),
    "grass": Material(
        Body("lump", (70, 130), 10, 130, 0.35, 6e-3), 0.28,
        Grains(900, 0.06, (2500, 8000), 7e-4, 0.55)),
    "gravel": Material(
        Body("lump", (110, 240), 14, 90, 0.10, 2e-3), 0.65,
        Grains(450, 0.09, (1400, 6000), 3.5e-3, 0.75)),
    "leaf": Material(
        Body("lump", (80, 150), 8, 140, 0.35, 5e-3), 0.35,
        Grains(700, 0.07, (2200, 9000), 1.4e-3, 0.85)),
    "metal": Material(Body("bar", (260, 620), 22, 4.5, 7e-4, 5e-4), 0.85),
    "paper": Material(
        Body("plate", (140, 300), 16, 90, 0.10, 2.5e-3), 0.40,
        Grains(550, 0.05, (1500, 7000), 1.2e-3, 0.65)),
    "plastic": Material(Body("plate", (230, 520), 26, 42, 0.035, 9e-4), 0.65),
    "rock": Material(
        Body("lump", (500, 1200), 26, 85, 0.018, 4e-4), 0.75,
        Grains(120, 0.03, (2000, 6000), 2e-3, 0.15)),
    "tile": Material(Body("plate", (480, 950), 28, 48, 9e-3, 4e-4), 0.75),
    "water": Material(
        Body("lump", (90, 180), 8, 90, 0.25, 5e-3), 0.45,
        Grains(250, 0.08, (1500, 5000), 1.5e-3, 0.22), bubbles=9),
    "wood": Material(Body("bar", (190, 430), 16, 24, 0.018, 1.1e-3), 0.75),
}
