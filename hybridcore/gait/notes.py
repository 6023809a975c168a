"""What a person should know before believing a walk: one short line each."""

from __future__ import annotations

import numpy as np

from hybridcore.gait.measures import Rhythm
from hybridcore.gait.tracks import Track

SMALL = 40  # px of the clip's own picture; below, legs are a few pixels
CROWD = 8
_OFTEN = 0.3  # share of the frames
_STILL = 0.35  # heights that the middle moves at least in a walk
_PACE = 0.12  # and in a second, most of the time; coming nearer counts as the growth of the height
_TORSO = 1.75  # height / width below which the legs are missing, if the picture's edge cuts
_MARGIN = 2  # px of the working picture

CAMERA = "the camera moves: silhouettes from the background are not used"
STANDS = "stands still, or nearly all the time"
IN_PLACE = "stays in one place: only moving parts are seen, so nothing is measured"
BORDER = "touches the edge of the picture"
MERGED = "two people merged"
TORSO = "only the torso is visible"
PART = "only a part is seen most of the time"
SHORT = "too short for a full gait cycle"
UNSURE = "no regular steps found"
CROWDED = "a crowd: people hide one another, results unreliable"
NOBODY = "Nobody walks here: nothing shaped like a person moves in front of the background."
PIECES = ("Something moves but stays in one place and takes no regular steps; its still parts "
          "cannot be told from the background.")
ONE_FRAME = "A single frame holds no walk: choose a clip of at least two seconds."


def touching(track: Track, size: tuple[int, int]) -> np.ndarray:
    """bool ``[n]``: where the person is cut off by the edge of a picture (height, width)."""
    boxes = np.array([person.box for person in track.persons])
    height, width = size
    head = np.array([person.head for person in track.persons])
    return (
        (boxes[:, 0] <= _MARGIN) | ((boxes[:, 1] <= _MARGIN) & ~head)
        | (boxes[:, 2] >= width - _MARGIN) | (boxes[:, 3] >= height - _MARGIN)
    )


def whole(track: Track, size: tuple[int, int]) -> np.ndarray:
    """bool ``[n]``: where all of the person is seen in a picture (height, width), so that the
    silhouette counts."""
    return np.array([person.whole for person in track.persons]) & ~touching(track, size)


def look(
    track: Track, size: tuple[int, int], frame: np.ndarray, time: float, *, scale: float = 1.0
) -> None:
    """Take a look at somebody as last seen, if all of the person is in the frame; arguments as of
    :meth:`~hybridcore.gait.looks.Looks.take`, size as of :func:`whole`."""
    last = Track(persons=track.persons[-1:])
    if whole(last, size).all():
        track.looks.take(last.persons[0], frame, time, scale=scale)


def stands(track: Track, times: np.ndarray) -> bool:
    """Whether the person neither moves nor comes nearer or goes away, all the time or most of it.

    times: s, of every frame of the clip.
    """
    boxes = np.array([person.box for person in track.persons], float)
    heights = boxes[:, 3] - boxes[:, 1]
    middle = (boxes[:, :2] + boxes[:, 2:]) / 2
    low, high = np.percentile(middle, (5, 95), axis=0)
    moved = float(np.hypot(*(high - low))) / float(np.median(heights))
    small, large = np.percentile(heights, (5, 95))
    if moved < _STILL and large / max(small, 1.0) < 1.3:
        return True
    seen = times[track.frames]
    later = np.searchsorted(seen, seen + 1.0)  # s
    first = np.flatnonzero(later < len(seen))
    if len(first) < len(seen) / 2:
        return False
    tall = np.maximum(heights[first], 1.0)
    pace = np.linalg.norm(middle[later[first]] - middle[first], axis=1) / tall
    pace += np.abs(np.log(np.maximum(heights[later[first]], 1.0) / tall))
    return bool(np.median(pace) < _PACE)


def height(track: Track) -> float:
    """px of the working picture, in the middle of the frames."""
    return float(np.median([person.height for person in track.persons]))


def too_small(count: int) -> str:
    """That so many people were left out."""
    who = "One person is" if count == 1 else f"{count} people are"
    return f"{who} left out: less than {SMALL} pixels high, legs are too few pixels to measure."


def camera_moves(stretches: np.ndarray) -> str:
    """From when to when the camera moves, s ``[k, 2]``."""
    when = ", ".join(f"{start:.1f} to {end:.1f} s" for start, end in stretches)
    return (f"The camera moves ({when}): silhouettes from the background are not used there. "
            "Silhouettes from people allow it.")


def describe(
    track: Track, size: tuple[int, int], rhythm: Rhythm, *, still: bool
) -> list[str]:
    """Notes on one track in a working picture (height, width)."""
    notes = []
    cut = touching(track, size)
    boxes = np.array([person.box for person in track.persons])
    height = float(np.median(boxes[:, 3] - boxes[:, 1]))
    width = float(np.median(boxes[:, 2] - boxes[:, 0]))
    at_bottom = (boxes[:, 3] >= size[0] - _MARGIN).mean() > 0.5
    if at_bottom and height < _TORSO * width:
        notes.append(TORSO)
    elif cut.mean() > _OFTEN:
        notes.append(BORDER)
    elif (~whole(track, size)).mean() > 1 - _OFTEN:
        notes.append(PART)
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
