"""A video with a new sound track: the pictures are copied, not encoded again, where that works."""

from __future__ import annotations

import tempfile
import uuid
from pathlib import Path

import av

from hybridcore.media import Clip, browser_preview
from hybridcore.media.writer import SoundTrack
from hybridcore.sound.cochleagram import RATE, Sound

_MAX_SIDE = 1920  # of pictures that have to be encoded again


def mux(clip: Clip, sound: Sound, path: Path) -> Path:
    """Write the clip's pictures with ``sound`` as its only sound, as MP4 (H.264 and AAC).

    sound: float32 ``[n]`` at 44.1 kHz; sample 0 is at the first frame. A file that browsers play
    keeps its pictures bit by bit; any other is encoded once.

    Raises:
        MediaError: the clip does not decode.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        pictures = browser_preview(clip, folder, max_side=_MAX_SIDE)
        return add_sound(pictures, sound, path)


def add_sound(pictures: Path, sound: Sound, path: Path) -> Path:
    """Copy the pictures of an MP4 that browsers play, and write ``sound`` beside them.

    pictures: as `browser_preview` makes them, first frame at 0. ``path`` appears when it is whole.
    """
    partial = path.with_suffix(f".{uuid.uuid4().hex}.partial")
    try:
        _join(pictures, sound, partial)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return path


def _join(pictures: Path, sound: Sound, path: Path) -> None:
    with (
        av.open(str(pictures)) as source,
        av.open(str(path), "w", format="mp4", options={"movflags": "+faststart"}) as target,
    ):
        video = source.streams.video[0]
        copy = target.add_stream_from_template(video)
        track = SoundTrack(target, sound, RATE)
        for packet in source.demux(video):
            if packet.dts is None or packet.pts is None:
                continue  # the flush packet that ends the stream
            packet.stream = copy
            target.mux(packet)
            track.write_until(min(float(packet.pts * packet.time_base), len(sound) / RATE))
        track.write_until(len(sound) / RATE)
        track.finish()
