"""What the hands in a clip say; page, command line, store and tests read the same.

n frames in which somebody is seen, m steps of the networks, K = 49 points, C gestures.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from hybridcore.gesture.calibration import averaged
from hybridcore.gesture.gestures import GESTURES, SAID
from hybridcore.gesture.points import HANDS, NAMES
from hybridcore.gesture.segments import Segment, find_segments
from hybridcore.gesture.signers import visible
from hybridcore.people.readings import Read, Reading, longest_first
from hybridcore.text import percent

AVERAGED, FRAME = "average", "frame"  # the kind that averages, and what it averages


@dataclass(frozen=True, eq=False, kw_only=True)
class Signer(Read):
    """Somebody whose hands are read, in the frames in which shoulders or a hand are seen.

    landmarks float32 ``[n, 49, 2]``, shares of the picture's sides, of what is not seen a guess
    where there is one, else NaN; visibility float32 ``[n, 49]`` in 0..1, how likely each is seen: 1
    of the points of a hand that was found, 0 where nothing was.
    """

    landmarks: np.ndarray
    visibility: np.ndarray

    @cached_property
    def points(self) -> np.ndarray:
        """The landmarks that are seen; NaN where not, float32 ``[n, 49, 2]``."""
        return visible(self.landmarks, self.visibility)

    @cached_property
    def hands(self) -> np.ndarray:
        """Whether the left and the right hand are seen, bool ``[n, 2]``."""
        return np.stack([np.isfinite(self.points[:, part.start, 0]) for part in HANDS], 1)

    def reading(self, kind: str) -> Reading:
        """That of the network behind a kind."""
        return self.readings[FRAME if kind == AVERAGED else kind]

    def probabilities(self, kind: str) -> np.ndarray:
        """What a kind finds likely at every step, float32 ``[m, C]``."""
        p = self.reading(kind).probabilities
        return averaged(p) if kind == AVERAGED else p

    def said(self, kind: str, threshold: float) -> tuple[np.ndarray, np.ndarray]:
        """What is said at every frame: position in ``SAID`` int64 ``[n]``, and its probability."""
        p = self.probabilities(kind)[self.at]
        sure = p.max(1)
        return np.where(sure >= threshold, p.argmax(1), len(GESTURES)), sure

    def segments(self, kind: str, threshold: float) -> tuple[Segment, ...]:
        """Gestures in order of time."""
        return find_segments(self.probabilities(kind), self.steps, threshold)


@dataclass(frozen=True, eq=False)
class GestureResult:
    """Everybody in a clip, looked at through the network of one kind.

    kind: that network's; width, height: px; duration: s; times float64 ``[T]``, s, of all frames;
    signers: in the order of coming; threshold: what is at least as likely is said.
    """

    columns: ClassVar = (
        "person", "frame", "time", "gesture", "probability",
        *(f"{name.lower().replace(' ', '_')}_{axis}_px" for name in NAMES for axis in "xy"))

    kind: str
    width: int
    height: int
    duration: float
    times: np.ndarray
    signers: tuple[Signer, ...]
    threshold: float = 0.0

    @cached_property
    def offered(self) -> list[Signer]:
        """The people as the page offers them: who is seen longest comes first."""
        return longest_first(self.signers)

    def segments(self, signer: Signer) -> tuple[Segment, ...]:
        """The gestures of one person."""
        return signer.segments(self.kind, self.threshold)

    def pixels(self, signer: Signer) -> np.ndarray:
        """Points in px of the video, ``[n, 49, 2]``."""
        return np.asarray(signer.points * np.array([self.width, self.height], np.float32))

    def to_json(self) -> dict[str, Any]:
        """A plain structure: for each person the gestures, and the points in pixels at every
        frame, null where not seen."""
        return {
            "video": {"width": self.width, "height": self.height, "frames": len(self.times),
                      "duration": round(self.duration, 4)},
            "model": self.kind, "threshold": round(self.threshold, 4),
            "gestures": list(GESTURES),
            "landmarks": {"names": list(NAMES), "x, y": "px of the video, null where not seen"},
            "persons": [self._person(signer) for signer in self.signers],
        }

    def _person(self, signer: Signer) -> dict[str, Any]:
        label, sure = signer.said(self.kind, self.threshold)
        places = self.pixels(signer)
        return {
            "id": signer.number,
            "segments": [
                {"start": round(s.start, 4), "end": round(s.end, 4), "gesture": SAID[s.label],
                 "likeliest": GESTURES[s.gesture], "probability": round(s.probability, 4)}
                for s in self.segments(signer)],
            "frames": [
                {"index": int(signer.frames[k]), "time": round(float(signer.times[k]), 4),
                 "gesture": SAID[label[k]], "probability": round(float(sure[k]), 4),
                 "landmarks": [None if np.isnan(x) else [round(float(x), 2), round(float(y), 2)]
                               for x, y in places[k]]}
                for k in range(len(signer.frames))],
        }

    def to_table(self) -> list[dict[str, Any]]:
        """One row for each person and frame, with :attr:`columns`; empty where not seen."""
        rows = []
        for signer in self.signers:
            label, sure = signer.said(self.kind, self.threshold)
            places = self.pixels(signer).reshape(len(signer.frames), -1)
            for k, numbers in enumerate(places.tolist()):
                rows.append(dict(zip(self.columns, (
                    signer.number, int(signer.frames[k]), round(float(signer.times[k]), 4),
                    SAID[label[k]], round(float(sure[k]), 4),
                    *("" if np.isnan(value) else round(value, 2) for value in numbers)),
                    strict=True)))
        return rows

    def headline(self) -> str:
        """The gestures of everybody in order of time."""
        if not self.signers:
            return "no hands are seen"
        named = sorted((s.start, SAID[s.label]) for signer in self.signers
                       for s in self.segments(signer) if s.label < len(GESTURES))
        if not named:
            return "no gesture"
        names = list(dict.fromkeys(name for _, name in named))
        return f"{', '.join(names[:4])}{', ...' if len(names) > 4 else ''}"

    def to_text(self) -> str:
        """What everybody says as a table for a terminal."""
        lines = [
            f"{signer.number:6}  {s.start:7.2f}  {s.end:7.2f}  {percent(s.probability):>11}  "
            f"{s.title}"
            for signer in self.signers for s in self.segments(signer)]
        if not lines:
            return self.headline()
        head = f"{'person':>6}  {'start':>7}  {'end':>7}  {'probability':>11}  gesture"
        return "\n".join([head, *lines])
