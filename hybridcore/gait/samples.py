"""The sample clips of gait recognition.

Rendered bodies that walk as people of the test part did (nobody whom the networks learned from),
before a rendered wall. Beside each clip lies a file of its ground truth: the period of every walker
and the box around it in every frame.
"""

from __future__ import annotations

from hybridcore.cards import ASSETS
from hybridcore.system import Sample


def _sample(key: str, title: str, caption: str) -> Sample:
    folder = ASSETS / "samples"
    return Sample(key, title, caption, folder / f"{key}.mp4", folder / f"{key}.jpg")


SAMPLES = (
    _sample("gait-one", "One walker", "Rendered: someone crosses the picture."),
    _sample("gait-two", "Two people cross", "Rendered: two people walk past each other."),
    _sample("gait-coat", "In a coat", "Rendered: the person of 'One walker', in a long coat."),
    _sample("gait-bag", "With a backpack",
            "Rendered: someone with a backpack walks away at an angle."),
)
