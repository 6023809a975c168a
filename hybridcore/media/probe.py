"""What a file says about itself, and whether its first frame decodes."""

from collections.abc import Generator
from contextlib import suppress
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
from av.container import InputContainer
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from hybridcore.errors import MediaError
from hybridcore.media.decode import stamp
from hybridcore.media.limits import Limits
from hybridcore.media.source import check_pixels, check_seconds, open_source, video_stream

_FALLBACK_RATE = Fraction(25)

# Few packets of an MPEG program stream carry stamps: after a seek FFmpeg guesses them, some frames
# off. A raw stream has none.
_ADRIFT = frozenset({"mpeg", "mpegvideo", "h264", "hevc"})


@dataclass(frozen=True)
class ClipInfo:
    """What the headers and the first frame say.

    width, height: pixels of an upright frame, after rotation, with square pixels.
    rotation: degrees clockwise (0, 90, 180, 270) that turn the stored frame upright.
    duration: s, from the first frame to the end of the last.
    frame_rate: average, Hz. Never derive a time from it: every `Chunk` has its times.
    frame_count: an estimate; a damaged file decodes to fewer.
    codec, pixel_format: FFmpeg's names, such as "h264" and "yuv420p".
    sound_rate: samples per second, None without sound; sound_codec: FFmpeg's name, likewise.
    square_pixels: whether stored pixels are as wide as they are high.
    first_stamp: of the first frame on the file's own clock, s; None if it carries no stamp.
    key_stamps: of the key frames on the file's own clock, s, increasing: from these decoding can
        begin. Empty where stamps are missing, a clock restarts or seeking is of no use.
    whole: every packet carries both its stamps, none is damaged or hidden by an edit list, so a
        copy of the packets keeps every frame at its time.
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
    sound_codec: str | None
    square_pixels: bool
    first_stamp: float | None
    key_stamps: tuple[float, ...] = field(repr=False)
    whole: bool

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
        rate = stream.average_rate or stream.guessed_rate or _FALLBACK_RATE
        packets, frame = _scan(container, stream, float(1 / rate))
        if frame is None:
            raise MediaError(_nothing_decodes(stream, limits))
        width, height, rotation = _upright_size(frame, stream.sample_aspect_ratio)
        check_pixels(width, height, limits)
        check_seconds(packets.seconds, limits)
        sound = container.streams.audio[0] if container.streams.audio else None
        yield ClipInfo(
            width=width,
            height=height,
            rotation=rotation,
            duration=packets.seconds,
            frame_rate=float(rate),
            frame_count=packets.count,
            codec=stream.codec_context.codec.canonical_name,
            pixel_format=frame.format.name,
            has_sound=sound is not None,
            sound_rate=sound.codec_context.sample_rate if sound is not None else None,
            sound_codec=sound.codec_context.codec.canonical_name if sound is not None else None,
            square_pixels=sorted((width, height)) == sorted((frame.width, frame.height)),
            first_stamp=stamp(frame, stream),
            key_stamps=() if container.format.name in _ADRIFT else packets.increasing_keys,
            whole=packets.whole,
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


class _Packets:
    """What the packets' headers say, without decoding.

    Containers declare count and duration, but not reliably: a browser's recording has no duration,
    that of a variable rate MP4 can end before its last frame, and a broken file promises more than
    it holds.

    period: s, the length of a packet whose header does not say it.
    """

    def __init__(self, period: float) -> None:
        self.count = 0
        self.whole = True
        self._period = period
        self._first, self._end = float("inf"), float("-inf")
        self._keys: list[float] = []

    def add(self, packet: Packet) -> None:
        if packet.size == 0:
            return  # the flush packet that ends a stream
        hidden, pts, dts = packet.is_discard, packet.pts, packet.dts
        self.whole &= not (packet.is_corrupt or hidden or pts is None or dts is None)
        if hidden:
            return
        self.count += 1
        begin = dts if pts is None else pts
        if packet.is_keyframe and begin is not None:
            self._keys.append(float(begin * packet.time_base))
        if pts is not None:
            start = float(pts * packet.time_base)
            length = float((packet.duration or 0) * packet.time_base)
            self._first = min(self._first, start)
            self._end = max(self._end, start + (length or self._period))

    @property
    def seconds(self) -> float:
        """From the first frame to the end of the last."""
        span = self._end - self._first
        return span if span > 0 else self.count * self._period

    @property
    def increasing_keys(self) -> tuple[float, ...]:
        """The stamps of key frames; none if they do not increase, as where a clock restarts."""
        increase = all(before < after for before, after in pairwise(self._keys))
        return tuple(self._keys) if increase else ()


def _scan(
    container: InputContainer, stream: VideoStream, period: float
) -> tuple[_Packets, VideoFrame | None]:
    """Every packet's header and the first frame that decodes, in one pass."""
    packets, frame = _Packets(period), None
    with suppress(av.FFmpegError):  # where the file breaks off: what came before is still good
        for packet in container.demux(stream):
            packets.add(packet)
            if frame is None:
                with suppress(av.FFmpegError):
                    frame = next(iter(packet.decode()), None)
    return packets, frame
