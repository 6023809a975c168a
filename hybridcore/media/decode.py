"""Packets to frames, presentation stamps to seconds, frames to upright RGB arrays."""

from collections.abc import Iterator

import av
import numpy as np
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter
from av.video.stream import VideoStream
from numpy.typing import NDArray

from hybridcore.errors import MediaError

# Two frames with the same stamp are told apart by this much, s.
_SMALLEST_STEP = 1e-3

# A stamp this far back is a clock that restarted (recordings joined together), not a duplicate, s.
_RESTART = 0.5

# FFmpeg's AVColorSpace numbers. The scaler refuses RESERVED, YCGCO and all from BT2020_CL (10) on.
_UNSPECIFIED_COLORSPACE = 2
_UNSUPPORTED_COLORSPACES = frozenset({3, 8, *range(10, 18)})


def decode(container: InputContainer, stream: VideoStream) -> Iterator[VideoFrame]:
    """Every frame that decodes, in order of presentation; damaged packets are skipped."""
    try:
        for packet in container.demux(stream):
            try:
                yield from packet.decode()
            except av.FFmpegError:
                continue
    except av.FFmpegError:
        pass  # the file breaks off here: what came before is still good


def stamp(frame: VideoFrame, stream: VideoStream) -> float | None:
    """The frame's presentation time on the file's own clock, s; None if the file has none."""
    if frame.pts is None or stream.time_base is None:
        return None
    return float(frame.pts * stream.time_base)


class Clock:
    """Presentation stamps to seconds since the first frame, strictly increasing.

    period: s, how far a frame without a stamp lies after the one before.
    """

    def __init__(self, period: float) -> None:
        self._period = period
        self._origin: float | None = None
        self._last = 0.0

    def __call__(self, stamp: float | None) -> float:
        """The time of the next frame, s; `stamp` is None when the file gives none."""
        if self._origin is None:
            self._origin = stamp or 0.0
            return 0.0
        if stamp is None:
            time = self._last + self._period
        else:
            time = stamp - self._origin
            if time < self._last - _RESTART:
                time = self._last + self._period
                self._origin = stamp - time
            time = max(time, self._last + _SMALLEST_STEP)
        self._last = time
        return time


class Upright:
    """Decoded frames to RGB arrays of one size, turned clockwise by `rotation` degrees.

    size: (height, width) of the result; the aspect ratio is not kept.
    """

    def __init__(self, size: tuple[int, int], rotation: int) -> None:
        height, width = size
        # Scale first: turning the small picture is cheaper, and its sides are still swapped.
        self._scaled = (width, height) if rotation % 180 else (height, width)
        self._quarter_turns = -rotation // 90
        self._reformatter = VideoReformatter()

    def __call__(self, frame: VideoFrame) -> NDArray[np.uint8]:
        """uint8 [height, width, 3], RGB; a view that need not be contiguous."""
        height, width = self._scaled
        if frame.colorspace in _UNSUPPORTED_COLORSPACES:
            frame.colorspace = _UNSPECIFIED_COLORSPACE  # off colours rather than no picture
        try:
            scaled = self._reformatter.reformat(
                frame, width, height, "rgb24", interpolation="AREA", threads=1
            )
        except av.FFmpegError as error:
            raise MediaError(
                f"The pixel format {frame.format.name} of the file cannot be converted to RGB; "
                "save it again as H.264 MP4."
            ) from error
        return np.rot90(scaled.to_ndarray(), self._quarter_turns).view(np.uint8)
