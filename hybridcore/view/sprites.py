"""Small pictures that move through the video: over it, and in a card beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from hybridcore.view.shared import check_colours


@dataclass(frozen=True, eq=False)
class Sprite:
    """Somebody or something that moves: a small picture at each of n frames, and its place.

    Attributes:
        name: drawn beside the box.
        colour: CSS hex colour of picture and box.
        frames: int [n], strictly increasing, in [0, T).
        pictures: uint8 [n, h, w]; 0 is transparent.
        places: float [n, 4], where the picture lies: left, top, width, height, as shares of the
            video's sides; it may stick out.
        boxes: float [n, 4], the outline to draw, in the same units.
        counted: bool [n], which pictures go into the mean that a `Film` builds up.
    """

    name: str
    colour: str
    frames: np.ndarray
    pictures: np.ndarray
    places: np.ndarray
    boxes: np.ndarray
    counted: np.ndarray

    def __post_init__(self) -> None:
        count = len(self.frames)
        check_colours(self.name, [self.colour], 1, "sprite")
        if self.pictures.ndim != 3 or self.pictures.dtype != np.uint8:
            raise ValueError(f"sprite {self.name!r}: pictures must be uint8 [n, h, w]")
        if self.places.shape != (count, 4) or self.boxes.shape != (count, 4):
            raise ValueError(f"sprite {self.name!r}: places and boxes must be [n, 4]")
        lengths = {len(part) for part in (self.pictures, self.counted)}
        if lengths != {count} or count == 0 or np.any(np.diff(self.frames) <= 0):
            raise ValueError(f"sprite {self.name!r}: n > 0 of everything, frames increasing")

    def check(self, count: int) -> None:
        """Raise ValueError unless all its frames are among ``count``."""
        if self.frames[0] < 0 or self.frames[-1] >= count:
            raise ValueError(f"{self.name!r} has a frame that the video lacks")

    def tree(self) -> dict[str, Any]:
        """Everything for `packing.pack`."""
        return {
            "name": self.name,
            "colour": self.colour,
            "frames": self.frames.astype(np.int32, copy=False),
            "pictures": self.pictures,
            "places": self.places.astype(np.float32, copy=False),
            "boxes": self.boxes.astype(np.float32, copy=False),
            "counted": self.counted.astype(np.uint8),
        }


@dataclass(frozen=True, eq=False)
class Sprites:
    """An overlay of sprites: their pictures in their colours, with boxes and names.

    Attributes:
        name: how the viewer finds it in the list of overlays.
        sprites: any number.
    """

    name: str
    sprites: Sequence[Sprite]

    def check(self, count: int) -> None:
        """Raise ValueError unless all frames are among ``count``."""
        for sprite in self.sprites:
            sprite.check(count)

    def tree(self) -> dict[str, Any]:
        """Everything for `packing.pack`."""
        return {"name": self.name, "kind": "sprites",
                "sprites": [sprite.tree() for sprite in self.sprites]}


@dataclass(frozen=True, eq=False)
class Film:
    """One sprite in a card: its picture of this frame, and the mean of all counted ones so far.

    Attributes:
        sprite: usually one of an overlay; its pictures travel once.
        present, absent: text below the picture where this frame has one, and where it has none.
        mean: text below the mean, with "{count}" for how many pictures are in it.
        mean_of_one: the same where it is one.
    """

    sprite: Sprite
    present: str
    absent: str
    mean: str
    mean_of_one: str

    def __post_init__(self) -> None:
        if "{count}" not in self.mean:
            raise ValueError(f"the film of {self.sprite.name!r} does not say how many are counted")

    def check(self, count: int) -> None:
        """Raise ValueError unless all frames are among ``count``."""
        self.sprite.check(count)

    def tree(self) -> dict[str, Any]:
        """Everything for `packing.pack`."""
        return {"sprite": self.sprite.tree(), "present": self.present, "absent": self.absent,
                "mean": self.mean, "mean_of_one": self.mean_of_one}
