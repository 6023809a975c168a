"""Open a file from outside: the only place that turns PyAV errors into `MediaError`."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import av
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet
from av.stream import Disposition
from av.video.stream import VideoStream

from hybridcore.errors import MediaError
from hybridcore.media.codecs import ALLOWED, WHITELIST
from hybridcore.media.files import shown
from hybridcore.media.limits import Limits

# Only self-contained formats. Playlists (hls, dash, concat) could make an uploaded file read other
# files of this computer, and the text-art demuxer (tty) would take any text for a video. Pictures
# are read elsewhere.
_FORMATS = (
    "mov,mp4,m4a,3gp,3g2,mj2",
    "matroska,webm",
    "avi,asf,flv,ogg,mpegts,mpeg,mpegvideo,mxf,dv,nut,ivf,obu,yuv4mpegpipe",
    "h264,hevc,m4v,mjpeg,mpjpeg",
    "wav,mp3,aac,flac,aiff",
)

_NOT_WATCHED = Disposition.attached_pic | Disposition.timed_thumbnails
_MAX_STREAMS = 8  # of a kind that are looked at; a file with more is no recording


class NotMediaError(MediaError):
    """No demuxer takes the file."""


@contextmanager
def open_source(path: Path, limits: Limits) -> Iterator[InputContainer]:
    """The opened container of `path`; it is closed, and PyAV's errors translated, on exit.

    Raises:
        MediaError: no such file, empty, over `limits.max_bytes`, or not a media file.
    """
    check_file(path, limits)
    try:
        with av.open(
            str(path),
            options={
                "format_whitelist": ",".join(_FORMATS),
                "protocol_whitelist": "file",
                "codec_whitelist": WHITELIST,
                "max_pixels": str(limits.max_pixels),  # the codec refuses before it allocates
            },
            metadata_errors="replace",
        ) as container:
            yield container
    except MemoryError:
        raise  # PyAV's is an FFmpegError too
    except (av.FFmpegError, OSError) as error:
        raise NotMediaError(
            "The file is damaged or is not a video this program can read; "
            "play it to check it, then save it again as H.264 MP4."
        ) from error


@contextmanager
def damage_skipped() -> Iterator[None]:
    """Where FFmpeg fails in the block, go on after it; but not where memory is at an end."""
    try:
        yield
    except MemoryError:
        raise  # PyAV's is an FFmpegError too
    except av.FFmpegError:
        pass


def check_file(path: Path, limits: Limits) -> None:
    if not path.is_file():
        raise MediaError(
            f"There is no file {shown(path.name)}; check the path or choose it again.")
    size = path.stat().st_size
    if size == 0:
        raise MediaError("The file is empty (0 bytes); copy or upload it again.")
    if size > limits.max_bytes:
        raise MediaError(
            f"The file is {size / 1e6:.1f} MB and the limit is {limits.max_bytes / 1e6:.1f} MB; "
            "cut a shorter piece or compress it."
        )


def video_streams(container: InputContainer, limits: Limits) -> list[VideoStream]:
    """The streams with moving pictures that can be decoded, set up for it, at least one.

    Raises:
        MediaError: there is none, or its header declares a frame over `limits.max_pixels`.
    """
    # The cover picture of a song is a video stream too, but nothing to watch.
    streams = [s for s in container.streams.video if not s.disposition & _NOT_WATCHED]
    if not streams:
        if container.streams.audio:
            raise MediaError("The file holds only sound; choose a file with a picture.")
        raise MediaError("The file holds no video; choose a file with a picture.")
    known = [stream for stream in streams if stream.codec_context is not None]
    fitting = [s for s in known if s.width * s.height <= limits.max_pixels]
    if known and not fitting:
        check_pixels(known[0].width, known[0].height, limits)
    usable = [stream for stream in fitting if decodes(stream)][:_MAX_STREAMS]
    if not usable:
        codec = f"codec {known[0].codec_context.codec.canonical_name}" if known else "video codec"
        raise MediaError(
            f"The file uses a {codec} that this program does not decode; "
            "save it again as H.264 MP4."
        )
    for stream in usable:
        _set_up(stream, limits)
    return usable


def video_stream(container: InputContainer, index: int, limits: Limits) -> VideoStream:
    """The stream with the number ``index`` in the file, set up for decoding.

    Raises:
        MediaError: the file holds no such stream any more.
    """
    for stream in container.streams.video:
        if stream.index == index and decodes(stream):
            _set_up(stream, limits)
            return stream
    raise MediaError("The file has changed since it was opened; choose it again.")


def sound_streams(container: InputContainer, limits: Limits) -> list[AudioStream]:
    """The sound tracks that may decode, set up for it, the default ones first."""
    usable = [s for s in container.streams.audio if decodes(s)][:_MAX_STREAMS]
    for stream in usable:
        _set_up(stream, limits)
    return sorted(usable, key=lambda s: not s.disposition & Disposition.default)


def decodes(stream: VideoStream | AudioStream) -> bool:
    """Whether the codec of a stream is known and among those that are allowed."""
    return stream.codec_context is not None and stream.codec_context.codec.name in ALLOWED


def _set_up(stream: VideoStream | AudioStream, limits: Limits) -> None:
    context = stream.codec_context
    # Not taken over from the container.
    context.options = {"codec_whitelist": WHITELIST, "max_pixels": str(limits.max_pixels)}
    # One thread. Measured for 240 frames 1280x720 H.264 resized to 160x160 on two busy cores
    # (median of 6): none 0.74 s CPU and 0.75 s wall, AUTO 0.81 s and 0.81 s. The networks keep the
    # cores busy anyway, and frame threads hold back frames and can hang when closed early.
    context.thread_count = 1


def packets(
    container: InputContainer, streams: Sequence[VideoStream | AudioStream]
) -> Iterator[Packet]:
    """The packets of the streams, in the order of the file.

    In some formats a stream may turn up late, in a damaged file a false one; PyAV then gives
    packets that were not asked for, and fails in the end.
    """
    wanted = {stream.index for stream in streams}
    with suppress(IndexError):
        for packet in container.demux(list(streams)):
            if packet.stream.index in wanted:
                yield packet


def check_pixels(width: int, height: int, limits: Limits) -> None:
    """Raise `MediaError` if a frame of `width` x `height` is over `limits.max_pixels`."""
    if width * height > limits.max_pixels:
        raise MediaError(
            f"The frames are {width}x{height} ({width * height / 1e6:.1f} megapixels) and the "
            f"limit is {limits.max_pixels / 1e6:.1f} megapixels; scale the video down."
        )


def check_seconds(seconds: float, limits: Limits) -> None:
    """Raise `MediaError` if `seconds` is over `limits.max_seconds`."""
    if seconds > limits.max_seconds:
        raise MediaError(
            f"The clip runs {seconds:.0f} s or more and the limit is {limits.max_seconds:g} s; "
            "cut a shorter piece."
        )


def check_decoded(pixels: int, limits: Limits) -> None:
    """Raise `MediaError` if all frames together, ``pixels``, are over `limits.max_decoded_pixels`.
    """
    if pixels > limits.max_decoded_pixels:
        raise MediaError(
            f"All frames together have {pixels / 1e9:.3g} gigapixels or more and the limit is "
            f"{limits.max_decoded_pixels / 1e9:.3g}; cut a shorter piece or scale the video down."
        )
