"""A clip in, everybody in it out: bodies, and if asked for, hands and faces.

>>> watch = Watch(hands=True)
>>> for chunk in clip.chunks(size=clip.info.within(SIDE)):
...     watch.update(chunk)
>>> people = watch.result()

Frames are looked at one after the other, so the size of the chunks changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from hybridcore.media import Chunk, Clip
from hybridcore.people.finder import AGAIN, Finder, Seen
from hybridcore.people.masks import gathered
from hybridcore.people.networks import Bodies, Faces, Hands, shared_networks
from hybridcore.people.points import SHOULDERS
from hybridcore.people.result import Face, Hand, People, Person, Track
from hybridcore.progress import Progress, report

SIDE = 1280  # px; longer frames cost time and show no more to networks that look at 256 px
SHORTEST = 0.6  # s; who is seen for less was none
SURE = 0.9  # mean presence of a track; bottles and cars that passed for people had 0.80 to 0.93
_CLOSER = 4  # people whose hands and faces are looked for in windows of their own
_UPPER = 0.8  # of a body's region: the window around shoulders, head and arms
_SHARES = (1.0, 0.6)  # of the shorter side: windows for small people

T = TypeVar("T", bound=Track)


@dataclass(frozen=True, eq=False)
class SeenFrame:
    """Everything that is seen in one frame."""

    persons: tuple[Seen, ...]
    hands: tuple[Seen, ...]
    faces: tuple[Seen, ...]


class Watch:
    """Follows everybody through one clip.

    bodies, hands, faces: whether they are looked for (each costs as much as another); masks:
    whether the masks of bodies are kept for the result. Near bodies, hands and faces are looked
    for more closely. again: s between two looks for those who are new.

    Raises:
        WeightsError: if weights are missing or are not the ones that their cards name.
    """

    def __init__(
        self, *, bodies: bool = True, masks: bool = True, hands: bool = False, faces: bool = False,
        again: float = AGAIN,
    ) -> None:
        self._bodies = Finder(
            shared_networks(Bodies), masks=masks, again=again) if bodies else None
        self._hands = Finder(shared_networks(Hands), again=again) if hands else None
        self._faces = Finder(shared_networks(Faces), again=again) if faces else None
        self._frames: list[SeenFrame] = []
        self._times: list[float] = []
        self._size = (0, 0)

    def update(self, chunk: Chunk) -> list[SeenFrame]:
        """Look at the next frames; what is seen in each.

        A track that ends up too short is in here all the same, and not in the result.
        """
        self._size = chunk.frames.shape[1:3]
        frames = [self._step(frame, chunk.start + k, float(time))
                  for k, (frame, time) in enumerate(zip(chunk.frames, chunk.times, strict=True))]
        self._frames += frames
        self._times += chunk.times.tolist()
        return frames

    def result(self) -> People:
        """Everybody in the frames so far, without what was too short or too unsure to be one."""
        times = np.array(self._times)
        least = 1
        if len(times) > 1:
            least = min(len(times), round(SHORTEST / float(np.median(np.diff(times)))))
        persons = _tracks((frame.persons for frame in self._frames), least)
        hands = _tracks((frame.hands for frame in self._frames), least)
        faces = _tracks((frame.faces for frame in self._frames), least)
        return People(
            self._size, times,
            persons=tuple(
                Person(**_columns(rows), world=_stack(rows, "world"),
                       masks=gathered(row.mask for row in rows if row.mask))
                for rows in persons),
            hands=tuple(
                Hand(**_columns(rows), world=_stack(rows, "world"), right=_stack(rows, "right"))
                for rows in hands),
            faces=tuple(Face(**_columns(rows)) for rows in faces),
        )

    def _step(self, frame: NDArray[np.uint8], index: int, time: float) -> SeenFrame:
        height, width = frame.shape[:2]
        whole, windows = [0, 0, width, height], _windows(height, width)
        persons: tuple[Seen, ...] = ()
        if self._bodies is not None:
            persons = self._bodies.step(frame, index, time, np.array([whole]), in_turn=windows)
        closer = np.array([whole, *map(_upper, persons[:_CLOSER])])
        hands, faces = (
            () if finder is None else finder.step(
                frame, index, time, closer, in_turn=None if self._bodies else windows)
            for finder in (self._hands, self._faces))
        return SeenFrame(persons, hands, faces)


def watch_clip(
    clip: Clip, progress: Progress | None = None, *, masks: bool = True, hands: bool = False,
    faces: bool = False,
) -> People:
    """Everybody in a clip, of whose frames the longer side is at most `SIDE` px.

    ``progress(done, total)`` is called after every chunk, in frames; it stops the run by raising.

    Raises:
        MediaError: if the clip cannot be decoded.
        WeightsError: as `Watch`.
    """
    watch = Watch(masks=masks, hands=hands, faces=faces)
    for chunk in clip.chunks(size=clip.info.within(SIDE)):
        watch.update(chunk)
        done = chunk.start + len(chunk.frames)
        report(progress, done, max(clip.info.frame_count, done), watch.result)
    return watch.result()


def _windows(height: int, width: int) -> NDArray:
    """Where small people are looked for ``[m, 4]``: squares as high as the frame (as wide, if it is
    upright), and smaller ones, half over one another."""
    windows = []
    for share in _SHARES:
        side = share * min(height, width)
        rows, columns = (np.linspace(0, length - side, _steps(length / side))
                         for length in (height, width))
        windows += [(x, y, x + side, y + side) for y in rows for x in columns]
    return np.array(windows)


def _steps(length: float) -> int:
    """How many windows, at least half over one another, cover ``length`` of their sides."""
    return int(np.ceil(2 * (length - 1) - 1e-6)) + 1


def _upper(person: Seen) -> tuple[float, float, float, float]:
    """Around shoulders, head and arms."""
    x, y = person.landmarks[list(SHOULDERS), :2].mean(0)
    half = _UPPER * person.region[2] / 2
    return (x - half, y - half, x + half, y + half)


def _tracks(frames: Iterable[tuple[Seen, ...]], least: int) -> list[list[Seen]]:
    """What was seen in at least so many frames and surely, by track, in the order of coming."""
    tracks: defaultdict[int, list[Seen]] = defaultdict(list)
    for frame in frames:
        for seen in frame:
            tracks[seen.number].append(seen)
    return [rows for _, rows in sorted(tracks.items())
            if len(rows) >= least and np.mean([row.presence for row in rows]) >= SURE]


def _columns(rows: list[Seen]) -> dict[str, Any]:
    """The fields that every `Track` has."""
    return {
        "number": rows[0].number,
        "frames": np.array([row.frame for row in rows]),
        "times": np.array([row.time for row in rows]),
        "boxes": _stack(rows, "box"), "regions": _stack(rows, "region"),
        "presence": _stack(rows, "presence"), "landmarks": _stack(rows, "landmarks"),
    }


def _stack(rows: list[Seen], name: str) -> NDArray[np.float32]:
    return np.array([getattr(row, name) for row in rows], np.float32)
