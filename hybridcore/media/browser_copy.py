"""A copy of a clip that every browser plays, with the frame times of the analysis.

A file that browsers already play (H.264 8-bit 4:2:0, upright, at most 1920 pixels, starting at 0)
is copied without decoding. Any other is decoded once and encoded, each frame at its own time.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from hybridcore.errors import MediaError
from hybridcore.media.decoder import read
from hybridcore.media.files import whole_file
from hybridcore.media.limits import DEFAULT_LIMITS, Limits
from hybridcore.media.remux import PIECE_BYTES
from hybridcore.media.writer import Sound, VideoWriter
from hybridcore.progress import Progress

if TYPE_CHECKING:
    from hybridcore.media.clip import Clip
    from hybridcore.media.probe import ClipInfo

MAX_SIDE = 960
_SOUND_RATE = 44_100
_LONGEST_SIDE_COPIED = 1920
_PIECES_AHEAD = 16
_GROWS, _INDEX_BYTES = 2, 1 << 26  # a copy is not larger than this many times its file, and this


def browser_copy(
    clip: Clip, folder: Path, progress: Progress | None = None, *, max_side: int = MAX_SIDE
) -> Path:
    """The path of an H.264 MP4 of the clip in ``folder``, made if it is not there yet.

    The name depends on the content only, so equal clips share a copy. max_side: pixels at most,
    where it has to be encoded. ``progress(done, total)`` counts frames and stops by raising.

    Raises:
        MediaError: nothing decodes.
    """
    path = folder / f"{clip.digest}-{max_side}.mp4"
    count = clip.info.frame_count
    if progress is not None and not path.is_file():
        progress(0, count)
    if not path.is_file():
        playable = pictures_play(clip.info) and clip.info.sound_codec in (None, "aac", "mp3")
        with whole_file(path) as partial:
            copied = playable and copy_packets(
                clip.path, partial, clip.limits, progress, count, streams=clip.info.streams)
            if not copied:
                encode(clip, partial, max_side, clip.sound_track(_SOUND_RATE), progress)
    if progress is not None:
        progress(count, count)
    return path


def pictures_play(info: ClipInfo) -> bool:
    """Whether browsers show the pictures of a clip as they are stored."""
    return (
        (info.codec, info.pixel_format, info.rotation) == ("h264", "yuv420p", 0)
        and not info.mirrored
        and info.plain
        and max(info.width, info.height) <= _LONGEST_SIDE_COPIED
        and info.square_pixels
        and info.first_stamp == 0.0
        and info.whole
    )


def copy_packets(
    path: Path, out: Path, limits: Limits = DEFAULT_LIMITS, progress: Progress | None = None,
    total: int = 0, *, streams: tuple[int, ...] = (0,), sound: Path | None = None,
) -> bool:
    """Copy streams, and with them that of the file ``sound``, to the MP4 ``out``.

    streams: their numbers in the file, that of the pictures first.
    Nothing is decoded; a process of its own reads the file (see `decoder`), and what it hands over
    is written as it comes. ``progress(done, total)`` counts frames. False if packets cannot be
    copied.
    """
    most = _GROWS * sum(file.stat().st_size for file in (path, sound) if file) + _INDEX_BYTES
    arguments = {"path": path, "limits": limits, "streams": streams, "sound": sound}
    try:
        with (
            out.open("wb") as file,
            closing(read("remux", arguments, limits, item_bytes=PIECE_BYTES,
                         depth=_PIECES_AHEAD)) as pieces,
        ):
            for (offset, done), content in pieces:
                if not 0 <= offset <= most:
                    return False
                file.seek(offset)
                file.write(content.data)
                if progress is not None:
                    progress(done, max(total, done))
    except MediaError:
        return False  # what cannot be copied may still be encoded
    return True


def encode(
    clip: Clip, path: Path, max_side: int, sound: tuple[Sound, int] | None,
    progress: Progress | None,
) -> None:
    """Decode the clip once and write it upright, its longer side at most ``max_side``."""
    info = clip.info
    scale = min(1.0, max_side / max(info.width, info.height))
    # Even sides, as the writer needs them, by scaling: nothing is cut off.
    width, height = (max(2, round(side * scale / 2) * 2) for side in (info.width, info.height))
    samples, rate = sound or (None, None)
    with VideoWriter(path, width, height, info.frame_rate, samples, rate) as writer:
        for chunk in clip.chunks(size=(height, width)):
            for time, frame in zip(chunk.times, chunk.frames, strict=True):
                writer.write(frame, float(time))
            if progress is not None:
                done = chunk.start + len(chunk.times)
                progress(min(done, info.frame_count), info.frame_count)
