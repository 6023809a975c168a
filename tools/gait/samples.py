"""The sample clips of the gait page: ``python -m tools.gait.samples --data K --out FOLDER``.

Who walks in each clip of :mod:`hybridcore.gait.samples`, how, and its ground truth.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import cv2

from hybridcore.gait.learn.body import Carried, Outfit
from hybridcore.gait.learn.skeleton import Walk, read_walks
from hybridcore.gait.learn.walks import shape_of, split_people
from hybridcore.media import VideoWriter
from tools.gait.backdrop import HEIGHT, RATE, WIDTH, Lens, backdrop
from tools.gait.film import COLOURS, Actor, film, period

SECONDS = 8.0  # of each clip
_LENS, _WALL, _CRF = Lens(), 9.5, 27
_COVER, _THUMBNAIL = 3.0, (320, 180)  # s; width, height
_COAT = {"top": COLOURS["coat"]}
_GREY = {"top": (0.45, 0.44, 0.42), "trousers": (0.05, 0.05, 0.06)}
_GREEN = {"top": (0.10, 0.30, 0.12), "trousers": (0.10, 0.10, 0.12)}
_RED = {"top": (0.42, 0.08, 0.06), "trousers": (0.16, 0.13, 0.10)}


@dataclass(frozen=True)
class Role:
    """Who walks (a place in the test part and a number of the walk), where, and wearing what."""

    person: int
    number: int
    heading: float
    start: tuple[float, float]
    enter: float = 0.4
    coat: float = 0.0
    carried: Carried | None = None
    colours: dict[str, tuple[float, float, float]] = field(default_factory=dict)


CASTS: dict[str, tuple[Role, ...]] = {  # by name of the sample
    "gait-one": (Role(10, 4, 0, (-3.8, -5.6)),),
    "gait-two": (
        Role(7, 4, 0, (-3.7, -5.4)),
        Role(6, 5, 180, (4.6, -7.0), enter=0.2, colours=_RED),
    ),
    "gait-again": (Role(10, 5, 0, (-3.8, -5.6), colours=_GREEN),),
    "gait-stranger": (Role(3, 5, 0, (-3.8, -5.6), colours=_GREY),),
    "gait-coat": (Role(10, 5, 0, (-3.8, -5.6), coat=1.05, colours=_COAT),),
    "gait-bag": (Role(9, 5, 332, (-3.9, -5.0), carried="backpack", colours=_RED),),
}


def make(
    name: str, roles: Sequence[Role], walks: list[Walk], people: tuple[str, ...], out: Path
) -> None:
    """Write clip, truth and thumbnail of the sample ``name`` into the folder ``out``."""
    actors = [_actor(role, walks, people) for role in roles]
    frames, boxes = film(actors, backdrop(_LENS, wall=_WALL, seed=4), _LENS, SECONDS,
                         seed=9)
    with VideoWriter(out / f"{name}.mp4", WIDTH, HEIGHT, RATE, crf=_CRF) as writer:
        for frame in frames:
            writer.write(frame)
    truth = {"rate": RATE, "walkers": [
        {"period": round(period(actor.walk.joints), 4), "boxes": shown}
        for actor, shown in zip(actors, boxes, strict=True)
    ]}
    (out / f"{name}.json").write_text(json.dumps(truth, separators=(",", ":")) + "\n")
    small = cv2.resize(frames[int(_COVER * RATE)], _THUMBNAIL, interpolation=cv2.INTER_AREA)
    cv2.imwrite(str(out / f"{name}.jpg"), small[..., ::-1])


def _actor(role: Role, walks: list[Walk], people: tuple[str, ...]) -> Actor:
    person = people[role.person]
    passes = [w for w in walks if (w.person, w.number) == (person, role.number)]
    return Actor(
        walk=max(passes, key=lambda walk: len(walk.joints)), shape=shape_of(person),
        outfit=Outfit(coat=role.coat, carried=role.carried), heading=role.heading,
        start=role.start, enter=role.enter, colours=role.colours,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="Render the sample clips of the gait page.")
    parser.add_argument("--data", type=Path, required=True, help="folder of kinect-gait.zip")
    parser.add_argument("--out", type=Path, required=True, help="folder for the clips")
    args = parser.parse_args()
    walks = read_walks(args.data)
    people = split_people([walk.person for walk in walks]).test
    args.out.mkdir(parents=True, exist_ok=True)
    for name, roles in CASTS.items():
        make(name, roles, walks, people, args.out)


if __name__ == "__main__":
    main()
