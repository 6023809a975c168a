"""The sample clips of the pose room.

Rendered bodies that move as people of the test parts of the Kinect sets did (nobody whom the
networks learned from).
"""

from __future__ import annotations

from hybridcore.cards import ASSETS
from hybridcore.system import Sample


def _sample(key: str, title: str, caption: str, *, fails: bool = False) -> Sample:
    folder = ASSETS / "samples"
    return Sample(key, title, caption, folder / f"{key}.mp4", folder / f"{key}.jpg", fails)


SAMPLES = (
    _sample("pose-chair", "A bench",
            "Rendered: somebody sits down and stands up again: the same poses in the other order."),
    _sample("pose-day", "One after the other",
            "Rendered: somebody waves, claps, squats and jogs on the spot, with pauses between. "
            "Clapping and squatting are named; the wave is not sure, and jogging is missed."),
    _sample("pose-two", "Two people",
            "Rendered: one boxes and waves, the other squats and claps."),
    _sample("gait-two", "Two people cross", "Rendered: two people walk past each other."),
    _sample("pose-torso", "Only the upper half",
            "Rendered: somebody claps and waves close to the camera; the legs are not in the "
            "picture."),
    _sample("pose-unknown", "Actions without a name",
            "Rendered: an arm is curled, then a door is knocked at. Neither is among the 21 "
            "actions: of the curl it says that somebody stands, of the knocking that it is not "
            "sure."),
)
