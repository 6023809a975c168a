"""What the scene labeller found in one clip; the page, the command line and the tests read it.

T frames, L = h * w attention cells, C = 100 scenes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from hybridcore.media.motion import describe_motion
from hybridcore.scene.groups import GROUPS
from hybridcore.scene.model import Kind
from hybridcore.scene.segments import Segment, find_cuts, find_segments
from hybridcore.text import csv_text, json_text

SEEN_FROM = 0.12  # mean probability from which an object is named in a description
TOP = 5


@dataclass(frozen=True)
class Track:
    """What one model said of every frame.

    probabilities float32 ``[T, C]``; attention float32 ``[T, h, w]``, sums to one; cut_probability
    float32 ``[T]``; inputs float32 ``[T, D]`` (x_t); hidden float32 ``[T, H]`` (h_t).
    """

    kind: Kind
    probabilities: np.ndarray
    attention: np.ndarray
    cut_probability: np.ndarray
    inputs: np.ndarray
    hidden: np.ndarray

    @cached_property
    def top(self) -> tuple[np.ndarray, np.ndarray]:
        """The five likeliest scenes of every frame: indices and probabilities, ``[T, 5]`` each."""
        return top_of(self.probabilities, TOP)


@dataclass(frozen=True)
class SceneResult:
    """Everything found in one clip.

    times float64 ``[T]``, seconds; objects int ``[T, 5]`` with object_probability float32
    ``[T, 5]``; groups float32 ``[T, 3]``; voices float32 ``[T, 5, 3]``, what each of the five
    objects spoke for; motion float32 ``[T, 3]`` (right, down, growth; see media/motion.py).
    """

    width: int
    height: int
    duration: float
    times: np.ndarray
    tracks: dict[Kind, Track]
    objects: np.ndarray
    object_probability: np.ndarray
    groups: np.ndarray
    voices: np.ndarray
    motion: np.ndarray
    scene_names: tuple[str, ...]
    object_names: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.times)

    def cut_frames(self, kind: Kind) -> np.ndarray:
        """Frames that begin a new shot. The frame-only model cannot tell: it has none."""
        if kind == "frame":
            return np.empty(0, np.int64)
        return find_cuts(self.tracks[kind].cut_probability, self.times)

    def segments(self, kind: Kind) -> list[Segment]:
        """Stretches of one label, in order of time."""
        track = self.tracks[kind]
        return find_segments(
            track.probabilities, self.times, self.cut_frames(kind), self.duration
        )

    def describe(self, segment: Segment) -> str:
        """One line on a segment: ``0:03-0:11 kitchen: stove, table; camera pans right``."""
        head = f"{clock(segment.start)}-{clock(segment.end)} {self.scene_names[segment.label]}"
        seen = self.seen(segment)
        return f"{head}: {seen}" if seen else head

    def seen(self, segment: Segment) -> str:
        """Objects and camera of a segment: ``stove, table; camera pans right``."""
        part = slice(segment.first, segment.last + 1)
        mass = np.bincount(
            self.objects[part].ravel(), self.object_probability[part].ravel(),
            len(self.object_names),
        ) / (segment.last + 1 - segment.first)
        order = np.argsort(-mass)[:3]
        objects = ", ".join(self.object_names[i] for i in order if mass[i] >= SEEN_FROM)
        # A segment's first frame has moved since another segment: leave it out.
        moves = describe_motion(
            self.motion[segment.first + 1 : segment.last + 1], segment.end - segment.start
        )
        return "; ".join(part for part in (objects, moves) if part)

    def to_json(self, kind: Kind) -> dict[str, Any]:
        """A plain structure of the whole result as one model saw it."""
        top, value = self.tracks[kind].top
        return {
            "video": {"width": self.width, "height": self.height, "frames": len(self),
                      "duration": round(self.duration, 4)},
            "model": kind,
            "frames": [
                {
                    "index": t,
                    "time": round(float(self.times[t]), 4),
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
                    "label": self.scene_names[s.label], "probability": round(s.probability, 4),
                    "description": self.describe(s),
                }
                for s in self.segments(kind)
            ],
            "cuts": [round(float(self.times[t]), 4) for t in self.cut_frames(kind)],
        }

    def to_json_text(self, kind: Kind) -> str:
        """:meth:`to_json` as the text of a file."""
        return json_text(self.to_json(kind))

    def to_csv(self, kind: Kind) -> str:
        """:meth:`to_table` as the text of a file, with a header."""
        rows = self.to_table(kind)
        return csv_text(rows, list(rows[0]))

    def to_table(self, kind: Kind) -> list[dict[str, Any]]:
        """One row a frame, for CSV."""
        top, value = self.tracks[kind].top
        return [
            {
                "index": t,
                "time": round(float(self.times[t]), 4),
                **{f"scene_{k + 1}": self.scene_names[top[t, k]] for k in range(TOP)},
                **{f"probability_{k + 1}": round(float(value[t, k]), 4) for k in range(TOP)},
                "object": self.object_names[self.objects[t, 0]],
                "object_probability": round(float(self.object_probability[t, 0]), 4),
                "group": GROUPS[int(self.groups[t].argmax())],
                "cut_probability": round(float(self.tracks[kind].cut_probability[t]), 4),
            }
            for t in range(len(self))
        ]


def top_of(values: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """The ``count`` highest of each row: indices int64 and values, highest first."""
    rows = np.argpartition(-values, count - 1, axis=1)[:, :count]
    found = np.take_along_axis(values, rows, 1)
    order = np.argsort(-found, axis=1, kind="stable")
    return np.take_along_axis(rows, order, 1), np.take_along_axis(found, order, 1)


def clock(seconds: float) -> str:
    """``m:ss`` of a time, rounded to the second."""
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02d}"


def _named(index: np.ndarray, value: np.ndarray, names: tuple[str, ...]) -> list[dict[str, Any]]:
    return [
        {"label": names[i], "probability": round(float(p), 4)}
        for i, p in zip(index, value, strict=True)
    ]
