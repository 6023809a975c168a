"""What a person should know before believing a walk: one short line each."""

from __future__ import annotations

import numpy as np

from hybridcore.gait.measures import Rhythm
from hybridcore.gait.tracks import Track

SMALL = 40  # px of the clip's own picture; below, legs are a few pixels
CROWD = 8
_OFTEN = 0.3  # share of the frames
_STILL = 0.35  # heights that the middle moves at least in a walk
_TORSO = 1.75  # height / width below which the legs are missing, if the picture's edge cuts
_MARGIN = 2  # px of the working picture

CAMERA = "camera moves: results unreliable"
STANDS = "stands still"
IN_PLACE = "stays in place: only what moves is seen, so nothing is measured"
BORDER = "touches the border"
MERGED = "two people merged"
TORSO = "only the torso is visible"
SHORT = "too short for a cycle"
UNSURE = "no steady step found"
CROWDED = "a crowd: people cover one another, results unreliable"
NOBODY = "Nobody walks here: nothing shaped like a person moves before the background."
PIECES = ("Something moves that stays in its place and takes no steady steps: what of it does not "
          "move cannot be told from the background.")
ONE_FRAME = "One frame holds no walk: choose a clip of at least two seconds."


def touching(track: Track, size: tuple[int, int]) -> np.ndarray:
    """bool ``[n]``: where the person is cut off by the edge of a picture (height, width)."""
    boxes = np.array([person.box for person in track.persons])
    height, width = size
    return (
        (boxes[:, :2] <= _MARGIN).any(1) | (boxes[:, 2] >= width - _MARGIN)
        | (boxes[:, 3] >= height - _MARGIN)
    )


def stands(track: Track) -> bool:
    """Whether the person neither moves nor comes nearer or goes away."""
    boxes = np.array([person.box for person in track.persons], float)
    heights = boxes[:, 3] - boxes[:, 1]
    middle = (boxes[:, :2] + boxes[:, 2:]) / 2
    low, high = np.percentile(middle, (5, 95), axis=0)
    moved = float(np.hypot(*(high - low))) / float(np.median(heights))
    small, large = np.percentile(heights, (5, 95))
    return bool(moved < _STILL and large / max(small, 1.0) < 1.3)


def describe(
    track: Track, size: tuple[int, int], scale: float, rhythm: Rhythm, *, still: bool
) -> list[str]:
    """Notes on one track in a working picture (height, width), ``scale`` times the clip's own."""
    notes = []
    cut = touching(track, size)
    boxes = np.array([person.box for person in track.persons])
    height = float(np.median(boxes[:, 3] - boxes[:, 1])) / scale
    width = float(np.median(boxes[:, 2] - boxes[:, 0])) / scale
    at_bottom = (boxes[:, 3] >= size[0] - _MARGIN).mean() > 0.5
    if at_bottom and height < _TORSO * width:
        notes.append(TORSO)
    elif cut.mean() > _OFTEN:
        notes.append(BORDER)
    if height < SMALL and not track.in_place:
        notes.append(f"too small: {height:.0f} px")
    if len(track.merged) > 0.1 * len(track.frames):
        notes.append(MERGED)
    if track.in_place:
        notes.append(IN_PLACE)
    if still:
        notes.append(STANDS)
    elif rhythm.step is None:
        notes.append(UNSURE)
    elif not rhythm.cycles:
        notes.append(SHORT)
    return notes
