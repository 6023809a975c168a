"""What was measured of the walks in a clip or in a set of masks; page, command line and tests read
it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import numpy as np

from hybridcore.gait.identification import NOBODY, KnownWalks
from hybridcore.gait.seen_before import (
    Limits,
    Sighting,
    earlier,
)
from hybridcore.gait.walk import Walk


@dataclass(frozen=True)
class GaitResult:
    """All walks of a clip or of a mask set.

    width, height: px of the film that is played; duration: its length, s; times float64 ``[T]``, s,
    of every frame of it. method: where silhouettes are from: ``people``, the way in which the
    background was modelled, or ``masks``.
    notes: sentences on the whole clip, such as that nobody walks.
    kind: the network whose identities count; known: the walks that it compared them with.
    """

    columns: ClassVar = ("walker", "frame", "time", "left", "top", "width", "height", "usable",
                         "lower_width", "step")

    width: int
    height: int
    duration: float
    times: np.ndarray
    method: str
    walks: tuple[Walk, ...]
    notes: tuple[str, ...]
    kind: str = "lstm"
    known: KnownWalks = field(default_factory=lambda: NOBODY)

    def of(self, kind: str, known: KnownWalks = NOBODY) -> GaitResult:
        """The same walks as the network of that kind sees them, compared with those it knows."""
        walks = tuple(walk.of(kind, known) for walk in self.walks)
        return replace(self, kind=kind, known=known, walks=walks)

    def recalled(
        self, enrolled: Sequence[Sighting], limits: Limits, video: str
    ) -> GaitResult:
        """The same walks, each with where its clothes were seen before: in this ``video``, or
        where somebody was ``enrolled``."""
        here = [seen for walk in self.walks if (seen := walk.sighting()) is not None]
        walks = []
        for walk in self.walks:
            if (seen := walk.sighting()) is not None:
                others = [one for one in enrolled if (one.video, one.start) != (video, seen.start)]
                walk = replace(walk, before=earlier(seen, [*here, *others], limits))
            walks.append(walk)
        return replace(self, walks=tuple(walks))

    def headline(self) -> str:
        """How many people walk, how fast, and which of them are recognised."""
        count = len(self.walks)
        if not count:
            return "nobody walks"
        cadences = [
            f"{walk.rhythm.cadence:.0f}" for walk in self.walks if walk.rhythm.cadence is not None]
        names = [walk.matches[0].name for walk in self.walks
                 if walk.matches and walk.matches[0].accepted]
        parts = [f"{count} walker{'s' * (count > 1)}"]
        parts += [f"{' and '.join(cadences)} steps/min"] if cadences else []
        return "; ".join([*parts, *names])

    def to_json(self) -> dict[str, Any]:
        """``{"model": kind, "tracks": [...]}``, see :meth:`Walk.to_json`."""
        return {"model": self.kind, "tracks": [walk.to_json() for walk in self.walks]}

    def to_table(self) -> list[dict[str, Any]]:
        """One row a silhouette, with :attr:`columns`."""
        rows = []
        for walk in self.walks:
            width = iter(walk.rhythm.width)
            steps = set(np.flatnonzero(walk.usable)[list(walk.rhythm.steps)].tolist())
            for k, box in enumerate(walk.boxes):
                usable = bool(walk.usable[k])
                sides = (round(float(side), 4) for side in box)
                rows.append(dict(zip(self.columns, (
                    walk.id, int(walk.frames[k]), round(float(walk.times[k]), 4), *sides,
                    int(usable), round(float(next(width)), 4) if usable else "", int(k in steps),
                ), strict=True)))
        return rows

    def to_text(self) -> str:
        """The walks as a table for a terminal, or that there is none."""
        if not self.walks:
            return self.headline()
        lines = [f"{'id':>3}  {'start':>7}  {'end':>7}  {'cycles':>6}  {'steps/min':>9}  "
                 f"{'view':>5}  {'who':<24}  {'seen before':<44}  notes"]
        for walk in self.walks:
            cadence = walk.rhythm.cadence
            lines.append(
                f"{walk.id:3}  {walk.times[0]:7.2f}  {walk.times[-1]:7.2f}  "
                f"{len(walk.rhythm.cycles):6}  {'-' if cadence is None else f'{cadence:.1f}':>9}  "
                f"{'-' if walk.view is None else walk.view:>5}  {walk.who:<24}  "
                f"{walk.seen_before:<44}  "
                f"{'; '.join(walk.notes)}".rstrip())
        return "\n".join(lines)
