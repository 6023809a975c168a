"""The sample clips of the gesture room: a drawn body whose hands this project moves
(tools/gesture/samples.py); nothing of a recording is in them."""

from __future__ import annotations

from hybridcore.cards import ASSETS
from hybridcore.system import Sample


def _sample(key: str, title: str, caption: str, *, fails: bool = False) -> Sample:
    folder = ASSETS / "samples"
    return Sample(f"gesture-{key}", title, caption, folder / f"gesture-{key}.mp4",
                  folder / f"gesture-{key}.jpg", fails)


SAMPLES = (
    _sample("words", "Three words", "Rendered: somebody says hello, thanks, and I love you."),
    _sample("commands", "Commands",
            "Rendered: an open hand grabs and opens again, points, and pinches."),
    _sample("swipes", "Two swipes",
            "Rendered: the right hand swipes to the person's left, then to the right."),
    _sample("unnamed", "A sign without a name",
            "Rendered: a V, then a thumb. Neither is among the gestures, yet the V is called "
            "thanks: one of the people whom it learned from says thanks with a V.", fails=True),
)
