"""What a file holds, and whether its first frame decodes."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from av.container import InputContainer
from av.video.frame import VideoFrame

from hybridcore.errors import MediaError
from hybridcore.media.clock import Clock, Span
from hybridcore.media.limits import Limits
from hybridcore.media.scan import Scan, scan
from hybridcore.media.source import check_decoded, check_pixels, check_seconds, open_source
from hybridcore.media.tracks import PictureTrack
from hybridcore.media.upright import Orientation, has_alpha, is_hdr, orientation_of

# Few packets of an MPEG program stream carry stamps: after a seek FFmpeg guesses them, some frames
# off. A raw stream has none.
_ADRIFT = frozenset({"mpeg", "mpegvideo", "h264", "hevc"})


@dataclass(frozen=True)
class ClipInfo:
    """What the packets and the first frame say.

    width, height: pixels of an upright frame, after rotation, with square pixels.
    rotation: degrees clockwise (0, 90, 180, 270) that turn the stored frame upright.
    duration: s, from the first frame to the end of the last.
    frame_rate: Hz, of the usual step between two frames; pauses do not count, nor does what the
        header claims. Never derive a time from it: every `Chunk` has its times.
    frame_count: an estimate; a damaged file decodes to fewer.
    codec, pixel_format: FFmpeg's names, such as "h264" and "yuv420p"; of a picture Pillow's.
    has_sound: whether a sound track decodes.
    sound_rate: samples per second, None without sound; sound_codec: FFmpeg's name, likewise.
    square_pixels: whether stored pixels are as wide as they are high.
    first_stamp: of the first frame on the file's own clock, s; None if it carries no stamp.
    key_stamps: of the key frames on the file's own clock, s, increasing: from these decoding can
        begin. Empty where stamps are missing, a clock restarts or seeking is of no use.
    whole: every packet carries both its stamps, none is damaged or hidden by an edit list, so a
        copy of the packets keeps every frame at its time.
    mirrored: the stored frame is mirrored left to right, before it is turned.
    plain: the stored colours are those of an ordinary opaque film, as any player shows them.
    pixel_aspect: width / height of a stored pixel.
    stream, sound_stream: numbers in the file of the streams that are shown and heard; None for a
        picture, and without sound.
    spans: where the file's clock runs on; empty without stamps.
    delay: see `decode.stamp`.
    notes: one sentence for a person on each thing in the file that is not as it should be.
    """

    width: int
    height: int
    rotation: int
    duration: float
    frame_rate: float
    frame_count: int
    codec: str
    pixel_format: str
    has_sound: bool = False
    sound_rate: int | None = None
    sound_codec: str | None = None
    square_pixels: bool = True
    first_stamp: float | None = None
    key_stamps: tuple[float, ...] = field(default=(), repr=False)
    whole: bool = False
    mirrored: bool = False
    plain: bool = True
    pixel_aspect: float = 1.0
    stream: int | None = None
    sound_stream: int | None = None
    spans: tuple[Span, ...] = field(default=(), repr=False)
    delay: int | None = None
    notes: tuple[str, ...] = ()

    def within(self, side: int) -> tuple[int, int]:
        """(height, width), at least 2 each, of a frame whose longer side is at most ``side``."""
        scale = min(1.0, side / max(self.width, self.height))
        return max(2, round(self.height * scale)), max(2, round(self.width * scale))

    @property
    def streams(self) -> tuple[int, ...]:
        """The numbers in the file of the streams that are shown and heard, in this order."""
        return tuple(n for n in (self.stream, self.sound_stream) if n is not None)

    def clock(self) -> Clock:
        """A new clock for stamps in the order of the file, of frames or of sound."""
        return Clock(1 / self.frame_rate, self.spans)


def probe(path: Path, limits: Limits) -> Generator[ClipInfo, None, None]:
    """Yield the one `ClipInfo` of the film (a generator so that `prefetch` can time it).

    Raises:
        MediaError: the file cannot be read, has no picture, or is over a limit.
    """
    with open_source(path, limits) as container:
        found = scan(container, limits)
        film = found.pictures
        assert film is not None  # or `scan` would have raised
        if film.frame is None:
            raise MediaError(_nothing_decodes(film, limits))
        stream, frame = film.stream, film.frame
        aspect = _pixel_aspect(stream.sample_aspect_ratio)
        orientation = orientation_of(frame)
        width, height = _upright_size(frame, aspect, orientation)
        check_pixels(width, height, limits)
        check_seconds(film.duration, limits)
        check_decoded(film.count * frame.width * frame.height, limits)
        sound = found.sound.stream if found.sound is not None else None
        yield ClipInfo(
            width=width,
            height=height,
            rotation=orientation.rotation,
            duration=film.duration,
            frame_rate=1 / film.period,
            frame_count=film.count,
            codec=stream.codec_context.codec.canonical_name,
            pixel_format=frame.format.name,
            has_sound=sound is not None,
            sound_rate=sound.codec_context.sample_rate if sound is not None else None,
            sound_codec=sound.codec_context.codec.canonical_name if sound is not None else None,
            square_pixels=sorted((width, height)) == sorted((frame.width, frame.height)),
            first_stamp=film.first_stamp,
            key_stamps=() if container.format.name in _ADRIFT else film.key_stamps,
            whole=film.whole and len(film.spans) == 1 and film.delay is None and film.lost == 0,
            mirrored=orientation.mirrored,
            plain=not is_hdr(frame) and stream.metadata.get("alpha_mode") != "1",
            pixel_aspect=float(aspect),
            stream=stream.index,
            sound_stream=sound.index if sound is not None else None,
            spans=film.spans,
            delay=film.delay,
            notes=tuple(_notes(container, found, film, frame)),
        )


def _notes(
    container: InputContainer, found: Scan, film: PictureTrack, frame: VideoFrame
) -> Generator[str, None, None]:
    tracks = [stream.index for stream in container.streams.audio]
    if tracks and found.sound is None:
        yield "The audio track is empty or cannot be decoded, so the clip is silent."
    elif found.sound is not None and found.sound.stream.index != tracks[0]:
        yield (
            "The first audio track cannot be used; track "
            f"{tracks.index(found.sound.stream.index) + 1} of {len(tracks)} plays instead.")
    if len(film.spans) > 1:
        yield (
            f"The timestamps jump, as in {len(film.spans)} recordings joined together; here they "
            "play one after another.")
    if film.lost > 0:
        yield f"The first {film.lost:.2f} s cannot be decoded, so the clip begins after that."
    if is_hdr(frame):
        yield "The video is HDR; its colours are converted to standard dynamic range."
    if frame.interlaced_frame:
        yield "The video is interlaced, so fast movement shows comb-like edges."
    if has_alpha(frame):
        yield "Transparent areas are shown on white."


def _nothing_decodes(film: PictureTrack, limits: Limits) -> str:
    # A codec that refuses a frame as too large keeps its size to itself; some, H.264 too, do not
    # tell a lack of memory from damage.
    reason = (
        "damaged, of an unknown kind, or has frames over the limit of "
        f"{limits.max_pixels / 1e6:.1f} megapixels"
        if film.stream.width == 0
        else "damaged, incomplete or needs too much memory"
    )
    return (
        f"No frame of the file can be decoded because it is {reason}; "
        "copy it again or save it again as H.264 MP4."
    )


def _pixel_aspect(declared: Fraction | None) -> Fraction:
    """Width / height of a stored pixel; beyond these bounds it is a wrong header."""
    return declared if declared is not None and 1 / 4 < declared < 4 else Fraction(1)


def _upright_size(
    frame: VideoFrame, pixel_aspect: Fraction, orientation: Orientation
) -> tuple[int, int]:
    """(width, height) of the frame as it is meant to be seen."""
    width, height = max(1, round(frame.width * pixel_aspect)), frame.height
    return (height, width) if orientation.swaps else (width, height)
