"""The sample clips: all are rendered by this project, with a synthetic sound; beside each lies a
file of its true onsets.
"""

from __future__ import annotations

from hybridcore.cards import ASSETS
from hybridcore.system import Sample


def _rendered(key: str, title: str, caption: str, *, fails: bool = False) -> Sample:
    folder = ASSETS / "samples"
    return Sample(key, title, caption, folder / f"sound-{key}.mp4", folder / f"sound-{key}.jpg",
                  fails)


SAMPLES = (
    _rendered("blocks", "Stick on blocks",
              "A hand with a stick strikes wood, metal and glass: every hit is found, though the "
              "network is unsure of the material. Rendered; the original sound is this project's "
              "physical model."),
    _rendered("still", "Nothing is struck",
              "The stick is waved above the blocks without touching them: there is no sound."),
    _rendered("drops", "Water drops",
              "Drops fall into still water: all are heard, and as water."),
    _rendered("ball", "Bouncing ball",
              "All bounces but one are heard, but on cloth, where the floor is wood: materials are "
              "the weak side of these networks.", fails=True),
)
