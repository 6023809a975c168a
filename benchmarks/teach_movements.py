"""How well heads learn somebody's own movements from skeletons.

``python -m benchmarks.teach_movements --data FOLDER --cache FOLDER``

Three movements that the pose room has no name for (bowling, an arm curl, knocking at a door), as
four people of UTD-MHAD did them whom its networks never saw, four times each, one recording after
the other. A head is taught the first two or three of each that one person did. Right is the share
of the steps: of what is marked by cross-validation, of the other recordings of the same person, and
of those of the three others; one head a person, the mean of four.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np
import torch

from hybridcore.own_labels import teaching_of
from hybridcore.pose.features import RATE
from hybridcore.pose.joints import HIPS
from hybridcore.pose.learn.skeletons import SkeletonClip, read_sets
from hybridcore.pose.learn.spoil import front, resample, spoil, torsos_of
from hybridcore.pose.model import PoseNet
from hybridcore.pose.networks import load_model, read
from hybridcore.pose.own_movements import as_features, columns
from hybridcore.pose.system import SYSTEM
from hybridcore.teach.fit import Lesson, fit
from hybridcore.teach.head import probabilities
from hybridcore.teach.held_out import score, taught
from hybridcore.teach.marks import Mark
from hybridcore.teach.projection import Projection
from hybridcore.text import percent
from hybridcore.training.options import script_parser

MOVEMENTS = {"12": "bowling", "16": "arm curl", "19": "knocking"}  # of UTD-MHAD
_PAUSE = 6  # steps in which one recording goes over into the next
_FAULTS = 0.5  # of the landmarks of real video


def course(clips: Sequence[SkeletonClip], model: PoseNet) -> Lesson:
    """Recordings one after the other, each marked."""
    joints: list[np.ndarray] = []
    marks = []
    for clip in clips:
        part = resample(front(clip.joints), clip.rate)
        part = (part - part[0, list(HIPS)].mean(0)) / torsos_of(part[None])[0]
        if joints:
            way = np.linspace(0, 1, _PAUSE)[:, None, None]
            joints.append(joints[-1][-1] * (1 - way) + part[0] * way)
        start = sum(map(len, joints)) / RATE
        marks.append(Mark(start, start + len(part) / RATE, MOVEMENTS[clip.action]))
        joints.append(part)
    whole = np.concatenate(joints).astype(np.float32)
    whole = spoil(whole[None], np.random.default_rng(1), np.array([_FAULTS]))[0]
    values = columns(whole, read({"lstm": model}, whole)["lstm"].hidden)
    return Lesson(as_features(np.arange(len(whole)) / RATE, values, len(whole) / RATE),
                  tuple(marks))


def share(lesson: Lesson, said: np.ndarray, names: Sequence[str], first: int) -> float:
    """Of the marked steps from mark ``first`` on, those with the right label."""
    wanted = lesson.labels(names)
    there = (wanted >= 0) & (lesson.at >= first)
    return float((said.argmax(-1) == wanted)[there].mean())


def rows(courses: Sequence[Lesson], names: Sequence[str], repeats: int) -> list[str]:
    """Lines of the table: one for each aspect."""
    lines = []
    count = repeats * len(names)
    for aspect in teaching_of(SYSTEM).aspects:
        found = []
        start = time.process_time()
        for person, lesson in enumerate(courses):
            known = Lesson(lesson.features, lesson.marks[:count])
            told = taught([known], names)
            known = known.only(aspect.parts)
            projection = Projection.fitted([known.features], told)
            said = {}
            for memory in (True, False):
                network = fit([known], told, len(names), projection=projection, memory=memory)
                said[memory] = [probabilities(network, one.features.only(aspect.parts))
                                for one in courses]
            held = score([known], names, [said[True][person]], [said[False][person]])
            found.append([held.memory.seconds / held.seconds, held.still.seconds / held.seconds] + [
                value for memory in (True, False) for value in (
                    share(lesson, said[memory][person][0], names, count),
                    float(np.mean([share(one, said[memory][k][0], names, 0)
                                   for k, one in enumerate(courses) if k != person])))])
        seconds = (time.process_time() - start) / len(courses)
        own, own_still, later, others, later_still, others_still = np.mean(found, 0)
        lines.append(
            f"| {repeats} | {aspect.title} | {percent(own)} | {percent(own_still)} | "
            f"{percent(later)} | {percent(later_still)} | {percent(others)} | "
            f"{percent(others_still)} | {seconds:.1f} |")
    return lines


def main() -> None:
    parser = script_parser(__doc__, data="folder of the four sets", cache="clips that were read")
    args = parser.parse_args()
    torch.set_num_threads(1)
    model = load_model("lstm")
    clips = [clip for clip in read_sets(args.data, args.cache)
             if clip.source == "utd" and clip.test and clip.action in MOVEMENTS]
    courses = []
    for person in sorted({clip.person for clip in clips}):
        own = {key: [clip for clip in clips if (clip.person, clip.action) == (person, key)]
               for key in MOVEMENTS}
        courses.append(course([clip for turn in zip(*own.values(), strict=False)
                               for clip in turn], model))
    names = sorted(MOVEMENTS.values())
    print("| Taught of each | From | Held out | Without memory | Same person later | "
          "Without memory | Other people | Without memory | CPU (s) |\n" + "|---" * 9 + "|")
    for repeats in (2, 3):
        print(*rows(courses, names, repeats), sep="\n", flush=True)


if __name__ == "__main__":
    main()
