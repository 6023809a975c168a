"""The sample clips of the sound page: names and words.

All are rendered by this project, with a synthetic sound; beside each lies a file of its true
onsets.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SoundSample:
    """name: of the file, without suffix; title and caption: for a person; struck: whether anything
    is, so that there is a sound."""

    name: str
    title: str
    caption: str
    struck: bool = True


SAMPLES: tuple[SoundSample, ...] = (
    SoundSample("sound-blocks", "Stick on blocks",
                "A stick strikes wood, metal and glass. Rendered here; the true sound is this "
                "project's physical model."),
    SoundSample("sound-ball", "Bouncing ball",
                "A ball falls, bounces until it rests, and falls again."),
    SoundSample("sound-drops", "Water drops", "Drops fall into still water."),
    SoundSample("sound-still", "Nothing is struck",
                "The stick swings above the blocks and touches none: there should be no sound.",
                struck=False),
)
