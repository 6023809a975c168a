"""What a file says about itself, and whether its first frame decodes."""

from collections.abc import Generator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from hybridcore.errors import MediaError
from hybridcore.media.decode import decode
from hybridcore.media.limits import Limits
from hybridcore.media.source import check_pixels, check_seconds, open_source, video_stream

_FALLBACK_RATE = Fraction(25)


@dataclass(frozen=True)
class ClipInfo:
    """What the headers and the first frame say.

    width, height: pixels of an upright frame, after rotation, with square pixels.
    rotation: degrees clockwise (0, 90, 180, 270) that turn the stored frame upright.
    duration: s, from the first frame to the end of the last.
    frame_rate: average, Hz. Never derive a time from it: every `Chunk` has its times.
    frame_count: an estimate; a damaged file decodes to fewer.
    codec, pixel_format: FFmpeg's names, such as "h264" and "yuv420p".
    sound_rate: samples per second, None without sound.
    """

    width: int
    height: int
    rotation: int
    duration: float
    frame_rate: float
    frame_count: int
    codec: str
    pixel_format: str
    has_sound: bool
    sound_rate: int | None

    def within(self, side: int) -> tuple[int, int]:
        """(height, width), at least 2 each, of a frame whose longer side is at most ``side``."""
        scale = min(1.0, side / max(self.width, self.height))
        return max(2, round(self.height * scale)), max(2, round(self.width * scale))


def probe(path: Path, limits: Limits) -> Generator[ClipInfo, None, None]:
    """Yield the one `ClipInfo` of the file (a generator so that `prefetch` can time it).

    Raises:
        MediaError: the file cannot be read, has no picture, or is over a limit.
    """
    with open_source(path, limits) as container:
        stream = video_stream(container, limits)
        frame = next(decode(container, stream), None)
        if frame is None:
            raise MediaError(_nothing_decodes(stream, limits))
        rate = stream.average_rate or stream.guessed_rate or _FALLBACK_RATE
        width, height, rotation = _upright_size(frame, stream.sample_aspect_ratio)
        check_pixels(width, height, limits)
        sound = container.streams.audio[0] if container.streams.audio else None
        with open_source(path, limits) as again:
            count, duration = _scan(again, video_stream(again, limits), float(1 / rate))
        check_seconds(duration, limits)
        yield ClipInfo(
            width=width,
            height=height,
            rotation=rotation,
            duration=duration,
            frame_rate=float(rate),
            frame_count=count,
            codec=stream.codec_context.codec.canonical_name,
            pixel_format=frame.format.name,
            has_sound=sound is not None,
            sound_rate=sound.codec_context.sample_rate if sound is not None else None,
        )


def _nothing_decodes(stream: VideoStream, limits: Limits) -> str:
    # A codec that refuses a frame as too large keeps its size to itself.
    reason = (
        "damaged, of an unknown kind, or has frames over the limit of "
        f"{limits.max_pixels / 1e6:.1f} megapixels"
        if stream.width == 0
        else "damaged or incomplete"
    )
    return (
        f"No frame of the file can be decoded because it is {reason}; "
        "copy it again or save it again as H.264 MP4."
    )


def _upright_size(frame: VideoFrame, pixel_aspect: Fraction | None) -> tuple[int, int, int]:
    """(width, height, degrees clockwise) of the frame as it is meant to be seen."""
    # FFmpeg counts counter-clockwise, and a display matrix may hold any angle.
    rotation = round(-frame.rotation / 90) * 90 % 360
    width, height = frame.width, frame.height
    if pixel_aspect is not None and 1 / 4 < pixel_aspect < 4:  # beyond that it is a wrong header
        width = max(1, round(width * pixel_aspect))
    return (height, width, rotation) if rotation % 180 else (width, height, rotation)


def _scan(container: InputContainer, stream: VideoStream, period: float) -> tuple[int, float]:
    """(frames, seconds) from the packets' headers, without decoding.

    Containers declare both, but not reliably: a browser's recording has no duration, that of a
    variable rate MP4 can end before its last frame, and a broken file promises more than it holds.
    """
    count, first, end = 0, float("inf"), float("-inf")
    for packet in container.demux(stream):
        if packet.size == 0 or packet.is_discard:
            continue
        count += 1
        if packet.pts is not None:
            start = float(packet.pts * packet.time_base)
            length = float((packet.duration or 0) * packet.time_base)
            first, end = min(first, start), max(end, start + (length or period))
    return count, end - first if end > first else count * period
