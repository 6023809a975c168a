"""A video file as upright RGB frames with their times."""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import islice
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from hybridcore.errors import MediaError
from hybridcore.media.browser_copy import MAX_SIDE, browser_copy
from hybridcore.media.decode import decode, stamp
from hybridcore.media.files import file_digest
from hybridcore.media.limits import DEFAULT_LIMITS, Limits
from hybridcore.media.prefetch import prefetch as run_ahead
from hybridcore.media.probe import ClipInfo, probe
from hybridcore.media.sound import Block, Heard, sound_blocks, sound_of
from hybridcore.media.source import check_decoded, check_seconds, open_source, video_stream
from hybridcore.media.stills import holds_picture, picture_frames, probe_picture, scaled
from hybridcore.media.upright import Upright
from hybridcore.progress import Progress

Convert = Callable[[Any], NDArray[np.uint8]]

# 16 native 4K frames would be 400 MB, and several chunks wait in the queue.
_MAX_CHUNK_BYTES = 64 * 2**20

# Half a millisecond: "at 1.2 s" finds the frame stamped 1.2000001 s.
_TOLERANCE = 5e-4


@dataclass(frozen=True)
class Chunk:
    """Consecutive frames.

    start: index in the clip of the first frame here.
    times: float64 [n], s since the clip's first frame (which is at 0.0), strictly increasing.
    frames: uint8 [n, height, width, 3], RGB, upright, C-contiguous.
    """

    start: int
    times: NDArray[np.float64]
    frames: NDArray[np.uint8]


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
        # In a thread only for the limit on codec time.
        look = probe_picture if holds_picture(path) else probe
        (info,) = run_ahead(look(path, limits), 1, limits.max_decode_seconds)
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
        length: int = 16,
        prefetch: int = 2,
        stop: threading.Event | None = None,
    ) -> Iterator[Chunk]:
        """Decode the clip once, in order, in a background thread.

        size: (height, width) of the frames, aspect ratio not kept; None is native.
        length: frames per chunk. Chunks are shorter at the end of the clip, and where the frames
            are so large that a chunk would exceed 64 MiB.
        prefetch: chunks decoded ahead of the consumer, which bounds the memory.
        stop: set it from any thread to end the iteration with `Cancelled`.

        A file that breaks off yields what decodes. Closing the iterator ends the thread.

        Raises:
            MediaError: nothing decodes, the clip runs over a limit, or a frame stalls.
            Cancelled: `stop` was set.
        """
        if length < 1 or prefetch < 1:
            raise ValueError("length and prefetch must be at least 1")
        size = size or (self.info.height, self.info.width)
        length = max(1, min(length, _MAX_CHUNK_BYTES // (size[0] * size[1] * 3)))
        images = run_ahead(
            self._images(size), length * prefetch, self.limits.max_decode_seconds, stop
        )
        return _assemble(images, length)

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
        convert = self._converter(size or (self.info.height, self.info.width))
        order = sorted(range(len(times)), key=lambda k: times[k])
        increasing = [float(times[k]) for k in order]
        images = self._sought(increasing, convert) or self._searched(increasing, convert)
        by_place = dict(zip(order, images, strict=True))
        return [by_place[k] for k in range(len(times))]

    def sound(self, rate: int, mono: bool = True) -> NDArray[np.float32]:
        """`read_sound` of the clip, opening it once.

        Raises:
            MediaError: there is no sound, or it does not decode.
        """
        return sound_of(self._heard(), rate, mono=mono)

    def sound_track(self, rate: int) -> tuple[Iterator[Block], int] | None:
        """The sound for a `VideoWriter`, in blocks read as they are needed, and ``rate``.

        None where there is none. Where it breaks off or goes over a limit it ends: a broken track
        must not hide the picture.
        """
        with suppress(MediaError):
            blocks = sound_blocks(self._heard(), rate)
            first = next(blocks, None)  # none where it ends before the pictures begin
            if first is not None:
                return _until_it_breaks(first, blocks), rate
        return None

    def _heard(self) -> Heard:
        if self.info.sound_stream is None:
            raise MediaError("The file has no sound; choose a file that has some.")
        return Heard(self.path, self.info.sound_stream, self.info.clock(), self.limits)

    def browser_copy(
        self, folder: Path, progress: Progress | None = None, *, max_side: int = MAX_SIDE
    ) -> Path:
        """The path of an H.264 MP4 in ``folder`` that every browser plays, with the same times.

        See `hybridcore.media.browser_copy`.
        """
        return browser_copy(self, folder, progress, max_side=max_side)

    def _converter(self, size: tuple[int, int]) -> Convert:
        """What makes a frame an upright array of ``size``."""
        info = self.info
        if info.stream is None:
            return partial(scaled, size=size)
        return Upright(size, info.width / info.height, info.pixel_aspect)

    def _images(
        self, size: tuple[int, int]
    ) -> Generator[tuple[float, NDArray[np.uint8]], None, None]:
        convert = self._converter(size)
        for time, frame in self._frames():
            yield time, convert(frame)

    def _frames(self) -> Iterator[tuple[float, Any]]:
        """Every frame, for `_converter`, with its time, s."""
        info = self.info
        if info.stream is None:
            yield from picture_frames(self.path, self.limits)
            return
        clock, pixels = info.clock(), 0
        with open_source(self.path, self.limits) as container:
            stream = video_stream(container, info.stream, self.limits)
            for frame in decode(container, stream):
                time = clock(stamp(frame, stream.time_base, info.delay))
                pixels += frame.width * frame.height
                check_seconds(time, self.limits)
                check_decoded(pixels, self.limits)
                yield time, frame

    def _sought(self, times: list[float], convert: Convert) -> list[NDArray[np.uint8]] | None:
        """The frames at increasing ``times``; None where stamps or seeking are of no use.

        Decoding goes on from where it is, unless a key frame lies between there and the time.
        """
        info = self.info
        images: list[NDArray[np.uint8]] = []
        if info.stream is None or info.first_stamp is None or not info.key_stamps:
            return None
        with open_source(self.path, self.limits) as container:
            stream = video_stream(container, info.stream, self.limits)
            frames = decode(container, stream)
            shown = coming = None  # the frame on screen, and the one decoded after it
            position = info.first_stamp  # of what was decoded last
            for time in times:
                target = info.first_stamp + min(max(time, 0.0), info.duration) + _TOLERANCE
                key = info.key_stamps[max(0, bisect_right(info.key_stamps, target) - 1)]
                if key > position and stream.time_base is not None:
                    try:
                        container.seek(round(key / stream.time_base), stream=stream)
                    except av.FFmpegError:
                        return None
                    frames, shown, coming = decode(container, stream), None, None
                while coming := coming or next(frames, None):
                    at = stamp(coming, stream.time_base, info.delay)
                    if at is None or (shown is not None and at < position):
                        return None  # the clock restarts
                    position = at
                    if at > target:
                        break  # at once, if the seek went too far: then there is no answer
                    shown, coming = coming, None
                else:
                    position = float("inf")  # the end: nothing to seek for any more
                if shown is None:
                    return None
                images.append(np.ascontiguousarray(convert(shown)))
        return images

    def _searched(self, times: list[float], convert: Convert) -> list[NDArray[np.uint8]]:
        """The frames at increasing ``times``, decoding from the beginning."""
        images: list[NDArray[np.uint8]] = []
        shown = None
        for at, frame in self._frames():
            if shown is not None:
                while len(images) < len(times) and at > times[len(images)] + _TOLERANCE:
                    images.append(np.ascontiguousarray(convert(shown)))
            if len(images) == len(times):
                break
            shown = frame
        if shown is None:
            raise MediaError("No frame of the file can be decoded any more; choose it again.")
        while len(images) < len(times):
            images.append(np.ascontiguousarray(convert(shown)))
        return images


def _until_it_breaks(first: Block, others: Iterator[Block]) -> Iterator[Block]:
    yield first
    with suppress(MediaError):
        yield from others


def _assemble(
    images: Generator[tuple[float, NDArray[np.uint8]], None, None], length: int
) -> Iterator[Chunk]:
    """Consecutive (time, image) pairs as chunks of `length`."""
    start = 0
    with closing(images):
        while batch := list(islice(images, length)):
            frames = np.empty((len(batch), *batch[0][1].shape), np.uint8)
            for target, (_, image) in zip(frames, batch, strict=True):
                target[...] = image
            yield Chunk(start, np.array([time for time, _ in batch]), frames)
            start += len(batch)
    if start == 0:
        raise MediaError("No frame of the file can be decoded any more; choose it again.")
