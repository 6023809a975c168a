"""How well heads learn, by what and by how much was marked: ``python -m benchmarks.teach CLIP...``.

With ``--system pose`` they learn from the movements of the largest body, else from scenes. CLIP is
one of :data:`COURSES`, of intel-iot-devkit/sample-videos; their marks were set by eye, to a quarter
of a second. Heads are taught what is marked in the first seconds, and tested on the time after the
last of these moments: on people, cars and hands that come later. Right is the share of that time;
held out is what cross-validation says of the marks themselves, with how many of these there are.
Steps of a stretch are alike, so one clip gives no interval.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from hybridcore.encoder.encoder import shared_encoder
from hybridcore.media import Clip
from hybridcore.own_labels import teaching_of
from hybridcore.pose.own_movements import features_of
from hybridcore.pose.predict import PoseReader
from hybridcore.pose.system import SYSTEM as POSE
from hybridcore.scene.features import clip_features
from hybridcore.scene.system import SYSTEM as SCENE
from hybridcore.system import System
from hybridcore.teach.features import Features
from hybridcore.teach.fit import Lesson, fit
from hybridcore.teach.head import probabilities
from hybridcore.teach.held_out import score, taught
from hybridcore.teach.marks import Mark, names_of
from hybridcore.teach.projection import Projection
from hybridcore.text import percent


@dataclass(frozen=True)
class Course:
    """What is marked in a clip. borders: s, of its stretches. labels: one between each two. until:
    s, up to which heads are taught; the last of them is where the test begins."""

    borders: tuple[float, ...]
    labels: tuple[str, ...]
    until: tuple[float, ...]

    def marks(self, start: float, end: float) -> tuple[Mark, ...]:
        """Those between two moments, s; the ones over them are cut."""
        return tuple(
            Mark(max(start, first), min(end, last), label)
            for (first, last), label in zip(pairwise(self.borders), self.labels, strict=True)
            if first < end and last > start)


COURSES = {
    "one-by-one-person-detection": Course(  # six people come in, stand at a table, and leave
        (0, 6.1, 8.0, 18.2, 19.8, 22.7, 24.6, 43.3, 45.1, 50.2, 52.3, 68.1, 69.8, 74.4, 76.6, 84.8,
         87.0, 92.1, 94.4, 117.8, 119.9, 123.4, 125.4, 134.0, 136.0, 139.4),
        (*("nobody", "walking", "standing", "walking") * 6, "nobody"), (10.0, 25.0, 45.1)),
    "car-detection": Course(  # a road from above
        (0, 4.4, 8.8, 14.4, 19.0, 25.2, 27.9, 30.1),
        (*("no car", "car") * 3, "no car"), (7.0, 14.4)),
    "bottle-detection": Course(  # hands take bottles from a shelf and put them back
        (0, 5.7, 7.2, 11.0, 13.7, 15.8, 18.0, 21.8, 24.7, 27.2, 29.1, 30.6, 32.3, 34.3, 36.8, 39.8),
        ("still", "taking", "still", "putting", "still", "taking", "still", "putting", "still",
         "putting", "still", "taking", "still", "putting", "still"), (15.8, 24.7)),
}


def rows(name: str, features: Features, system: System) -> Iterator[str]:
    """Lines of the table: one for each time taught and each aspect."""
    course = COURSES[name]
    end = course.borders[-1]
    names = names_of(course.marks(0, end))
    later = course.marks(course.until[-1], end)
    wanted = Lesson(features, later).labels(names)
    there = wanted >= 0
    tested = f"{sum(mark.seconds for mark in later):.0f} s, {len(later)} stretches"
    for until in course.until:
        lesson = Lesson(features, course.marks(0, until))
        told = taught([lesson], names)
        projection = Projection.fitted([features], told)
        for aspect in teaching_of(system).aspects:
            known = lesson.only(aspect.parts)
            said, seconds = [], []
            for memory in (True, False):
                start = time.process_time()
                network = fit([known], told, len(names), memory=memory,
                              projection=projection.only(aspect.parts))
                seconds.append(time.process_time() - start)
                said.append(probabilities(network, known.features))
            held = score([known], names, [said[0]], [said[1]])
            right = [float((each[0].argmax(-1) == wanted)[there].mean()) for each in said]
            own = f"{percent(held.memory.seconds / held.seconds)} of {held.stretches}" \
                if held.stretches else "-"
            yield (f"| {name} | {until:g} | {tested} | {aspect.title} | {percent(right[0])} | "
                   f"{percent(right[1])} | {own} | {sum(seconds):.1f} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("clips", type=Path, nargs="+", metavar="CLIP")
    parser.add_argument("--system", choices=("scene", "pose"), default="scene")
    args = parser.parse_args()
    clips: list[Path] = args.clips
    if unknown := [clip.stem for clip in clips if clip.stem not in COURSES]:
        parser.error(f"nothing is marked in {unknown[0]}; it knows {', '.join(COURSES)}")
    print("| Clip | Taught (s) | Tested | From | Right | Without memory | Held out | CPU (s) |\n"
          "|---|---|---|---|---|---|---|---|")
    for clip in clips:
        source = Clip.open(clip)
        if args.system == "pose":
            features, system = features_of(PoseReader.load("cpu").run(source)), POSE
        else:
            features, system = clip_features(shared_encoder("cpu"), source), SCENE
        for row in rows(clip.stem, features, system):
            print(row, flush=True)


if __name__ == "__main__":
    main()
