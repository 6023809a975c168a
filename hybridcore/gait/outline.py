"""What a track shows by itself: where somebody is, and their outline."""

from __future__ import annotations

import numpy as np

from hybridcore.gait import notes
from hybridcore.gait.measures import NO_RHYTHM
from hybridcore.gait.silhouettes import Sighting
from hybridcore.gait.tracks import Track
from hybridcore.gait.walk import Walk


def outline(
    track: Track, sighting: Sighting, number: int, name: str, *, whole: bool = False
) -> Walk:
    """Where somebody is and what their outline is, without steps or identity.

    whole: no silhouette is cut off by the edge of the picture.
    """
    frames = np.array(track.frames)
    height, width = sighting.size
    boxes = np.array([(p.left, p.top, p.width, p.height) for p in track.persons], np.float32)
    return Walk(
        id=number, name=name, frames=frames, times=sighting.times[frames], size=sighting.size,
        boxes=boxes / np.array([width, height, width, height], np.float32),
        middles=np.array([p.middle for p in track.persons], np.float32) / width,
        silhouettes=np.stack([person.silhouette for person in track.persons]),
        usable=np.ones(len(frames), bool) if whole else notes.whole(track, sighting.size),
        feet_bits=_feet_bits(track, width), rhythm=NO_RHYTHM, notes=(), identities={})


def _feet_bits(track: Track, width: int) -> np.ndarray:
    """:attr:`Walk.feet_bits` of a track in pictures of that ``width``."""
    feet = np.zeros((len(track.persons), width), bool)
    for row, person in zip(feet, track.persons, strict=True):
        row[person.left : person.left + person.width] = person.feet
    return np.packbits(feet, axis=1)
