"""A copy of a clip that every browser plays, with the frame times of the analysis."""

import uuid
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import av

from hybridcore.errors import Cancelled, MediaError
from hybridcore.media.clip import Clip
from hybridcore.media.decode import decode, stamp
from hybridcore.media.sound import read_sound
from hybridcore.media.source import open_source, video_stream
from hybridcore.media.writer import VideoWriter

_SOUND_RATE = 44_100
_LONGEST_SIDE_COPIED = 1920


def browser_preview(
    clip: Clip,
    out_dir: str | Path,
    max_side: int = 960,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Path:
    """The path of an H.264 MP4 of the clip in `out_dir`, made if it is not there yet.

    A file that browsers already play (H.264 8-bit 4:2:0, upright, at most 1920 pixels, starting
    at 0) is copied without encoding. Any other is encoded upright, at most `max_side` pixels, each
    frame at its own time. The name depends on the content only, so equal clips share a preview.

    progress: called with the fraction done, 0 to 1.
    cancelled: asked between frames; once true the work ends with `Cancelled`.

    Raises:
        MediaError: nothing decodes.
        Cancelled: `cancelled` returned true.
    """
    out_dir = Path(out_dir)
    out_dir.mkdir(parents=True, exist_ok=True)
    path = out_dir / f"{clip.sha256}-{max_side}.mp4"
    if not path.is_file():
        # Written aside and renamed, so that a preview that exists is always complete.
        partial = out_dir / f".{uuid.uuid4().hex}.mp4"
        try:
            if not (_is_playable(clip) and _copy(clip, partial)):
                _encode(clip, partial, max_side, progress, cancelled)
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
    if progress is not None:
        progress(1.0)
    return path


def _is_playable(clip: Clip) -> bool:
    info = clip.info
    if (info.codec, info.pixel_format, info.rotation) != ("h264", "yuv420p", 0):
        return False
    if max(info.width, info.height) > _LONGEST_SIDE_COPIED:
        return False
    with open_source(clip.path, clip.limits) as container:
        stream = video_stream(container, clip.limits)
        first = next(decode(container, stream), None)
        sound = [s.codec_context.codec.canonical_name for s in container.streams.audio[:1]]
        return (
            first is not None
            and stamp(first, stream) == 0.0
            and (first.width, first.height) == (info.width, info.height)  # square pixels
            and sound in ([], ["aac"], ["mp3"])
        )


def _copy(clip: Clip, path: Path) -> bool:
    """Copy the packets; false if that would not keep every frame at its time."""
    try:
        with (
            open_source(clip.path, clip.limits) as source,
            av.open(str(path), "w", format="mp4", options={"movflags": "+faststart"}) as target,
        ):
            video = video_stream(source, clip.limits)
            copies = {
                stream.index: target.add_stream_from_template(stream)
                for stream in (video, *source.streams.audio[:1])
            }
            for packet in source.demux([source.streams[index] for index in copies]):
                if packet.size == 0:
                    continue  # the flush packet that ends a stream
                if packet.is_corrupt or packet.pts is None or packet.dts is None:
                    return False  # without both stamps (Matroska with B-frames) MP4 loses frames
                if packet.is_discard and packet.stream_index == video.index:
                    return False  # an edit list hides frames here
                packet.stream = copies[packet.stream_index]
                target.mux(packet)
    except MediaError:
        return False  # what cannot be copied may still be encoded
    return True


def _encode(
    clip: Clip,
    path: Path,
    max_side: int,
    progress: Callable[[float], None] | None,
    cancelled: Callable[[], bool] | None,
) -> None:
    info = clip.info
    scale = min(1.0, max_side / max(info.width, info.height))
    # Even sides, as the writer needs them, by scaling: nothing is cut off.
    width, height = (max(2, round(side * scale / 2) * 2) for side in (info.width, info.height))
    sound = None
    if info.has_sound:
        with suppress(MediaError):  # a broken sound track must not hide the picture
            sound = read_sound(clip.path, _SOUND_RATE, mono=False, limits=clip.limits)
    with VideoWriter(
        path,
        width,
        height,
        rate=info.frame_rate,
        sound=sound,
        sound_rate=None if sound is None else _SOUND_RATE,
    ) as writer:
        for chunk in clip.chunks(size=(height, width)):
            for time, frame in zip(chunk.times, chunk.frames, strict=True):
                if cancelled is not None and cancelled():
                    raise Cancelled("The preview was stopped; open the clip again to make it.")
                writer.write(frame, float(time))
            if progress is not None:
                progress(min(1.0, float(chunk.times[-1]) / info.duration))
