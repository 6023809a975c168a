"""How many people of real clips are found, and how many skeletons are right.

    python -m hybridcore.people.learn.evaluate --clips FOLDER [--write]

``clips.json`` holds, for frames spread evenly over each clip, what was counted by eye: people that
can be seen (at least head or torso), those of them that were given a skeleton that is right (every
limb that is drawn lies on that limb, within its width), and skeletons that are wrong or on nothing.
Counted once, in pictures of the tracks as they are; counted again, if the code changes what is
found. This command runs the clips again, checks that what it finds is what was counted, and writes
the shares into the card. The clips are no part of the project: ``FOLDER/SOURCE/FILE``, from
intel-iot-devkit/sample-videos (its previews as MP4) and the fight events of Akti et al. 2019.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import cattrs
import numpy as np

from hybridcore.cards import load_card, write_card
from hybridcore.media import Clip
from hybridcore.people.result import People
from hybridcore.people.watch import watch_clip
from hybridcore.training.metrics import share_row

CARD = "people_body"
COMMAND = "python -m hybridcore.people.learn.evaluate --clips FOLDER --write"
LIMITS = [
    "People smaller than about 40 px are missed, and so are most of those behind others",
    "Bodies close together, cut off at the chest, draw one skeleton between two of them",
    "A track that was lost may come back on somebody beside it whose colours are alike",
    "An arm that holds a bottle passed for a person; nothing of that kind was trained against",
    "The presence from which a track counts was set on the clips that it is counted on here",
]


@dataclass(frozen=True)
class Counted:
    """One clip: ``frames`` of it were looked at. Numbers over all of those together.

    empty: frames without anybody; people: seen by eye; right, wrong: skeletons.
    """

    source: str
    file: str
    shows: str
    frames: int
    empty: int
    people: int
    right: int
    wrong: int


def sampled(total: int, count: int) -> list[int]:
    """Frames spread evenly over a clip of ``total``: the middles of ``count`` parts."""
    return [int((k + 0.5) * total / count) for k in range(count)]


def skeletons(people: People, count: int) -> int:
    """How many skeletons ``count`` frames spread over the clip have."""
    chosen = sampled(len(people.times), count)
    return sum(int(np.isin(chosen, person.frames).sum()) for person in people.persons)


def _split(name: str, clips: list[Counted]) -> str:
    frames, empty = (sum(getattr(clip, key) for clip in clips) for key in ("frames", "empty"))
    return f"{name}: {frames} frames, {empty} without anybody; counted by eye"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clips", type=Path, required=True, help="folder of SOURCE/FILE")
    parser.add_argument("--write", action="store_true", help="write the card")
    args = parser.parse_args()
    entries = json.loads(Path(__file__).with_name("clips.json").read_text())
    counted = [cattrs.structure(entry, Counted) for entry in entries]
    frames_of_nobody = skeletons_of_nobody = 0
    for clip in counted:
        people = watch_clip(Clip.open(args.clips / clip.source / clip.file), masks=False)
        found = skeletons(people, clip.frames)
        note = "" if found == clip.right + clip.wrong else "  <- count these frames again"
        print(f"{clip.file}: {clip.people} people, {clip.right} right, {clip.wrong} wrong, "
              f"{found} found now, {len(people.persons)} tracks{note}", flush=True)
        if not clip.people:
            frames_of_nobody += len(people.times)
            skeletons_of_nobody += len({*np.concatenate(
                [np.zeros(0, int), *(person.frames for person in people.persons)]).tolist()})
    rows = [share_row("people with a right skeleton", _split("all clips", counted),
                      np.array([clip.right for clip in counted]),
                      np.array([clip.people for clip in counted])) | {"headline": True}]
    for clip in counted:
        if clip.people:
            rows.append({
                "name": "people with a right skeleton", "split": _split(clip.shows, [clip]),
                "count": clip.people, "value": round(100 * clip.right / clip.people, 1),
                "unit": "%"})
    rows += [{"name": "wrong skeletons", "split": _split(name, clips),
              "count": sum(clip.frames for clip in clips),
              "value": sum(clip.wrong for clip in clips), "unit": "in all these frames"}
             for name, clips in [("all clips", counted), *((c.shows, [c]) for c in counted)]]
    rows.append({
        "name": "frames with a skeleton", "split": "every frame of the clips that show no person",
        "count": frames_of_nobody, "unit": "%",
        "value": round(100 * skeletons_of_nobody / frames_of_nobody, 1)})
    for row in rows:
        print(row)
    if args.write:
        card = dict(load_card(CARD))
        kept = [row for row in card["metrics"] if row["name"].startswith("largest difference")]
        card |= {"metrics": [*rows, *kept], "limits": LIMITS}
        write_card(card)


if __name__ == "__main__":
    main()
