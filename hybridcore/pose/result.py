"""What the bodies in a clip do; page, command line, store and tests read the same.

n frames in which a body was seen, m steps of the networks, K = 33 landmarks, C actions.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from hybridcore.people.points import BODY_POINTS
from hybridcore.people.readings import Read, longest_first
from hybridcore.pose.actions import ACTIONS, SAID
from hybridcore.pose.measures import SEEN
from hybridcore.pose.segments import Segment, find_segments
from hybridcore.text import percent


@dataclass(frozen=True, eq=False, kw_only=True)
class Body(Read):
    """One person over time.

    boxes float32 ``[n, 4]``: left, top, right, bottom,
    shares of the picture's sides. landmarks float32 ``[n, 33, 2]``, x and y as such shares (outside
    0..1 they are guessed); visibility float32 ``[n, 33]`` in 0..1, how likely each is seen; world
    float32 ``[n, 33, 3]``, metres from the middle of the hips, y down, z away from the camera;
    presence float32 ``[n]`` in 0..1, how sure the landmark network is that it is a body.
    """

    boxes: np.ndarray
    landmarks: np.ndarray
    visibility: np.ndarray
    world: np.ndarray
    presence: np.ndarray

    @cached_property
    def seen(self) -> np.ndarray:
        """Which landmarks are seen, bool ``[n, 33]``."""
        return np.asarray(self.visibility >= SEEN)

    def probabilities(self, kind: str) -> np.ndarray:
        """What the network of a kind finds likely at every frame, ``[n, C]``."""
        return np.asarray(self.readings[kind].probabilities[self.at])

    def said(self, kind: str, threshold: float) -> tuple[np.ndarray, np.ndarray]:
        """What is said at every frame: position in ``SAID`` int64 ``[n]``, and its probability."""
        said, sure = self.said_at_steps(kind, threshold)
        return said[self.at], sure[self.at]

    def said_at_steps(self, kind: str, threshold: float) -> tuple[np.ndarray, np.ndarray]:
        """What is said at every step of the networks, as :meth:`said`, ``[m]``."""
        p = self.readings[kind].probabilities
        sure = p.max(1)
        return np.where(sure >= threshold, p.argmax(1), len(ACTIONS)), sure

    def segments(self, kind: str, threshold: float) -> tuple[Segment, ...]:
        """Stretches of one action, in order of time."""
        return find_segments(self.readings[kind].probabilities, self.steps, threshold)

    def action(self, kind: str) -> tuple[str, float]:
        """What it does over all of the time: the likeliest action and its mean probability."""
        mean = self.readings[kind].probabilities.mean(0)
        return ACTIONS[int(mean.argmax())], float(mean.max())


@dataclass(frozen=True, eq=False)
class PoseResult:
    """Everybody in a clip, looked at through the network of one kind.

    kind: that network's; width, height: px; duration: s; times float64 ``[T]``, s, of all frames;
    bodies: in the order of coming; threshold: what is at least as likely is said.
    """

    columns: ClassVar = (
        "person", "frame", "time", "action", "probability",
        *(f"{name}_{what}" for name in (point.replace(" ", "_").replace("(", "").replace(")", "")
                                        for point in BODY_POINTS)
          for what in ("x_px", "y_px", "visibility", "x_m", "y_m", "z_m")))

    kind: str
    width: int
    height: int
    duration: float
    times: np.ndarray
    bodies: tuple[Body, ...]
    threshold: float = 0.0

    @cached_property
    def offered(self) -> list[Body]:
        """The bodies as the page offers them: the one seen longest comes first."""
        return longest_first(self.bodies)

    @cached_property
    def crowd(self) -> int:
        """How many people there are at once at most."""
        if not self.bodies:
            return 0
        return int(np.bincount(np.concatenate([body.frames for body in self.bodies])).max())

    def segments(self, body: Body) -> tuple[Segment, ...]:
        """What one body does, stretch by stretch."""
        return body.segments(self.kind, self.threshold)

    def to_json(self) -> dict[str, Any]:
        """A plain structure: for each person its segments, and its landmarks in pixels and metres
        at every frame."""
        return {
            "video": {"width": self.width, "height": self.height, "frames": len(self.times),
                      "duration": round(self.duration, 4)},
            "model": self.kind, "threshold": round(self.threshold, 4),
            "actions": list(ACTIONS),
            "landmarks": {
                "names": list(BODY_POINTS),
                "x, y": "px of the video", "visibility": "0..1",
                "world": "m from the middle of the hips: right, down, away from the camera"},
            "persons": [self._person(body) for body in self.bodies],
        }

    def to_table(self) -> list[dict[str, Any]]:
        """One row for each person and frame, with :attr:`columns`."""
        rows = []
        for body in self.bodies:
            label, sure = body.said(self.kind, self.threshold)
            places = np.concatenate(
                [self.pixels(body), body.visibility[..., None], body.world], -1)
            for k, numbers in enumerate(places.reshape(len(places), -1).round(4).tolist()):
                rows.append(dict(zip(self.columns, (
                    body.number, int(body.frames[k]), round(float(body.times[k]), 4),
                    SAID[label[k]], round(float(sure[k]), 4), *numbers), strict=True)))
        return rows

    def pixels(self, body: Body) -> np.ndarray:
        """Landmarks of a body in px of the video, ``[n, 33, 2]``."""
        return np.asarray(body.landmarks * np.array([self.width, self.height], np.float32))

    def _person(self, body: Body) -> dict[str, Any]:
        label, sure = body.said(self.kind, self.threshold)
        places = self.pixels(body).round(2).tolist()
        return {
            "id": body.number,
            "segments": [
                {"start": round(s.start, 4), "end": round(s.end, 4), "action": SAID[s.label],
                 "likeliest": ACTIONS[s.action], "probability": round(s.probability, 4)}
                for s in self.segments(body)],
            "frames": [
                {"index": int(body.frames[k]), "time": round(float(body.times[k]), 4),
                 "action": SAID[label[k]], "probability": round(float(sure[k]), 4),
                 "landmarks": places[k], "visibility": body.visibility[k].round(3).tolist(),
                 "world": body.world[k].round(4).tolist()}
                for k in range(len(body.frames))],
        }

    def headline(self) -> str:
        """How many people, and what the one seen for longest does."""
        if not self.bodies:
            return "nobody is seen"
        segments = self.segments(self.offered[0])
        main = max(segments, key=lambda segment: segment.end - segment.start)
        count = len(self.bodies)
        people = "1 person" if count == 1 else f"{count} people"
        return f"{people}: {main.title} {percent(main.probability)}"

    def to_text(self) -> str:
        """What everybody does as a table for a terminal."""
        if not self.bodies:
            return self.headline()
        lines = [f"{'person':>6}  {'start':>7}  {'end':>7}  {'probability':>11}  action"]
        lines += [
            f"{body.number:6}  {s.start:7.2f}  {s.end:7.2f}  {percent(s.probability):>11}  "
            f"{s.title}"
            for body in self.bodies for s in self.segments(body)]
        return "\n".join(lines)
