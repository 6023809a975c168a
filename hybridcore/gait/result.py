"""What was found of the walks in a clip or in a set of masks; page, command line and tests read it.

n silhouettes of a walk, D numbers of an embedding, H hidden units.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from hybridcore.gait.energy import gait_energy, gait_entropy
from hybridcore.gait.gallery import Gallery, GalleryError, Match
from hybridcore.gait.measures import Rhythm
from hybridcore.text import csv_text, json_text


@dataclass(frozen=True)
class Identity:
    """What the network says of a walk, at m of its usable silhouettes.

    at int ``[m]``: which of the usable ones (those of a fast camera are thinned); evidence float32
    ``[m, D]``, the unit embedding of all silhouettes so far; views float32 ``[m, 11]``, probability
    of each angle of :data:`~hybridcore.gait.model.VIEWS`; inputs float32 ``[m, F]`` (x_t) and
    hidden float32 ``[m, H]`` (h_t) of the LSTM.
    """

    at: np.ndarray
    evidence: np.ndarray
    views: np.ndarray
    inputs: np.ndarray
    hidden: np.ndarray

    @property
    def embedding(self) -> np.ndarray:
        """float32 ``[D]``: the evidence of the whole walk."""
        return self.evidence[-1]


@dataclass(frozen=True)
class Walk:
    """One person over time.

    id: from 1, in order of appearance. name: "walker 1", or the name of a mask walk.
    frames int ``[n]``, numbers in the clip; times float64 ``[n]``, s.
    boxes float32 ``[n, 4]``: left, top, width, height, as shares of the picture's sides.
    middles float32 ``[n]``: the column on which each silhouette is centred, a share of the width.
    silhouettes uint8 ``[n, 64, 44]``; usable bool ``[n]``: whole and alone, so it counts.
    feet: for each silhouette a bool array over the columns of its box, one a pixel of the working
    picture (``feet_width`` px wide): true where the person is near the ground.
    rhythm: steps and cycles, positions among the usable silhouettes.
    identity: None where there was nothing to recognise (see ``notes``); view: degrees between walk
    and camera, None without identity; matches: the nearest names of a gallery, nearest first.
    """

    id: int
    name: str
    frames: np.ndarray
    times: np.ndarray
    boxes: np.ndarray
    middles: np.ndarray
    silhouettes: np.ndarray
    usable: np.ndarray
    feet: tuple[np.ndarray, ...]
    feet_width: int
    rhythm: Rhythm
    identity: Identity | None
    view: int | None
    matches: tuple[Match, ...]
    notes: tuple[str, ...]

    @property
    def used(self) -> np.ndarray:
        """The usable silhouettes, uint8 ``[m, 64, 44]``."""
        return self.silhouettes[self.usable]

    @property
    def used_times(self) -> np.ndarray:
        """Their times, s ``[m]``."""
        return self.times[self.usable]

    @property
    def energy(self) -> np.ndarray | None:
        """Gait energy image float32 ``[64, 44]`` over all whole cycles, else over all frames."""
        used = self.used
        if len(used) == 0:
            return None
        cycles = self.rhythm.cycles
        return gait_energy(used[cycles[0].first : cycles[-1].last] if cycles else used)

    @property
    def cycle_energies(self) -> list[np.ndarray]:
        """One gait energy image a cycle."""
        return [gait_energy(self.used[c.first : c.last]) for c in self.rhythm.cycles]

    @property
    def entropy(self) -> np.ndarray | None:
        """Gait entropy image float32 ``[64, 44]``."""
        energy = self.energy
        return None if energy is None else gait_entropy(energy)

    def matched(self, gallery: Gallery | None) -> Walk:
        """The same walk, compared with a gallery."""
        if gallery is None or self.identity is None:
            return replace(self, matches=())
        return replace(self, matches=tuple(gallery.match(self.identity.embedding)))

    def enrol(self, gallery: Gallery, name: str) -> None:
        """Add this walk to a gallery.

        Raises:
            GalleryError: it was too short or too little was seen; or as :meth:`Gallery.enrol`.
        """
        energy = self.energy
        if self.identity is None or energy is None:
            raise GalleryError(
                f"Too little was seen of {self.name} to enrol it; the notes beside it say why.")
        gallery.enrol(name, self.identity.embedding, energy, self.view)

    def to_json(self) -> dict[str, Any]:
        """A plain structure; times in seconds, cadence null where it cannot be told."""
        cadence = self.rhythm.cadence
        return {
            "id": self.id,
            "start": round(float(self.times[0]), 4),
            "end": round(float(self.times[-1]), 4),
            "frames": len(self.frames),
            "cycles": [
                {"start": round(c.start, 4), "end": round(c.end, 4)} for c in self.rhythm.cycles
            ],
            "cadence": None if cadence is None else round(cadence, 2),
            "view": self.view,
            "embedding": [] if self.identity is None
            else [round(float(v), 6) for v in self.identity.embedding],
            "matches": [
                {"name": m.name, "distance": round(m.distance, 4), "accepted": m.accepted}
                for m in self.matches
            ],
            "notes": list(self.notes),
        }


@dataclass(frozen=True)
class GaitResult:
    """All walks of a clip or of a mask set.

    times float64 ``[T]``, s, of every frame of the clip (for masks: of the longest walk).
    method: how the background was found, ``masks`` where there was none to find.
    notes: sentences on the whole clip, such as that nobody walks.
    """

    width: int
    height: int
    duration: float
    times: np.ndarray
    method: str
    walks: tuple[Walk, ...]
    notes: tuple[str, ...]

    def matched(self, gallery: Gallery | None) -> GaitResult:
        """The same result, every walk compared with a gallery."""
        return replace(self, walks=tuple(walk.matched(gallery) for walk in self.walks))

    def to_json(self) -> dict[str, Any]:
        """``{"tracks": [...]}``, see :meth:`Walk.to_json`."""
        return {"tracks": [walk.to_json() for walk in self.walks]}

    def to_json_text(self) -> str:
        """:meth:`to_json` as the text of a file."""
        return json_text(self.to_json())

    def to_table(self) -> list[dict[str, Any]]:
        """One row a silhouette, for CSV."""
        rows = []
        for walk in self.walks:
            width = iter(walk.rhythm.width)
            steps = set(np.flatnonzero(walk.usable)[list(walk.rhythm.steps)].tolist())
            for k, box in enumerate(walk.boxes):
                row: dict[str, float | str] = {
                    "walker": walk.id, "frame": int(walk.frames[k]),
                    "time": round(float(walk.times[k]), 4),
                }
                row |= {
                    side: round(float(value), 4)
                    for side, value in zip(("left", "top", "width", "height"), box, strict=True)
                }
                usable = bool(walk.usable[k])
                row |= {
                    "usable": int(usable),
                    "lower_width": round(float(next(width)), 4) if usable else "",
                    "step": int(k in steps),
                }
                rows.append(row)
        return rows

    def to_csv(self) -> str:
        """:meth:`to_table` as the text of a file, with a header."""
        names = ["walker", "frame", "time", "left", "top", "width", "height", "usable",
                 "lower_width", "step"]
        return csv_text(self.to_table(), names)
