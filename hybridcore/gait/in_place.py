"""Tracks of what moves without leaving its place: a walker on a treadmill, a clock drawn on top.

The background of a clip is what is there most of the time. Of somebody on a treadmill that is the
trunk, so legs and arms are all that is seen, in pieces that touch and part; of a running clock it
is a blend of digits. Neither is a person of the size that the pieces have. A walker is seen in
nearly every frame, in an outline that changes little from one to the next; such pieces come, go and
jump.
"""

from __future__ import annotations

from itertools import compress

import cv2
import numpy as np

from hybridcore.gait.align import WIDTH
from hybridcore.gait.clean import Person, person_of
from hybridcore.gait.tracks import Track

_ROAMS = 2.5  # longer sides of its box that a track covers at least if it goes somewhere
_TREND = 0.8  # correlation of place or height with time in somebody who goes somewhere
_ALIKE = 0.7  # intersection over union of outlines from one frame to the next, in a walker
_JUMP = 0.25  # heights that an edge of the box moves in a frame, 95th percentile, at least
_SEEN = 0.65  # of the frames from first to last that show a walker
_RARE = 0.5  # and below which something small is nobody: digits in a row come and go
_SLOWEST = 0.07  # s from frame to frame; with fewer frames everybody jumps
_NEAR = 0.35  # heights between the pieces of one body
_INSIDE = 0.8  # of the place of a track that lies in that of the pieces
_LEAST = 0.15  # of the picture's height; what is smaller is a clock, a leaf or a lamp


def join_pieces(tracks: list[Track], times: np.ndarray, size: tuple[int, int]) -> list[Track]:
    """Tracks in pictures (height, width) with the pieces of what stays in place made one each.

    times: s, of every frame. What is too small to be somebody is left out.
    """
    groups: list[list[Track]] = []
    for track in (track for track in tracks if _stays(track) and _jumps(track, times)):
        near = [any(_belong(track, other) for other in group) for group in groups]
        whole = [track, *(other for group in compress(groups, near) for other in group)]
        groups = [*compress(groups, (not is_near for is_near in near)), whole]
    taken = {id(track) for group in groups for track in group}
    places = [_extent(np.concatenate([_boxes(track) for track in group])) for group in groups]
    rest = [
        track for track in tracks if id(track) not in taken
        and not any(_inside(track, place) for place in places)
        and (_seen(track) >= _RARE or _height([track]) >= _LEAST * size[0])]
    joined = [_join(group, size) for group in groups if _height(group) >= _LEAST * size[0]]
    return sorted(rest + joined, key=lambda track: track.frames[0])


def _boxes(track: Track) -> np.ndarray:
    """float ``[n, 4]``: left, top, right, bottom."""
    return np.array([person.box for person in track.persons], float)


def _extent(boxes: np.ndarray) -> np.ndarray:
    """float ``[4]``: the box around boxes ``[n, 4]``."""
    return np.concatenate([boxes[:, :2].min(0), boxes[:, 2:].max(0)])


def _height(group: list[Track]) -> float:
    """px that the pieces of a group cover from top to bottom in most frames that show any."""
    _, top, _, bottom = _extent(np.array([
        np.percentile(_boxes(track), (10, 10, 90, 90), axis=0).diagonal() for track in group]))
    return float(bottom - top)


def _stays(track: Track) -> bool:
    """Whether a track neither leaves its place nor comes nearer or goes away."""
    boxes, frames = _boxes(track), np.array(track.frames)
    sides = boxes[:, 2:] - boxes[:, :2]
    left, top, right, bottom = _extent(boxes)
    if max(right - left, bottom - top) > _ROAMS * np.percentile(sides, 90, axis=0).max():
        return False
    middle = (boxes[:, :2] + boxes[:, 2:]) / 2
    return not any(np.ptp(course) and abs(np.corrcoef(frames, course)[0, 1]) > _TREND
                   for course in (*middle.T, sides[:, 1]))


def _jumps(track: Track, times: np.ndarray) -> bool:
    """Whether a track comes and goes, or changes more from frame to frame than a walker does."""
    boxes = _boxes(track)
    if _seen(track) < _SEEN:
        return True
    if np.median(np.diff(times)) > _SLOWEST:
        return False
    outlines = np.stack([person.silhouette for person in track.persons]) > 127
    both = (outlines[1:] & outlines[:-1]).sum((1, 2))
    either = (outlines[1:] | outlines[:-1]).sum((1, 2))
    height = np.percentile(boxes[:, 3] - boxes[:, 1], 90)
    jumps = np.abs(np.diff(boxes, axis=0)).max(1) / height
    return bool(np.median(both / np.maximum(either, 1)) < _ALIKE
                or np.percentile(jumps, 95) > _JUMP)


def _seen(track: Track) -> float:
    """The share of the frames from its first to its last in which a track is seen."""
    return len(track.frames) / (track.frames[-1] - track.frames[0] + 1)


def _inside(track: Track, place: np.ndarray) -> bool:
    """Whether a track lies within a place: left, top, right, bottom."""
    own = _extent(_boxes(track))
    shared = np.minimum(own[2:], place[2:]) - np.maximum(own[:2], place[:2])
    area = float(np.prod(own[2:] - own[:2]))
    return bool((shared > 0).all() and np.prod(shared) >= _INSIDE * area)


def _belong(track: Track, other: Track) -> bool:
    """Whether two tracks cover places that meet, or nearly."""
    a, b = _extent(_boxes(track)), _extent(_boxes(other))
    gap = np.maximum(a[:2], b[:2]) - np.minimum(a[2:], b[2:])
    return bool(gap.max() <= _NEAR * max(a[3] - a[1], b[3] - b[1]))


def _join(group: list[Track], size: tuple[int, int]) -> Track:
    """One track of all that a group shows in each frame."""
    seen: dict[int, list[Person]] = {}
    for track in group:
        for frame, person in zip(track.frames, track.persons, strict=True):
            seen.setdefault(frame, []).append(person)
    frames = sorted(seen)
    return Track(frames, [_together(seen[frame], size) for frame in frames], in_place=True)


def _together(people: list[Person], size: tuple[int, int]) -> Person:
    """The pieces of one frame as one person."""
    if len(people) == 1:
        return people[0]
    canvas = np.zeros((size[0], size[1] + 2 * size[0]), np.uint8)  # room on either side
    for person in people:
        wide = max(1, round(person.height * WIDTH / len(person.silhouette)))
        piece = cv2.resize(person.silhouette, (wide, person.height))
        left = size[0] + person.middle - wide // 2
        part = canvas[person.top : person.top + person.height, left : left + wide]
        part[piece > 127] = 255
    return person_of(canvas[:, size[0] : -size[0]], 0, 0)
