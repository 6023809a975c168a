"""Whether somebody was seen before, in this video or in another one, and when: by their clothes.

This tells clothes apart, not people: whoever wears the same is the same here, and nobody is known
again in other clothes. Two who are there at once are never the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from hybridcore.text import clock_text

Verdict = Literal["seen before", "not sure"]

NOT_COMPARED = "not compared by clothing: no picture of all of the person"
NOT_SEEN = "not seen before (by clothing)"
BY = "(by clothing)"


@dataclass(frozen=True)
class Limits:
    """Similarities (cosine) that decide: from ``same`` on, clothes are the same; below ``other``
    they are not; between, it is not sure."""

    same: float
    other: float


@dataclass(frozen=True)
class Sighting:
    """Somebody who was seen: name; video, "" for the one that is looked at; start and end, s in
    it; clothes float32 ``[D]``, unit length."""

    name: str
    video: str
    start: float
    end: float
    clothes: np.ndarray


@dataclass(frozen=True)
class Before:
    """An earlier sighting of the same clothes, or of clothes that may be the same."""

    verdict: Verdict
    similarity: float
    name: str
    video: str
    start: float
    end: float

    @property
    def when(self) -> str:
        """``0:14.0 to 0:21.2``, with the video where it is another one."""
        where = f"in {self.video}, " if self.video else ""
        return f"{where}{clock_text(self.start)} to {clock_text(self.end)}"

    @property
    def said(self) -> str:
        """``seen before: walker 2, 0:14.0 to 0:21.2``."""
        perhaps = "" if self.verdict == "seen before" else "perhaps "
        return f"{self.verdict}: {perhaps}{self.name}, {self.when}"

    def to_json(self) -> dict[str, Any]:
        """A plain structure; video null for this one, times in seconds in it."""
        return {
            "verdict": self.verdict, "name": self.name, "video": self.video or None,
            "start": round(self.start, 4), "end": round(self.end, 4),
            "similarity": round(self.similarity, 4), "by": "clothing"}


def similarities(clothes: Sequence[np.ndarray]) -> np.ndarray:
    """Cosine of n unit vectors with each other, float ``[n, n]``."""
    matrix = np.array(clothes)
    return np.asarray(matrix @ matrix.T)


def earlier(
    seen: Sighting, sightings: Sequence[Sighting], limits: Limits
) -> tuple[Before, ...]:
    """Whom of ``sightings`` somebody is taken for: of those who were gone before, in this video,
    and of those in other videos, the most alike of each, surest first.

    sightings: of this video have no name of a video; a sighting of this very person is none.
    """
    sightings = [one for one in sightings if one.clothes.shape == seen.clothes.shape]
    groups = (
        [one for one in sightings if not one.video and one.end < seen.start],
        [one for one in sightings if one.video])
    found = []
    for group in groups:
        alike = [float(one.clothes @ seen.clothes) for one in group]
        if alike and max(alike) >= limits.other:
            best = int(np.argmax(alike))
            one = group[best]
            found.append(Before(
                "seen before" if alike[best] >= limits.same else "not sure", alike[best],
                one.name, one.video, one.start, one.end))
    return tuple(sorted(found, key=lambda before: -before.similarity))
