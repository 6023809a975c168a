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
              "A stick strikes wood, metal and glass: every hit is found, though the material is "
              "often wrong. Rendered; the original sound is this project's physical model."),
    _rendered("still", "Nothing is struck",
              "The stick swings above the blocks without touching them: there is no sound."),
    _rendered("drops", "Water drops",
              "Five of eleven drops are missed, and the others sound like plastic or cloth: the "
              "network learned from videos in which a drumstick does all the striking.",
              fails=True),
    _rendered("ball", "Bouncing ball",
              "Half of the bounces are missed, above all the last and smallest: they come faster "
              "than the drumstick hits that the network learned from.",
              fails=True),
)
