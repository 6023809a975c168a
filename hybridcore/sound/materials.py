"""How bodies of sixteen materials vibrate: the numbers behind the synthesis.

Ranges are those of van den Doel & Pai, *The Sounds of Physical Shapes* (Presence 1998) and
Klatzky, Pai & Krotkov, *Perception of Material from Contact Sounds* (Presence 2000): what
distinguishes materials is above all how fast their vibrations die out, and how much faster the high
ones do. How bright each is was set beside what is measured on Greatest Hits (Owens et al. 2016).
They describe no particular object.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hybridcore.sound.synthesis.grains import Grains
from hybridcore.sound.synthesis.modes import Body

Action = Literal["hit", "scratch"]
ACTIONS: tuple[Action, ...] = ("hit", "scratch")


@dataclass(frozen=True)
class Material:
    """contact: how long a stick at full speed touches it, s. level: peak of the hardest hit, full
    scale = 1. stick: how much of the stick's own sound is heard. water: it splashes and drops.
    """

    body: Body
    contact: float
    level: float
    stick: float = 0.5
    grains: Grains | None = None
    water: bool = False


MATERIALS: dict[str, Material] = {
    "cardboard": Material(
        Body("membrane", (110, 190), 18, 45, 30), 5e-4, 0.60, 0.5,
        Grains(300, 0.03, (900, 3500), 1.5e-3, 0.15)),
    "carpet": Material(
        Body("lump", (75, 130), 14, 80, 90), 1.5e-4, 0.40, 1.3,
        Grains(3000, 0.03, (900, 4500), 6e-4, 0.35)),
    "ceramic": Material(Body("shell", (1100, 2100), 14, 17, 0.9, 4), 4e-5, 0.80, 0.5),
    "cloth": Material(
        Body("lump", (80, 150), 14, 85, 250), 3e-3, 0.50, 0.5,
        Grains(3500, 0.03, (400, 2500), 4e-4, 0.12)),
    "dirt": Material(
        Body("lump", (80, 160), 16, 110, 60), 1.8e-4, 0.50, 1.3,
        Grains(1500, 0.035, (1500, 5500), 8e-4, 0.40)),
    "glass": Material(Body("shell", (1600, 3000), 14, 7, 0.35, 4), 4e-5, 0.80, 0.3),
    "grass": Material(
        Body("lump", (75, 140), 10, 130, 120), 3e-4, 0.40, 1.2,
        Grains(4000, 0.05, (1700, 7000), 6e-4, 0.55)),
    "gravel": Material(
        Body("lump", (400, 800), 14, 120, 10), 1.4e-4, 0.75, 1.2,
        Grains(500, 0.07, (2200, 7000), 2e-3, 0.60)),
    "leaf": Material(
        Body("lump", (90, 160), 8, 150, 120), 1.5e-4, 0.45, 1.2,
        Grains(3500, 0.10, (2000, 11000), 7e-4, 0.65)),
    "metal": Material(Body("plate", (330, 700), 56, 7, 0.18, 3), 9e-5, 0.85, 0.6),
    "paper": Material(
        Body("membrane", (240, 430), 18, 45, 15), 5e-4, 0.55, 0.6,
        Grains(1500, 0.06, (1500, 6000), 7e-4, 0.35)),
    "plastic": Material(Body("plate", (300, 620), 40, 30, 1.6, 4), 9e-5, 0.70, 0.7),
    "rock": Material(
        Body("lump", (1000, 2200), 20, 45, 1.5, 2), 7e-5, 0.80, 1.0,
        Grains(250, 0.02, (2500, 7000), 1e-3, 0.10)),
    "tile": Material(Body("plate", (2000, 3200), 26, 22, 0.9, 3), 5e-5, 0.75, 0.7),
    "water": Material(
        Body("lump", (140, 260), 8, 130, 60), 3e-4, 0.60, 1.0,
        Grains(500, 0.05, (1500, 6000), 1e-3, 0.20), water=True),
    "wood": Material(Body("bar", (380, 700), 14, 20, 5, 3), 1e-4, 0.80, 1.2),
}
