"""One person over time, as measured; n silhouettes of a walk, D numbers of an embedding, H hidden
units."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from hybridcore.gait.align import HEIGHT, WIDTH
from hybridcore.gait.energy import gait_energy, gait_entropy
from hybridcore.gait.gallery import Gallery, GalleryError
from hybridcore.gait.identification import KnownWalks, Match
from hybridcore.gait.measures import Rhythm
from hybridcore.gait.model import VIEWS
from hybridcore.gait.seen_before import BY, NOT_COMPARED, NOT_SEEN, Before, Sighting
from hybridcore.layers.flow import Step


@dataclass(frozen=True)
class Identity:
    """What one network says of a walk, at m of its usable silhouettes.

    at int ``[m]``: which of the usable ones (those of a fast camera are thinned); evidence float32
    ``[m, D]``, the unit embedding of all silhouettes so far; views float32 ``[m, 11]``, probability
    of each angle of :data:`~hybridcore.gait.model.VIEWS`; inputs float32 ``[m, F]`` (x_t) and
    hidden float32 ``[m, H]`` (h_t) of the LSTM, None without one; flow: the tensors on their way.
    """

    at: np.ndarray
    evidence: np.ndarray
    views: np.ndarray
    inputs: np.ndarray | None
    hidden: np.ndarray | None
    flow: tuple[Step, ...]

    @property
    def embedding(self) -> np.ndarray:
        """float32 ``[D]``: the evidence of the whole walk."""
        return self.evidence[-1]


@dataclass(frozen=True)
class Placement:
    """Where a walk lies in the film that is played, if that shows several walks in turn.

    frame, time (s): of the film at the walk's own frame 0. left, top, width, height: of the walk's
    own picture, as shares of the film's sides.
    """

    frame: int = 0
    time: float = 0.0
    left: float = 0.0
    top: float = 0.0
    width: float = 1.0
    height: float = 1.0


@dataclass(frozen=True)
class Walk:
    """One person over time.

    id: from 1, in order of appearance. name: "walker 1", or the name of a mask walk.
    frames int ``[n]``, numbers in the clip or mask walk; times float64 ``[n]``, s.
    size: (height, width) of the picture in which it was measured, px.
    boxes float32 ``[n, 4]``: left, top, width, height, as shares of the picture's sides.
    middles float32 ``[n]``: the column on which each silhouette is centred, a share of the width.
    silhouettes uint8 ``[n, 64, 44]``; usable bool ``[n]``: whole and alone, so it counts.
    feet_bits: see :attr:`feet`, eight columns a byte.
    rhythm: steps and cycles, positions among the usable silhouettes.
    identities: by kind of network, empty where there was nothing to recognise (see ``notes``).
    picture: uint8 ``[128, 48, 3]``, one look at the person, None if never in full view.
    clothes: float32 ``[C]``, what the person wears, likewise (see :mod:`hybridcore.gait.clothes`).
    kind: whose identity counts; matches: the nearest names of its gallery, nearest first.
    before: where the same clothes, or perhaps the same, were seen before.
    """

    id: int
    name: str
    frames: np.ndarray
    times: np.ndarray
    size: tuple[int, int]
    boxes: np.ndarray
    middles: np.ndarray
    silhouettes: np.ndarray
    usable: np.ndarray
    feet_bits: np.ndarray
    rhythm: Rhythm
    identities: dict[str, Identity]
    notes: tuple[str, ...]
    placement: Placement = field(default_factory=Placement)
    picture: np.ndarray | None = None
    clothes: np.ndarray | None = None
    kind: str = "lstm"
    matches: tuple[Match, ...] = ()
    before: tuple[Before, ...] = ()

    @property
    def identity(self) -> Identity | None:
        """What the network of this kind says."""
        return self.identities.get(self.kind)

    @property
    def view(self) -> int | None:
        """Degrees between walk and camera, None without identity."""
        return None if self.identity is None else VIEWS[int(self.identity.views[-1].argmax())]

    @property
    def feet(self) -> np.ndarray:
        """bool ``[n, width]``: the columns of the picture where the person is near the ground."""
        return np.unpackbits(self.feet_bits, axis=1, count=self.size[1]).view(bool)

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
        """Gait energy image float32 ``[64, 44]`` over all whole cycles, else over the frames that
        show steps, else over all."""
        used = self.used
        if len(used) == 0:
            return None
        counted = np.zeros(len(used), bool)
        for cycle in self.rhythm.cycles:
            counted[cycle.first : cycle.last] = True
        for part in (counted, self.rhythm.walking):
            if part.any():
                return gait_energy(used[part])
        return gait_energy(used)

    @property
    def cycle_energies(self) -> list[np.ndarray]:
        """One gait energy image a cycle."""
        return [gait_energy(self.used[c.first : c.last]) for c in self.rhythm.cycles]

    @property
    def entropy(self) -> np.ndarray | None:
        """Gait entropy image float32 ``[64, 44]``."""
        energy = self.energy
        return None if energy is None else gait_entropy(energy)

    @property
    def who(self) -> str:
        """The name that is accepted, or that there is no match, with the distance; "-" where
        nothing was compared."""
        if not self.matches:
            return "-"
        best = self.matches[0]
        return f"{best.name if best.accepted else 'no match'} ({best.distance:.2f})"

    @property
    def seen_before(self) -> str:
        """Whether the same clothes were seen before, where and when, as a sentence says it."""
        if self.clothes is None:
            return NOT_COMPARED
        if not self.before:
            return NOT_SEEN
        return "; ".join(f"{one.said} {BY}" for one in self.before)

    def sighting(self, video: str = "") -> Sighting | None:
        """Who was seen, in which clothes and when; None if never in full view."""
        if self.clothes is None:
            return None
        return Sighting(
            self.name, video, float(self.times[0]), float(self.times[-1]), self.clothes)

    def places(self, picture: tuple[int, int]) -> np.ndarray:
        """Where each aligned silhouette lies in a picture (height, width): float ``[n, 4]``, left,
        top, width and height as shares of its sides."""
        height, width = picture
        tall = self.boxes[:, 3]
        wide = tall * height * WIDTH / HEIGHT / width
        return np.stack([self.middles - wide / 2, self.boxes[:, 1], wide, tall], 1)

    def on_film(self) -> Walk:
        """The same walk with frames, times and boxes of the film that is played."""
        at = self.placement
        if at == Placement():
            return self
        corner = np.array([at.left, at.top, 0, 0], np.float32)
        sides = np.array([at.width, at.height] * 2, np.float32)
        return replace(
            self, frames=self.frames + at.frame, times=self.times + at.time,
            boxes=corner + self.boxes * sides, middles=at.left + self.middles * at.width,
            rhythm=self.rhythm.later(at.time), placement=Placement())

    def of(self, kind: str, known: KnownWalks) -> Walk:
        """The same walk as the network of that kind sees it, compared with walks that it knows."""
        identity = self.identities.get(kind)
        matches = () if identity is None else known.match(identity.embedding)
        return replace(self, kind=kind, matches=tuple(matches))

    def enrol(self, gallery: Gallery, name: str, video: str = "") -> None:
        """Add this walk to a gallery of the network of its kind; with the name of the video, also
        what the person wears in it and when.

        Raises:
            GalleryError: it was too short or too little was seen; or as :meth:`Gallery.enrol`.
        """
        energy = self.energy
        if self.identity is None or energy is None:
            raise GalleryError(
                f"Too little of {self.name} was seen to enrol; the notes say why.")
        gallery.enrol(name, self.identity.embedding, energy, self.view,
                      self.sighting(video) if video else None)

    def to_json(self) -> dict[str, Any]:
        """A plain structure; times in seconds, cadence null where no period is found."""
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
            "seen_before": None if self.clothes is None
            else [before.to_json() for before in self.before],
            "notes": list(self.notes),
        }
