"""A video file as upright RGB frames with their times."""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import cached_property
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hybridcore.errors import MediaError
from hybridcore.media.browser_copy import MAX_SIDE, browser_copy
from hybridcore.media.closer import Closer
from hybridcore.media.decoder import read, read_one
from hybridcore.media.files import file_digest
from hybridcore.media.limits import DEFAULT_LIMITS, Limits
from hybridcore.media.probe import ClipInfo
from hybridcore.media.sound import BLOCK_BYTES, BLOCKS_AHEAD, Block, gathered
from hybridcore.media.wire import died
from hybridcore.progress import Progress

CHUNK = 16  # frames; so few that what is known of a clip grows several times a second
# 16 native 4K frames would be 400 MB, and several chunks wait in the queue.
_MAX_CHUNK_BYTES = 64 * 2**20


@dataclass(frozen=True)
class Chunk:
    """Consecutive frames.

    start: index in the clip of the first frame here.
    times: float64 [n], s since the clip's first frame (which is at 0.0), strictly increasing.
    frames: uint8 [n, height, width, 3], RGB, upright, C-contiguous.
    closer: uint8 [m, height, width, 3], those that were wanted at another size too; None if none
        were.
    closer_at: where they are among these frames.
    """

    start: int
    times: NDArray[np.float64]
    frames: NDArray[np.uint8]
    closer: NDArray[np.uint8] | None = None
    closer_at: tuple[int, ...] = ()


