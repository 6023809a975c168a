"""The sample clips of the gait page: ``python -m hybridcore.gait.samples --data K --out FOLDER``.

Rendered bodies that walk as people of the test part did (nobody the networks have seen), before a
rendered wall. Beside each clip lies a file of what is true of it: the period of every walker and
the box around it in every frame.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass, field
from pathlib import Path

import cv2

from hybridcore.gait.backdrop import HEIGHT, RATE, WIDTH, Lens, backdrop
from hybridcore.gait.body import Carried, Outfit
from hybridcore.gait.film import COLOURS, Actor, film, period
from hybridcore.gait.skeleton import Walk, read_walks
from hybridcore.gait.walks import shape_of, split_people
from hybridcore.media import VideoWriter
from hybridcore.weights import ASSETS

COMMITTED = ASSETS / "samples"
_LENS, _WALL, _CRF = Lens(), 9.5, 27
_COVER, _THUMBNAIL = 3.0, (320, 180)  # s; width, height
_COAT = {"top": COLOURS["coat"]}
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


@dataclass(frozen=True)
class SampleClip:
    """name: of the file, without suffix; title and caption: for a person."""

    name: str
    title: str
    caption: str
    roles: tuple[Role, ...]
    seconds: float = 8.0


SAMPLES: tuple[SampleClip, ...] = (
    SampleClip("gait-one", "One walker", "Rendered: someone crosses the picture.",
               (Role(10, 4, 0, (-3.8, -5.6)),)),
    SampleClip("gait-two", "Two people cross", "Rendered: two people walk past each other.",
               (Role(7, 4, 0, (-3.7, -5.4)),
                Role(6, 5, 180, (4.6, -7.0), enter=0.2, colours=_RED))),
    SampleClip("gait-coat", "In a coat", "Rendered: the person of 'One walker', in a long coat.",
               (Role(10, 5, 0, (-3.8, -5.6), coat=1.05, colours=_COAT),)),
    SampleClip("gait-bag", "With a backpack",
               "Rendered: someone with a backpack walks away at an angle.",
               (Role(9, 5, 332, (-3.9, -5.0), carried="backpack", colours=_RED),)),
)


def make(
    sample: SampleClip, walks: list[Walk], people: tuple[str, ...], out: Path
) -> None:
    """Write clip, truth and thumbnail of one sample into the folder ``out``."""
    actors = [_actor(role, walks, people) for role in sample.roles]
    frames, boxes = film(actors, backdrop(_LENS, wall=_WALL, seed=4), _LENS, sample.seconds,
                         seed=9)
    with VideoWriter(out / f"{sample.name}.mp4", WIDTH, HEIGHT, RATE, crf=_CRF) as writer:
        for frame in frames:
            writer.write(frame)
    truth = {"rate": RATE, "walkers": [
        {"period": round(period(actor.walk.joints), 4), "boxes": found}
        for actor, found in zip(actors, boxes, strict=True)
    ]}
    (out / f"{sample.name}.json").write_text(json.dumps(truth, separators=(",", ":")) + "\n")
    small = cv2.resize(frames[int(_COVER * RATE)], _THUMBNAIL, interpolation=cv2.INTER_AREA)
    cv2.imwrite(str(out / f"{sample.name}.jpg"), small[..., ::-1])


def _actor(role: Role, walks: list[Walk], people: tuple[str, ...]) -> Actor:
    person = people[role.person]
    passes = [w for w in walks if (w.person, w.number) == (person, role.number)]
    return Actor(
        walk=max(passes, key=lambda walk: len(walk.joints)), shape=shape_of(person),
        outfit=Outfit(coat=role.coat, carried=role.carried), heading=role.heading,
        start=role.start, enter=role.enter, colours=role.colours,
    )


def sample_path(sample: SampleClip) -> Path:
    """The clip's file."""
    return COMMITTED / f"{sample.name}.mp4"


def sample_thumbnail(sample: SampleClip) -> Path:
    """A small picture of the clip."""
    return COMMITTED / f"{sample.name}.jpg"


def main() -> None:
    parser = argparse.ArgumentParser(description="Render the sample clips of the gait page.")
    parser.add_argument("--data", type=Path, required=True, help="folder of kinect-gait.zip")
    parser.add_argument("--out", type=Path, required=True, help="folder for the clips")
    args = parser.parse_args()
    walks = read_walks(args.data)
    people = split_people([walk.person for walk in walks]).test
    args.out.mkdir(parents=True, exist_ok=True)
    for sample in SAMPLES:
        make(sample, walks, people, args.out)


if __name__ == "__main__":
    main()
