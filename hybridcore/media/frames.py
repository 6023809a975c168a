"""The frames of a film, or of a picture as a film: in order, or at given times.

This is the work itself; `hybridcore.media.decoder` has it done in a process of its own.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from hybridcore.errors import MediaError
from hybridcore.media.closer import Closer
from hybridcore.media.decode import decode, stamp
from hybridcore.media.limits import Limits
from hybridcore.media.probe import ClipInfo
from hybridcore.media.source import check_decoded, check_seconds, open_source, video_stream
from hybridcore.media.stills import picture_frames, scaled
from hybridcore.media.upright import Upright

Image = NDArray[np.uint8]
Convert = Callable[[Any], Image]

# Half a millisecond: "at 1.2 s" finds the frame stamped 1.2000001 s.
_TOLERANCE = 5e-4


@dataclass(frozen=True)
class Frames:
    """The frames of the file ``path``, of which ``info`` is known: upright, at one size.

    size: (height, width), aspect ratio not kept.
    """

    path: Path
    info: ClipInfo
    limits: Limits
    size: tuple[int, int]

    def all(self, closer: Closer | None = None) -> Iterator[tuple[float | None, Image]]:
        """Every frame with its time, s; an image need not be contiguous.

        Before a frame that is wanted ``closer`` comes that frame so, without a time.

        Raises:
            MediaError: the film runs over a limit, or cannot be opened any more.
        """
        convert = self._converter(self.size)
        convert_closer = self._converter(closer.size) if closer else None
        last = None
        for time, frame in self._decoded():
            if closer and convert_closer and closer.is_next(time, last):
                yield None, convert_closer(frame)
                last = time
            yield time, convert(frame)

    def at(self, times: Sequence[float]) -> Generator[None, None, list[Image]]:
        """The frames on screen at increasing ``times``. It yields now and then while it works.

        No frame is decoded twice; where seeking fails, once more from the start.

        Raises:
            MediaError: nothing decodes.
        """
        convert = self._converter(self.size)
        return (yield from self._sought(times, convert)) or (
            yield from self._searched(times, convert))

    def _converter(self, size: tuple[int, int]) -> Convert:
        """What makes a decoded frame an upright image."""
        info = self.info
        if info.stream is None:
            return partial(scaled, size=size)
        return Upright(size, info.width / info.height, info.pixel_aspect)

    def _decoded(self) -> Iterator[tuple[float, Any]]:
        """Every frame, for the converter, with its time, s."""
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

    def _sought(
        self, times: Sequence[float], convert: Convert
    ) -> Generator[None, None, list[Image] | None]:
        """The frames at ``times``; None where stamps or seeking are of no use.

        Decoding goes on from where it is, unless a key frame lies between there and the time.
        """
        info = self.info
        images: list[Image] = []
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
                    yield
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
                images.append(convert(shown))
        return images

    def _searched(
        self, times: Sequence[float], convert: Convert
    ) -> Generator[None, None, list[Image]]:
        """The frames at ``times``, decoding from the beginning."""
        images: list[Image] = []
        shown = None
        for at, frame in self._decoded():
            yield
            if shown is not None:
                while len(images) < len(times) and at > times[len(images)] + _TOLERANCE:
                    images.append(convert(shown))
            if len(images) == len(times):
                break
            shown = frame
        if shown is None:
            raise MediaError("No frame of the file can be decoded any more; choose it again.")
        while len(images) < len(times):
            images.append(convert(shown))
        return images
