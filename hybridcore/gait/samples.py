"""The sample clips of gait recognition.

Rendered bodies that walk as people of the test part did (nobody whom the networks learned from),
in front of a rendered wall. Beside each clip lies a file of its ground truth: the period of every
walker and the box around it in every frame.
"""

from __future__ import annotations

from collections.abc import Mapping

from hybridcore.cards import ASSETS
from hybridcore.system import Sample


def _sample(key: str, title: str, caption: str) -> Sample:
    folder = ASSETS / "samples"
    return Sample(key, title, caption, folder / f"{key}.mp4", folder / f"{key}.jpg")


SAMPLES = (
    _sample("gait-one", "One walker", "Rendered: someone crosses the picture."),
    _sample("gait-two", "Two people cross", "Rendered: two people walk past each other."),
    _sample("gait-again", "One walker again",
            "Rendered: the person from “One walker” on another walk, in other colours. Enrol the "
            "sample walkers, and she is recognised."),
    _sample("gait-stranger", "A stranger",
            "Rendered: someone who is not among the sample walkers, so there is no match."),
    _sample("gait-bag", "With a backpack",
            "Rendered: someone with a backpack walks away at an angle."),
    _sample("gait-coat", "In a coat",
            "Rendered: the person from “One walker” in a long coat. It hides the thighs and "
            "changes the outline, so it takes longer until she is known."),
)
# Who is enrolled when the sample walkers are: names for the walkers of a sample, in order.
ENROLLED: Mapping[str, tuple[str, ...]] = {"gait-one": ("Ada",), "gait-two": ("Ben", "Cleo")}
