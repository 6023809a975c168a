"""A clip -> who is in it, where, and their silhouettes, from the masks of `hybridcore.people`.

A network looks for people in every frame by themselves, so nothing has to be learned of the clip
first: the camera may move, the light may change, and somebody who stands still is seen as well as
somebody who walks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import cv2
import numpy as np

from hybridcore.gait.clean import MIN_ROWS, Person, person_of
from hybridcore.gait.notes import look
from hybridcore.gait.silhouettes import LONG_SIDE, Sighting
from hybridcore.gait.tracks import Track
from hybridcore.media import CHUNK, Clip
from hybridcore.people.finder import Seen
from hybridcore.people.masks import unpack
from hybridcore.people.points import ANKLES, FACE
from hybridcore.people.regions import place
from hybridcore.people.watch import SIDE, Watch
from hybridcore.progress import Progress, report

_PART = 0.05  # of the largest piece of a mask; a smaller piece is no part of the body
_SEEN = 0.5  # visibility of an ankle, below it something hides the legs
_FOREHEAD = 0.03  # of the height, between the upper edge of the picture and the highest eye
_SHARED = 0.25  # of a box inside another's: one of the two is hidden in part


def watch_people(
    clip: Clip, progress: Progress | None = None, *, chunk: int = CHUNK,
    so_far: Callable[[Sighting], Any] = lambda sighting: sighting,
) -> Sighting:
    """Follow everybody through ``clip``; arguments and errors as `silhouettes.watch`, but that the
    clip is read once.

    Raises:
        WeightsError: if weights of `hybridcore.people` are missing or not the ones of their cards.
    """
    size = clip.info.within(LONG_SIDE)
    eyes, tracks, times, crowd = Watch(), dict[int, Track](), [np.empty(0)], 0

    def sighting() -> Sighting:
        sure = {person.number for person in eyes.result().persons}
        lasting = [track for number, track in tracks.items() if number in sure and track.frames]
        return Sighting(
            size=size, times=np.concatenate(times), crowd=crowd, method="people",
            tracks=sorted(lasting, key=lambda track: track.frames[0]))

    for part in clip.chunks(size=clip.info.within(SIDE), length=chunk):
        scale = size[1] / part.frames.shape[2]
        seen_frames = eyes.update(part)
        for seen, frame, time in zip(seen_frames, part.frames, part.times, strict=True):
            crowd = max(crowd, len(seen.persons))
            hidden = _hidden(seen.persons)
            for body, is_hidden in zip(seen.persons, hidden, strict=True):
                person = _person(body, scale, size, whole=not is_hidden)
                if person is None:
                    continue
                track = tracks.setdefault(body.number, Track())
                track.frames.append(body.frame)
                track.persons.append(person)
                look(track, size, frame, float(time), scale=1 / scale)
                if is_hidden:
                    track.merged.append(body.frame)
        times.append(part.times)
        done = part.start + len(part.frames)
        report(progress, done, max(clip.info.frame_count, done), lambda: so_far(sighting()))
    whole = sighting()
    _doubt(whole.tracks)
    return whole


def _hidden(bodies: Sequence[Seen]) -> list[bool]:
    """Who covers another's box, or is covered, so much that the outline cannot be trusted."""
    if len(bodies) < 2:
        return [False] * len(bodies)
    boxes = np.array([body.box for body in bodies])
    inside = _share(boxes[:, None], boxes[None])
    np.fill_diagonal(inside, 0)
    return (inside.max(1) > _SHARED).tolist()


def _share(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """How much of the smaller of two boxes ``[..., 4]`` lies in the other, 0..1."""
    shared = np.minimum(one[..., 2:], other[..., 2:]) - np.maximum(one[..., :2], other[..., :2])
    areas = [np.prod(box[..., 2:] - box[..., :2], axis=-1) for box in (one, other)]
    return np.prod(np.maximum(shared, 0), axis=-1) / np.maximum(np.minimum(*areas), 1.0)


def _doubt(tracks: list[Track]) -> None:
    """Where somebody is out of sight for a while and must be behind somebody else, the outline of
    that one may be of both: it does not count."""
    for hidden in tracks:
        boxes = np.array([person.box for person in hidden.persons], float)
        missing = np.setdiff1d(np.arange(hidden.frames[0], hidden.frames[-1]), hidden.frames)
        if not len(missing):
            continue
        places = {
            int(frame): place for frame, place in zip(missing, np.column_stack(
                [np.interp(missing, hidden.frames, side) for side in boxes.T]), strict=True)}
        for other in tracks:
            for k, frame in enumerate(other.frames):
                person = other.persons[k]
                if frame not in places or _share(
                        np.array(person.box, float), places[frame]) <= _SHARED:
                    continue
                other.persons[k] = replace(person, whole=False)
                other.merged.append(frame)
                hidden.merged.append(frame)


def _person(body: Seen, scale: float, size: tuple[int, int], *, whole: bool) -> Person | None:
    """A body in the working picture (height, width), ``scale`` times the one looked at; None where
    its mask is a speck."""
    region = body.region * np.array([scale, scale, scale, 1])
    mask = _pieces(place(unpack(body.mask), region, size))
    if cv2.boundingRect(mask)[3] < MIN_ROWS:
        return None
    person = person_of(mask, 0, 0)
    ankles = body.landmarks[list(ANKLES)]
    apart = float(np.linalg.norm(ankles[0, :2] - ankles[1, :2])) * scale / person.height
    legs = bool(ankles[:, 3].max() >= _SEEN)
    face = body.landmarks[:FACE, 1] * scale
    head = bool(face.min() >= _FOREHEAD * person.height)
    return replace(person, ankles=apart, whole=whole and legs, head=head)


def _pieces(soft: np.ndarray) -> np.ndarray:
    """A mask uint8 ``[H, W]`` without levels, and without what is no part of the body."""
    _, mask = cv2.threshold(soft, 127, 255, cv2.THRESH_BINARY)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    if count <= 2:
        return mask
    areas = stats[:, cv2.CC_STAT_AREA].copy()
    areas[0] = 0
    kept = np.where(areas >= _PART * areas.max(), np.uint8(255), np.uint8(0))
    kept[0] = 0
    return kept[labels]
