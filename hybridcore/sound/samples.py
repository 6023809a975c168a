"""The sample clips: all are rendered by this project, with a synthetic sound; beside each lies a
file of its true onsets.
"""

from __future__ import annotations

from hybridcore.cards import ASSETS
from hybridcore.system import Sample


def _rendered(key: str, title: str, caption: str) -> Sample:
    folder = ASSETS / "samples"
    return Sample(key, title, caption, folder / f"sound-{key}.mp4", folder / f"sound-{key}.jpg")


SAMPLES = (
    _rendered("blocks", "Stick on blocks",
              "A stick strikes wood, metal and glass. Rendered here; the true sound is this "
              "project's physical model."),
    _rendered("ball", "Bouncing ball", "A ball falls, bounces until it rests, and falls again."),
    _rendered("drops", "Water drops", "Drops fall into still water."),
    _rendered("still", "Nothing is struck",
              "The stick swings above the blocks and touches none: there should be no sound."),
)
