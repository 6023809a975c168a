"""The sample clips of the gait page: names, words and files.

Rendered bodies that walk as people of the test part did (nobody the networks have seen), before a
rendered wall. Beside each clip lies a file of what is true of it: the period of every walker and
the box around it in every frame.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from hybridcore.cards import ASSETS

COMMITTED = ASSETS / "samples"


@dataclass(frozen=True)
class SampleClip:
    """name: of the file, without suffix; title and caption: for a person."""

    name: str
    title: str
    caption: str


SAMPLES: tuple[SampleClip, ...] = (
    SampleClip("gait-one", "One walker", "Rendered: someone crosses the picture."),
    SampleClip("gait-two", "Two people cross", "Rendered: two people walk past each other."),
    SampleClip("gait-coat", "In a coat", "Rendered: the person of 'One walker', in a long coat."),
    SampleClip("gait-bag", "With a backpack",
               "Rendered: someone with a backpack walks away at an angle."),
)


def sample_path(sample: SampleClip) -> Path:
    """The clip's file."""
    return COMMITTED / f"{sample.name}.mp4"


def sample_thumbnail(sample: SampleClip) -> Path:
    """A small picture of the clip."""
    return COMMITTED / f"{sample.name}.jpg"
