"""What the scene labeller says of one clip; page, command line, store and tests read the same.

T frames, L = h * w attention cells, C = 100 scenes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from hybridcore.encoder.labels import object_names, scene_names
from hybridcore.layers.flow import Step
from hybridcore.media import Clip
from hybridcore.media.motion import describe_motion
from hybridcore.progress import Progress
from hybridcore.scene.groups import GROUPS
from hybridcore.scene.labels import LEVELS, levels, names, said_in_turn, title
from hybridcore.scene.place import known
from hybridcore.scene.segments import Segment, find_cuts, find_segments
from hybridcore.system import Answer
from hybridcore.text import percent, vtt_text

NAMED_FROM = 0.12  # mean probability from which an object is named in a description
TOP = 5


@dataclass(frozen=True, eq=False)
class Track:
    """What one model predicts for every frame.

    probabilities float32 ``[T, C]``; attention float32 ``[T, h, w]``, sums to one; cut_probability
    float32 ``[T]``; inputs float32 ``[T, D]`` (x_t); hidden float32 ``[T, H]`` (h_t); flow: the
    tensors of this clip on their way through the model.
    """

    probabilities: np.ndarray
    attention: np.ndarray
    cut_probability: np.ndarray
    inputs: np.ndarray
    hidden: np.ndarray
    flow: tuple[Step, ...]

    @cached_property
    def top(self) -> tuple[np.ndarray, np.ndarray]:
        """The five likeliest scenes of every frame: indices and probabilities, ``[T, 5]`` each."""
        return top_of(self.probabilities, TOP)


@dataclass(frozen=True, eq=False)
class SceneResult:
    """What the models of every kind say of one clip, looked at through one of them.

    kind: the model that segments, cuts and tables are of; width, height: pixels; duration: s;
    times float64 ``[T]``, s; tracks: by kind; objects int ``[T, 5]`` with object_probability
    float32 ``[T, 5]``; groups float32 ``[T, 3]``; voices float32 ``[T, 5, 3]``, what each of the
    five objects voted for; motion float32 ``[T, 3]`` (right, down, growth; media/motion.py);
    place float32 ``[T]``, log-odds that a place is shown at all; threshold: what is at least as
    likely is said.

    As the networks give it, probabilities are those of their softmax; ``finish`` calibrates them,
    so that they add up to ``known``.
    """

    columns: ClassVar = (
        "index", "time", "label", "level", "label_probability",
        *(f"scene_{k + 1}" for k in range(TOP)), *(f"probability_{k + 1}" for k in range(TOP)),
        "object", "object_probability", "group", "cut_probability")

    kind: str
    width: int
    height: int
    duration: float
    times: np.ndarray
    tracks: dict[str, Track]
    objects: np.ndarray
    object_probability: np.ndarray
    groups: np.ndarray
    voices: np.ndarray
    motion: np.ndarray
    place: np.ndarray
    threshold: float = 0.0

    def __len__(self) -> int:
        return len(self.times)

    @property
    def scene_names(self) -> tuple[str, ...]:
        """Names of the C scenes."""
        return scene_names()

    @property
    def object_names(self) -> tuple[str, ...]:
        """Names that ``objects`` indexes."""
        return object_names()

    @property
    def track(self) -> Track:
        """That of the model looked at."""
        return self.tracks[self.kind]

    @cached_property
    def known(self) -> np.ndarray:
        """Probability that the scene is one of the C, float32 ``[T]``."""
        return known(self.place)

    @cached_property
    def cuts(self) -> np.ndarray:
        """Frames that begin a new shot, int ``[n]``. The frame-only model predicts
        none."""
        if self.kind == "frame":
            return np.empty(0, np.int64)
        return find_cuts(self.track.cut_probability, self.times)

    @cached_property
    def segments(self) -> list[Segment]:
        """Stretches of which one thing is said, in order of time."""
        return find_segments(
            self.track.probabilities, self.known, self.times, self.cuts, self.duration,
            self.threshold)

    def said(self, kind: str) -> tuple[np.ndarray, np.ndarray]:
        """What the model of a kind says of every frame: position in :func:`labels.names` and
        its probability, ``[T]`` each."""
        return said_in_turn(self.tracks[kind].probabilities, self.known, self.threshold)

    def spans(self) -> list[tuple[float, float]]:
        """Start and end of every segment, s."""
        return [(segment.start, segment.end) for segment in self.segments]

    def describe(self, segment: Segment) -> str:
        """One line on a segment: ``0:03-0:11 kitchen: stove, table; camera pans right``."""
        head = f"{clock(segment.start)}-{clock(segment.end)} {title(segment.label, segment.scene)}"
        contents = self.contents(segment)
        return f"{head}: {contents}" if contents else head

    def contents(self, segment: Segment) -> str:
        """Objects and camera of a segment: ``stove, table; camera pans right``."""
        part = slice(segment.first, segment.last + 1)
        mass = np.bincount(
            self.objects[part].ravel(), self.object_probability[part].ravel(),
            len(self.object_names),
        ) / (segment.last + 1 - segment.first)
        order = np.argsort(-mass)[:3]
        objects = ", ".join(self.object_names[i] for i in order if mass[i] >= NAMED_FROM)
        # A segment's first frame has moved since another segment: leave it out.
        moves = describe_motion(
            self.motion[segment.first + 1 : segment.last + 1], segment.end - segment.start
        )
        return "; ".join(part for part in (objects, moves) if part)

    def to_json(self) -> dict[str, Any]:
        """A plain structure of the whole result."""
        top, value = self.track.top
        label, certain = self.said(self.kind)
        return {
            "video": {"width": self.width, "height": self.height, "frames": len(self),
                      "duration": round(self.duration, 4)},
            "model": self.kind,
            "threshold": round(self.threshold, 4),
            "frames": [
                {
                    "index": t,
                    "time": round(float(self.times[t]), 4),
                    **_called(label[t], certain[t], "probability"),
                    "scenes": _named(top[t], value[t], self.scene_names),
                    "objects": _named(self.objects[t], self.object_probability[t],
                                      self.object_names),
                    "group": GROUPS[int(self.groups[t].argmax())],
                }
                for t in range(len(self))
            ],
            "segments": [
                {
                    "start": round(s.start, 4), "end": round(s.end, 4),
                    **_called(s.label, s.probability, "probability"),
                    "likeliest": self.scene_names[s.scene], "description": self.describe(s),
                }
                for s in self.segments
            ],
            "cuts": [round(float(self.times[t]), 4) for t in self.cuts],
        }

    def to_table(self) -> list[dict[str, Any]]:
        """One row a frame."""
        top, value = self.track.top
        label, certain = self.said(self.kind)
        return [
            {
                "index": t,
                "time": round(float(self.times[t]), 4),
                **_called(label[t], certain[t], "label_probability"),
                **{f"scene_{k + 1}": self.scene_names[top[t, k]] for k in range(TOP)},
                **{f"probability_{k + 1}": round(float(value[t, k]), 4) for k in range(TOP)},
                "object": self.object_names[self.objects[t, 0]],
                "object_probability": round(float(self.object_probability[t, 0]), 4),
                "group": GROUPS[int(self.groups[t].argmax())],
                "cut_probability": round(float(self.track.cut_probability[t]), 4),
            }
            for t in range(len(self))
        ]


def headline(answer: Answer[Clip, SceneResult]) -> str:
    """The longest segment, and how many there are: ``kitchen 58.0 %, 3 segments``."""
    segments = answer.result.segments
    longest = max(segments, key=lambda segment: segment.end - segment.start)
    name = title(longest.label, longest.scene)
    count = "1 segment" if len(segments) == 1 else f"{len(segments)} segments"
    return f"{name} {percent(longest.probability)}, {count}"


def segment_lines(answer: Answer[Clip, SceneResult]) -> str:
    """The segments as a table of text, a line each below a header."""
    result = answer.result
    lines = [f"{'start':>8}  {'end':>8}  {'probability':>11}  {'scene':<32}  contents"]
    lines += [
        f"{s.start:8.2f}  {s.end:8.2f}  {percent(s.probability):>11}  "
        f"{title(s.label, s.scene):<32}  {result.contents(s)}"
        for s in result.segments
    ]
    return "\n".join(lines)


def write_vtt(
    answer: Answer[Clip, SceneResult], path: Path, progress: Progress | None = None
) -> None:
    """An export: a cue a segment, with its name, how likely it is, objects and camera."""
    result = answer.result
    cues = []
    for segment in result.segments:
        name = f"{title(segment.label, segment.scene)} {percent(segment.probability)}"
        cues.append((segment.start, segment.end,
                     ": ".join(part for part in (name, result.contents(segment)) if part)))
    path.write_text(vtt_text(cues), encoding="utf-8")


def top_of(values: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """The ``count`` highest of each row: indices int64 and values, highest first."""
    columns = np.argpartition(-values, count - 1, axis=1)[:, :count]
    highest = np.take_along_axis(values, columns, 1)
    order = np.argsort(-highest, axis=1, kind="stable")
    return np.take_along_axis(columns, order, 1), np.take_along_axis(highest, order, 1)


def clock(seconds: float) -> str:
    """``m:ss`` of a time, rounded to the second."""
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02d}"


def _called(label: int, probability: float, key: str) -> dict[str, Any]:
    """What is said, of which level it is, and how likely it is; the likeliest scene of those that
    are not sure."""
    return {"label": names()[label], "level": LEVELS[levels()[label]],
            key: round(float(probability), 4)}


def _named(index: np.ndarray, value: np.ndarray, names: tuple[str, ...]) -> list[dict[str, Any]]:
    return [
        {"label": names[i], "probability": round(float(p), 4)}
        for i, p in zip(index, value, strict=True)
    ]
