"""Real clips labelled by eye, and how right every network is on them.

``python -m hybridcore.pose.learn.real_clips --clips FOLDER --cache FOLDER`` prints what is said of
each clip, and with ``--write`` puts temperatures and shares into the cards of the networks.
``clips.json`` names clips of public repositories, ``FOLDER/OWNER/NAME/PATH``, and what people in
them do, from when to when, decided before any prediction was looked at; the clips themselves are
not part of the project. A stretch without labels shows something that has no name here, so that
only "not sure" is right. On the clips marked ``fit`` nothing is judged: where a network is wrong
and sure of it there, its temperature is raised.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import cattrs
import numpy as np
import torch

from hybridcore.cards import load_card, write_card
from hybridcore.media import Clip
from hybridcore.pose.actions import ACTIONS, SAID
from hybridcore.pose.calibration import THRESHOLD
from hybridcore.pose.model import KINDS
from hybridcore.pose.networks import load_models
from hybridcore.pose.predict import PoseReader, with_readings
from hybridcore.pose.result import Body, PoseResult
from hybridcore.text import percent
from hybridcore.training.footage import first_outputs
from hybridcore.training.metrics import share_row

COMMAND = "python -m hybridcore.pose.learn.real_clips --clips CLIPS --cache CACHE --write"
SPLIT = "real clips, labelled by eye"
SURE = 0.8  # what is likelier and wrong misleads
MISLEADING = 0.001  # share of the steps of the clips marked ``fit`` which may be so
_TEMPERATURES = np.geomspace(1.0, 3.0, 34)  # factors that are tried
OFTEN = ("standing", "sitting", "walking")  # labels of most of the time
_FOUND = ("frames", "times", "boxes", "landmarks", "visibility", "world", "presence")  # of a body
_BORDER = 0.2  # s next to the ends of a stretch, in which nothing is judged


@dataclass(frozen=True)
class Stretch:
    """What somebody does from ``start`` to ``end``, s: one of ``labels`` is right, none: it has no
    name. x: where in the picture the middle of the body is, shares of its width."""

    start: float
    end: float
    labels: tuple[str, ...]
    x: tuple[float, float] = (0.0, 1.0)


@dataclass(frozen=True)
class RealClip:
    """One clip and what is done in it."""

    source: str
    file: str
    place: str
    shows: str
    fit: bool
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, eq=False)
class Judged:
    """N steps of a stretch: what is said, positions in ``SAID`` ``[N]``, and its probability
    ``[N]``."""

    clip: RealClip
    stretch: Stretch
    said: np.ndarray
    sure: np.ndarray

    @property
    def named(self) -> np.ndarray:
        """Where something is named, bool ``[N]``."""
        return np.asarray(self.said < len(ACTIONS))

    @property
    def right(self) -> np.ndarray:
        """Where what is named is right, bool ``[N]``."""
        return np.isin(self.said, [ACTIONS.index(label) for label in self.stretch.labels])

    @property
    def misleading(self) -> np.ndarray:
        """Where what is named is wrong, and surely so, bool ``[N]``."""
        return np.asarray(self.named & ~self.right & (self.sure > SURE))


def read_clips() -> list[RealClip]:
    """All clips, as labelled by eye."""
    entries = json.loads(Path(__file__).with_name("clips.json").read_text())
    return [cattrs.structure(entry, RealClip) for entry in entries]


def watched(clip: RealClip, folder: Path, cache: Path) -> PoseResult:
    """Everybody in a clip up to its last stretch, without readings; kept in ``cache``."""
    path = cache / f"{clip.source}-{clip.file}.npz".replace("/", "-")
    if not path.exists():
        cache.mkdir(parents=True, exist_ok=True)
        source = Clip.open(folder / clip.source / clip.file)
        last = max(stretch.end for stretch in clip.stretches) / source.duration
        frames = int(np.ceil((source.info.frame_count or 0) * last)) + 1
        found: PoseResult = first_outputs(
            partial(PoseReader({}).run, source, chunk=16), frames)
        np.savez(path, allow_pickle=False, times=found.times,
                 about=[found.width, found.height, found.duration], **{
                     f"{body.number} {name}": getattr(body, name)
                     for body in found.bodies for name in _FOUND})
    with np.load(path, allow_pickle=False) as kept:
        width, height, duration = kept["about"].tolist()
        numbers = sorted({int(name.split()[0]) for name in kept.files if " " in name})
        return PoseResult(KINDS[0], int(width), int(height), duration, kept["times"], tuple(
            Body(number=number, steps=kept["times"][:0], readings={}, **{
                name: kept[f"{number} {name}"] for name in _FOUND}) for number in numbers))


def judge(clip: RealClip, bodies: Sequence[Body], kind: str, threshold: float) -> list[Judged]:
    """What is said of everybody in every stretch of a clip."""
    found = []
    for stretch in clip.stretches:
        parts = []
        for body in bodies:
            said, sure = body.said_at_steps(kind, threshold)
            middle = np.interp(body.steps, body.times, body.boxes[:, [0, 2]].mean(1))
            there = (body.steps >= stretch.start + _BORDER) & (
                body.steps <= stretch.end - _BORDER) & (
                middle >= stretch.x[0]) & (middle <= stretch.x[1])
            parts.append((said[there], sure[there]))
        if parts:
            found.append(Judged(clip, stretch, *map(np.concatenate, zip(*parts, strict=True))))
    return found


def rows_of(judged: Sequence[Judged]) -> list[dict[str, Any]]:
    """Rows of a card; intervals are over places."""
    def row(
        name: str, hits: Sequence[int], counts: Sequence[int], of: Sequence[Judged] = judged
    ) -> dict[str, Any]:
        number = np.unique([one.clip.place for one in of], return_inverse=True)[1]
        return share_row(name, SPLIT, np.bincount(number, hits), np.bincount(number, counts))

    total = [len(one.said) for one in judged]
    known = [len(one.said) if one.stretch.labels else 0 for one in judged]
    wrong = [int(one.misleading.sum()) for one in judged]
    return [
        row(f"named (likelier than {THRESHOLD})",
            [int(one.named.sum()) if one.stretch.labels else 0 for one in judged], known),
        row("right where named", [int(one.right.sum()) for one in judged],
            [int(one.named.sum()) for one in judged]),
        row(f"wrong and likelier than {SURE}", wrong, total),
        *(row(f"{label} is named", [int(one.right.sum()) for one in own],
              [len(one.said) for one in own], own)
          for label in OFTEN
          if (own := [one for one in judged if one.stretch.labels == (label,)])),
    ]


def at_temperature(result: PoseResult, temperature: float) -> tuple[Body, ...]:
    """Everybody, with probabilities under a temperature."""
    return tuple(
        replace(body, readings={kind: replace(reading, temperature=temperature)
                                for kind, reading in body.readings.items()})
        for body in result.bodies)


def raised(
    clips: Sequence[RealClip], results: Sequence[PoseResult], kind: str, temperature: float
) -> float:
    """The lowest temperature from ``temperature`` on under which what is said of some clips hardly
    ever misleads."""
    for factor in _TEMPERATURES:
        judged = [one for clip, result in zip(clips, results, strict=True)
                  for one in judge(clip, at_temperature(result, temperature * factor), kind,
                                   THRESHOLD)]
        steps = sum(len(one.said) for one in judged)
        if sum(int(one.misleading.sum()) for one in judged) <= MISLEADING * steps:
            break
    return round(float(temperature * factor), 3)


def lines_of(judged: Sequence[Judged]) -> list[str]:
    """For each stretch what is said in it, for a terminal."""
    lines = []
    for one in judged:
        counts = np.bincount(one.said, minlength=len(SAID))
        shares = ", ".join(f"{SAID[k]} {percent(counts[k] / max(len(one.said), 1))}"
                           for k in np.argsort(-counts, kind="stable")[:3] if counts[k])
        expected = " or ".join(one.stretch.labels) or "(no name)"
        lines.append(f"{one.clip.source} {one.clip.file} {one.stretch.start:5.1f} to "
                     f"{one.stretch.end:5.1f}  {expected}: {shares or 'nobody'}")
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clips", type=Path, required=True, help="folder of repositories")
    parser.add_argument("--cache", type=Path, required=True, help="landmarks that were found")
    parser.add_argument("--write", action="store_true", help="write into the cards")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    models = load_models()
    clips = read_clips()
    results = [with_readings(watched(clip, arguments.clips, arguments.cache), models)
               for clip in clips]
    fit = [k for k, clip in enumerate(clips) if clip.fit]
    for kind in KINDS:
        card = load_card(f"pose_{kind}")
        before = card["calibration"]
        sequences = before.get("of_sequences", before["temperature"])
        temperature = raised([clips[k] for k in fit], [results[k] for k in fit], kind, sequences)
        judged = [one for clip, result in zip(clips, results, strict=True) if not clip.fit
                  for one in judge(clip, at_temperature(result, temperature), kind, THRESHOLD)]
        rows = rows_of(judged)
        print(f"{kind}, temperature {temperature}", *lines_of(judged), *rows, sep="\n  ")
        if arguments.write:
            kept = [row for row in card["metrics"] if row["split"] != SPLIT]
            write_card({**card, "metrics": [*kept, *rows], "calibration": {
                "temperature": temperature, "of_sequences": sequences, "command": COMMAND}})


if __name__ == "__main__":
    main()
