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
    """What the header and the first frame say.

    width, height: pixels of an upright frame, after rotation, with square pixels.
    rotation: degrees clockwise (0, 90, 180, 270) that turn the stored frame upright.
    duration: s, as the header declares it.
    frame_rate: average, Hz. Never derive a time from it: every `Chunk` has its times.
    frame_count: as the header declares it, or None.
    codec, pixel_format: FFmpeg's names, such as "h264" and "yuv420p".
    sound_rate: samples per second, None without sound.
    """

    width: int
    height: int
    rotation: int
    duration: float
    frame_rate: float
    frame_count: int | None
    codec: str
    pixel_format: str
    has_sound: bool
    sound_rate: int | None


def probe(path: Path, limits: Limits) -> Generator[ClipInfo, None, None]:
    """Yield the one `ClipInfo` of the file (a generator so that `prefetch` can time it).

    Raises:
        MediaError: the file cannot be read, has no picture, or is over a limit.
    """
    with open_source(path, limits) as container:
        stream = video_stream(container, limits)
        duration = _declared_duration(container, stream)
        check_seconds(duration or 0.0, limits)
        frame = next(decode(container, stream), None)
        if frame is None:
            raise MediaError(
                "No frame of the file can be decoded; it is damaged or incomplete, "
                "so copy it again or save it again as H.264 MP4."
            )
        rate = stream.average_rate or stream.guessed_rate or _FALLBACK_RATE
        width, height, rotation = _upright_size(frame, stream.sample_aspect_ratio)
        check_pixels(width, height, limits)
        sound = container.streams.audio[0] if container.streams.audio else None
        info = ClipInfo(
            width=width,
            height=height,
            rotation=rotation,
            duration=duration or _measured_duration(path, limits) or float(1 / rate),
            frame_rate=float(rate),
            frame_count=stream.frames or None,
            codec=stream.codec_context.codec.canonical_name,
            pixel_format=frame.format.name,
            has_sound=sound is not None,
            sound_rate=sound.codec_context.sample_rate if sound is not None else None,
        )
    check_seconds(info.duration, limits)
    yield info


def _upright_size(frame: VideoFrame, pixel_aspect: Fraction | None) -> tuple[int, int, int]:
    """(width, height, degrees clockwise) of the frame as it is meant to be seen."""
    # FFmpeg counts counter-clockwise, and a display matrix may hold any angle.
    rotation = round(-frame.rotation / 90) * 90 % 360
    width, height = frame.width, frame.height
    if pixel_aspect is not None and 1 / 4 < pixel_aspect < 4:  # beyond that it is a wrong header
        width = max(1, round(width * pixel_aspect))
    return (height, width, rotation) if rotation % 180 else (width, height, rotation)


def _declared_duration(container: InputContainer, stream: VideoStream) -> float | None:
    if stream.duration and stream.duration > 0 and stream.time_base:
        return float(stream.duration * stream.time_base)
    if container.duration and container.duration > 0:
        return container.duration / 1e6
    return None


def _measured_duration(path: Path, limits: Limits) -> float:
    """Span of the packets' times, s, for files recorded without a declared duration."""
    first, last = float("inf"), float("-inf")
    with open_source(path, limits) as container:
        stream = video_stream(container, limits)
        for packet in container.demux(stream):
            if packet.pts is not None:
                start = float(packet.pts * packet.time_base)
                first = min(first, start)
                last = max(last, start + float((packet.duration or 0) * packet.time_base))
    return max(0.0, last - first)