class Clip:
    """A video, or a still picture as a clip of one frame. Made by `Clip.open`."""

    def __init__(
        self, path: Path, info: ClipInfo, limits: Limits, name: str, digest: str | None
    ) -> None:
        self.path = path
        self.info = info
        self.limits = limits
        self.name = name
        self._known_digest = digest

    @classmethod
    def open(
        cls,
        path: str | Path,
        *,
        name: str | None = None,
        digest: str | None = None,
        limits: Limits = DEFAULT_LIMITS,
    ) -> Clip:
        """Read the headers of the file and decode its first frame, in one pass.

        name: what a person called the file; None takes its name on the disk.
        digest: hexadecimal SHA-256 of the content, if it is known already.

        Raises:
            MediaError: the file is missing, empty, damaged, without a picture, or over a limit.
        """
        path = Path(path)
        name, path = name or path.name, path.resolve()
        info, _ = read_one("look", {"path": path, "limits": limits}, limits)
        return cls(path, info, limits, name, digest)

    @cached_property
    def digest(self) -> str:
        """Hexadecimal SHA-256 of the file's content."""
        return self._known_digest or file_digest(self.path)

    @property
    def duration(self) -> float:
        """s, from the first frame to the end of the last."""
        return self.info.duration

    @property
    def notes(self) -> tuple[str, ...]:
        """What a person should know of the file, a sentence each."""
        return self.info.notes

    def chunks(
        self,
        size: tuple[int, int] | None = None,
        length: int = CHUNK,
        prefetch: int = 2,
        stop: threading.Event | None = None,
        closer: Closer | None = None,
    ) -> Iterator[Chunk]:
        """Decode the clip once, in order, in a process of its own (see `decoder`).

        size: (height, width) of the frames, aspect ratio not kept; None is native.
        length: frames per chunk. Chunks are shorter at the end of the clip, and where the frames
            are so large that a chunk would exceed 64 MiB.
        prefetch: chunks decoded ahead of the consumer, which bounds the memory.
        stop: set it from any thread to end the iteration with `Cancelled`.
        closer: which frames are wanted at another size too.

        A file that breaks off yields what decodes. Closing the iterator ends the process.

        Raises:
            MediaError: nothing decodes, the clip runs over a limit, or a frame stalls.
            Cancelled: `stop` was set.
        """
        if length < 1 or prefetch < 1:
            raise ValueError("length and prefetch must be at least 1")
        size = size or (self.info.height, self.info.width)
        length = max(1, min(length, _MAX_CHUNK_BYTES // (size[0] * size[1] * 3)))
        images = self._read("images", size, length * prefetch, stop, closer=closer)
        return _assemble(images, size, length, closer)

    def frame_at(self, time: float, size: tuple[int, int] | None = None) -> NDArray[np.uint8]:
        """`frames_at` of one time: uint8 [height, width, 3]."""
        return self.frames_at([time], size)[0]

    def thumbnail(self, side: int) -> NDArray[np.uint8]:
        """The frame in the middle of the clip, its longer side at most ``side``."""
        return self.frame_at(self.duration / 2, self.info.within(side))

    def frames_at(
        self, times: Sequence[float], size: tuple[int, int] | None = None
    ) -> list[NDArray[np.uint8]]:
        """The frames on screen at ``times`` s, in that order: uint8 [height, width, 3], RGB.

        size: (height, width), aspect ratio not kept; None is native.
        A time outside the clip gives the frame at its nearest end. The file is opened once and no
        frame decoded twice, whatever the order; where seeking fails, once more from the start.

        Raises:
            MediaError: nothing decodes.
        """
        if len(times) == 0:
            return []
        order = sorted(range(len(times)), key=lambda k: times[k])
        size = size or (self.info.height, self.info.width)
        images = self._read("images_at", size, len(times), times=[float(times[k]) for k in order])
        by_place = {k: image.copy() for k, (_, image) in zip(order, images, strict=True)}
        return [by_place[k] for k in range(len(times))]

    def sound(self, rate: int, mono: bool = True) -> NDArray[np.float32]:
        """`read_sound` of the clip, opening it once.

        Raises:
            MediaError: there is no sound, or it does not decode.
        """
        return gathered(self._sound_blocks(rate), mono=mono)

    def sound_track(self, rate: int) -> tuple[Iterator[Block], int] | None:
        """The sound for a `VideoWriter`, in blocks read as they are needed, and ``rate``.

        None where there is none. Where it breaks off or goes over a limit it ends: a broken track
        must not hide the picture.
        """
        with suppress(MediaError):
            blocks = self._sound_blocks(rate)
            first = next(blocks, None)  # none where it ends before the pictures begin
            if first is not None:
                return _until_it_breaks(first, blocks), rate
        return None

    def _sound_blocks(self, rate: int) -> Iterator[Block]:
        if self.info.sound_stream is None:
            raise MediaError("The file has no sound; choose a file that has some.")
        arguments = {"path": self.path, "info": self.info, "limits": self.limits, "rate": rate}
        blocks = read(
            "sound", arguments, self.limits, item_bytes=BLOCK_BYTES, depth=BLOCKS_AHEAD)
        return (block.copy() for _, block in blocks)

    def _read(
        self, reading: str, size: tuple[int, int], depth: int,
        stop: threading.Event | None = None, closer: Closer | None = None, **more: Any,
    ) -> Generator[tuple[Any, NDArray[Any]], None, None]:
        sizes = [size]
        if closer is not None:
            sizes.append(closer.size)
            more["closer"] = closer
        arguments = {
            "path": self.path, "info": self.info, "limits": self.limits, "size": size, **more}
        return read(
            reading, arguments, self.limits, item_bytes=3 * max(map(prod, sizes)), depth=depth,
            stop=stop)

    def browser_copy(
        self, folder: Path, progress: Progress | None = None, *, max_side: int = MAX_SIDE
    ) -> Path:
        """The path of an H.264 MP4 in ``folder`` that every browser plays, with the same times.

        See `hybridcore.media.browser_copy`.
        """
        return browser_copy(self, folder, progress, max_side=max_side)


def _until_it_breaks(first: Block, others: Iterator[Block]) -> Iterator[Block]:
    yield first
    with suppress(MediaError):
        yield from others


def _assemble(
    images: Generator[tuple[float | None, NDArray[np.uint8]], None, None], size: tuple[int, int],
    length: int, closer: Closer | None,
) -> Iterator[Chunk]:
    """Consecutive (time, image) pairs as chunks of `length`; an image without a time is the next
    one closer."""
    start = 0
    with closing(images):
        while True:
            frames = np.empty((length, *size, 3), np.uint8)
            times: list[float] = []
            closely: list[NDArray[np.uint8]] = []
            places: list[int] = []
            for time, image in images:
                if time is None:
                    if len(closely) == length:  # more than there can be
                        raise died()
                    closely.append(image.copy())
                    places.append(len(times))
                    continue
                frames[len(times)] = image
                times.append(time)
                if len(times) == length:
                    break
            if not times:
                break
            near = np.array(closely, np.uint8).reshape(-1, *closer.size, 3) if closer else None
            yield Chunk(start, np.array(times), frames[: len(times)], near, tuple(places))
            start += len(times)
    if start == 0:
        raise MediaError("No frame of the file can be decoded any more; choose it again.")
