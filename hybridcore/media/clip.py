"""A video file as upright RGB frames with their times."""

import hashlib
import threading
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path

import av
import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from hybridcore.errors import MediaError
from hybridcore.media.decode import Clock, Upright, decode, stamp
from hybridcore.media.limits import DEFAULT_LIMITS, Limits
from hybridcore.media.prefetch import prefetch as run_ahead
from hybridcore.media.probe import ClipInfo, probe
from hybridcore.media.source import check_seconds, open_source, video_stream

# Endings of files that are taken for videos; what they are, their content says.
VIDEO_ENDINGS = ("mp4", "mov", "m4v", "mkv", "webm", "avi", "mpg", "mpeg", "ts", "wmv", "3gp")

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

    def __init__(self, path: Path, info: ClipInfo, limits: Limits) -> None:
        self.path = path
        self.info = info
        self.limits = limits

    @classmethod
    def open(cls, path: str | Path, limits: Limits = DEFAULT_LIMITS) -> "Clip":
        """Probe the file and decode its first frame.

        Raises:
            MediaError: the file is missing, empty, damaged, without a picture, or over a limit.
        """
        path = Path(path).resolve()
        # In a thread only for the limit on codec time.
        (info,) = run_ahead(probe(path, limits), 1, limits.max_decode_seconds)
        return cls(path, info, limits)

    @cached_property
    def sha256(self) -> str:
        """Hexadecimal SHA-256 of the file's content."""
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

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
        """The frame on screen at `time` s: uint8 [height, width, 3], RGB, upright.

        size: (height, width), aspect ratio not kept; None is native.
        A time outside the clip gives the frame at its nearest end.

        Raises:
            MediaError: nothing decodes.
        """
        size = size or (self.info.height, self.info.width)
        frame = self._sought(time) or self._searched(time)
        return np.ascontiguousarray(Upright(size, self.info.rotation)(frame))

    def _images(
        self, size: tuple[int, int]
    ) -> Generator[tuple[float, NDArray[np.uint8]], None, None]:
        upright = Upright(size, self.info.rotation)
        for time, frame in self._frames():
            yield time, upright(frame)

    def _frames(self) -> Iterator[tuple[float, VideoFrame]]:
        """Every frame with its time, s."""
        clock = Clock(1 / self.info.frame_rate)
        with open_source(self.path, self.limits) as container:
            stream = video_stream(container, self.limits)
            for frame in decode(container, stream):
                time = clock(stamp(frame, stream))
                check_seconds(time, self.limits)
                yield time, frame

    def _sought(self, time: float) -> VideoFrame | None:
        """The frame at `time` from the key frame before it; None if the file cannot seek."""
        with open_source(self.path, self.limits) as container:
            stream = video_stream(container, self.limits)
            first = next(decode(container, stream), None)
            origin = stamp(first, stream) if first is not None else None
            if origin is None or stream.time_base is None:
                return None
            target = origin + min(max(time, 0.0), self.info.duration)
            try:
                container.seek(int(target / stream.time_base), stream=stream)
            except av.FFmpegError:
                return None
            found = None
            for frame in decode(container, stream):
                at = stamp(frame, stream)
                if at is None:
                    return None
                if at > target + _TOLERANCE:
                    break  # at once, if the seek went too far: then there is no answer
                found = frame
            return found

    def _searched(self, time: float) -> VideoFrame:
        """The frame at `time`, decoding from the beginning."""
        found = None
        for at, frame in self._frames():
            if found is not None and at > time + _TOLERANCE:
                break
            found = frame
        if found is None:
            raise MediaError("No frame of the file can be decoded any more; choose it again.")
        return found


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
