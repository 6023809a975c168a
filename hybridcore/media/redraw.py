"""A clip once more, with something drawn on every frame, as an MP4."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from hybridcore.media.clip import Clip
from hybridcore.media.files import refuse_input, whole_file
from hybridcore.media.writer import VideoWriter
from hybridcore.progress import Progress

MAX_SIDE = 960
_SOUND_RATE = 48_000

Draw = Callable[[NDArray[np.uint8], int, float], NDArray[np.uint8]]


def redraw(
    clip: Clip, path: Path, draw: Draw, progress: Progress | None = None
) -> Path:
    """Write ``clip`` with each frame passed through ``draw(frame, index, time)``.

    frame: uint8 ``[h, w, 3]``, RGB, which may be drawn on in place; time: s. Every frame keeps its
    time. The sound comes along, unless it does not decode. Sides are at most 960 and even.
    ``progress(done, total)`` is called after every chunk, in frames; it stops the work by raising.
    ``path`` appears, or is replaced, when the film is whole.

    Raises:
        MediaError: the clip cannot be decoded any more, or ``path`` is the clip itself.
    """
    refuse_input(clip.path, path)
    info = clip.info
    height, width = (side // 2 * 2 for side in info.within(MAX_SIDE))
    sound, rate = clip.sound_track(_SOUND_RATE) or (None, None)
    with whole_file(path) as partial, VideoWriter(
        partial, width, height, info.frame_rate, sound=sound, sound_rate=rate,
    ) as writer:
        for part in clip.chunks(size=(height, width)):
            for k, frame in enumerate(part.frames):
                time = float(part.times[k])
                writer.write(draw(frame, part.start + k, time), time)
            if progress:
                done = part.start + len(part.frames)
                progress(done, max(info.frame_count, done))
    return path


def put_text(
    picture: NDArray[np.uint8], text: str, at: tuple[int, int], line: int,
    colour: tuple[int, ...] = (255, 255, 255),
) -> None:
    """Write ``text`` into ``picture``, its base line beginning at ``at`` (x, y).

    line: height of a line, pixels; colour: RGB. Only the ASCII characters can be drawn.
    """
    cv2.putText(picture, text, at, cv2.FONT_HERSHEY_SIMPLEX, line / 32, colour,
                max(1, line // 16), cv2.LINE_AA)


def text_width(text: str, line: int) -> int:
    """How wide :func:`put_text` writes, pixels."""
    (width, _), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, line / 32, max(1, line // 16))
    return width
