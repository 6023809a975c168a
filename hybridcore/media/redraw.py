"""A clip once more, with something drawn on every frame, as an MP4."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from hybridcore.media.clip import Clip
from hybridcore.media.sound import read_sound
from hybridcore.media.writer import VideoWriter
from hybridcore.progress import Progress

MAX_SIDE = 960
_SOUND_RATE = 48_000

Draw = Callable[[NDArray[np.uint8], int, float], NDArray[np.uint8]]


def redraw(
    clip: Clip, path: Path, draw: Draw, progress: Progress | None = None
) -> Path:
    """Write ``clip`` with each frame passed through ``draw(frame, index, time)``.

    Every frame keeps its time; the sound comes along. Sides are at most 960 and even.
    ``progress(done, total)`` is called after every chunk, in frames; it stops the work by raising.

    Raises:
        MediaError: if the clip cannot be decoded any more.
    """
    info = clip.info
    height, width = (side // 2 * 2 for side in info.within(MAX_SIDE))
    sound = read_sound(clip.path, _SOUND_RATE) if info.has_sound else None
    with VideoWriter(
        path, width, height, info.frame_rate, sound=sound,
        sound_rate=_SOUND_RATE if sound is not None else None,
    ) as writer:
        for part in clip.chunks(size=(height, width)):
            for k, frame in enumerate(part.frames):
                time = float(part.times[k])
                writer.write(draw(frame, part.start + k, time), time)
            if progress:
                done = part.start + len(part.frames)
                progress(done, max(info.frame_count, done))
    return path


def put_text(picture: NDArray[np.uint8], text: str, at: tuple[int, int], line: int) -> None:
    """Write white ``text`` into ``picture``, its base line beginning at ``at`` (x, y).

    line: height of a line, pixels. Only the ASCII characters can be drawn.
    """
    cv2.putText(picture, text, at, cv2.FONT_HERSHEY_SIMPLEX, line / 32, (255, 255, 255),
                max(1, line // 16), cv2.LINE_AA)


def text_width(text: str, line: int) -> int:
    """How wide :func:`put_text` writes, pixels."""
    (width, _), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, line / 32, max(1, line // 16))
    return width
