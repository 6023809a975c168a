"""A clip with another sound track: the pictures are copied, not encoded again, where that works."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import av
import numpy as np
from numpy.typing import NDArray

from hybridcore.errors import MediaError
from hybridcore.media.browser_copy import copy_packets, encode, pictures_play
from hybridcore.media.clip import Clip
from hybridcore.media.files import refuse_input, whole_file
from hybridcore.media.writer import SoundTrack
from hybridcore.progress import Progress

_MAX_SIDE = 1920  # of pictures that have to be encoded again


def mux(
    clip: Clip, sound: NDArray[np.float32], rate: int, path: Path,
    progress: Progress | None = None,
) -> Path:
    """Write the clip's pictures with ``sound`` as its only sound, as MP4 (H.264 and AAC).

    sound: float32 ``[n]`` or ``[n, channels]`` in [-1, 1] at ``rate`` Hz; sample 0 is at the first
    frame. A file that browsers play keeps its pictures bit by bit; any other is encoded once.

    Raises:
        MediaError: the clip does not decode, or ``path`` is the clip itself.
    """
    refuse_input(clip.path, path)
    track, count = (sound, rate), clip.info.frame_count
    with whole_file(path) as partial, _sound_file(sound, rate) as heard:
        if not (
            pictures_play(clip.info)
            and copy_packets(clip.path, partial, clip.limits, progress, count,
                             streams=clip.info.streams[:1], sound=heard)
        ):
            encode(clip, partial, _MAX_SIDE, track, progress)
    return path


def add_sound(
    pictures: Path, sound: NDArray[np.float32], rate: int, path: Path
) -> Path:
    """`mux` for an MP4 that `Clip.browser_copy` made, which needs no look inside.

    Raises:
        MediaError: it cannot be read any more.
    """
    with whole_file(path) as partial, _sound_file(sound, rate) as heard:
        if not copy_packets(pictures, partial, sound=heard):
            raise MediaError("The copy of the video is damaged; open the clip again to make it.")
    return path


@contextmanager
def _sound_file(sound: NDArray[np.float32], rate: int) -> Iterator[Path | None]:
    """``sound`` as AAC in a file of its own, for as long as the block lasts; None if it is empty.
    """
    if len(sound) == 0:
        yield None
        return
    with TemporaryDirectory(prefix="hybridcore-sound-") as folder:
        path = Path(folder) / "sound.m4a"
        with av.open(str(path), "w", format="mp4") as target:
            track = SoundTrack(target, sound, rate)
            track.write_until(len(sound) / rate)
            track.finish()
        yield path
