"""Everything that decodes a file from outside, as generators that a process can be sent to run.

Each yields (note, array) pairs: a note that JSON can hold, and an array that need not be
contiguous; and None as a sign of life where it works for long.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from hybridcore.errors import MediaError
from hybridcore.media.frames import Frames
from hybridcore.media.limits import Limits
from hybridcore.media.picture import read_picture
from hybridcore.media.picture_file import DAMAGED
from hybridcore.media.probe import ClipInfo, probe
from hybridcore.media.sound import SOUND_AT_ONCE, Block, Heard, heard_in, sound_blocks
from hybridcore.media.stills import holds_picture, probe_picture

Item = tuple[Any, NDArray[Any]] | None
Reading = Generator[Item, None, None]

NOTHING = np.empty(0, np.uint8)


def look(path: str, limits: Limits) -> Reading:
    """The `ClipInfo`, as the note."""
    info = probe_picture if holds_picture(Path(path)) else probe
    for found in info(Path(path), limits):
        yield found, NOTHING


def images(path: str, info: ClipInfo, limits: Limits, size: tuple[int, int]) -> Reading:
    """Every frame, with its time, s, as the note."""
    yield from Frames(Path(path), info, limits, (size[0], size[1])).all()


def images_at(
    path: str, info: ClipInfo, limits: Limits, size: tuple[int, int], times: list[float]
) -> Reading:
    """The frames at increasing times, s."""
    found = yield from Frames(Path(path), info, limits, (size[0], size[1])).at(times)
    yield from ((None, image) for image in found)


def sound(path: str, info: ClipInfo, limits: Limits, rate: int) -> Reading:
    """The sound of a clip in blocks float32 [1 or 2, n]."""
    assert info.sound_stream is not None  # the caller asks only then
    heard = Heard(Path(path), info.sound_stream, info.clock(), limits)
    yield from _sent(sound_blocks(heard, rate))


def sound_of_file(path: str, limits: Limits, rate: int) -> Reading:
    """The sound of a file that was not looked at before, likewise."""
    yield from _sent(sound_blocks(heard_in(Path(path), limits), rate))


def picture(path: str, max_side: int) -> Reading:
    """The picture, RGB."""
    yield None, read_picture(Path(path), max_side)


def moves(path: str, container: str) -> Reading:
    """Whether a picture of Pillow's format ``container`` has several frames, as the note."""
    try:
        with Image.open(path, formats=[container]) as image:
            yield getattr(image, "n_frames", 1) > 1, NOTHING
    except (*DAMAGED, Image.DecompressionBombError):
        yield False, NOTHING


READINGS: dict[str, Callable[..., Reading]] = {
    reading.__name__: reading
    for reading in (look, images, images_at, sound, sound_of_file, picture, moves)
}


def _sent(blocks: Iterator[Block]) -> Reading:
    """Blocks of any length in pieces of about `SOUND_AT_ONCE` samples, and never more."""
    held: list[Block] = []
    try:
        for block in blocks:
            if held and len(held[0]) != len(block):
                yield from _pieces(held)
                held = []
            held.append(block)
            if sum(part.shape[1] for part in held) >= SOUND_AT_ONCE:
                yield from _pieces(held)
                held = []
    except MediaError:
        yield from _pieces(held)  # what came before is good
        raise
    yield from _pieces(held)


def _pieces(blocks: list[Block]) -> Iterator[Item]:
    if not blocks:
        return
    whole = np.concatenate(blocks, axis=1)
    for start in range(0, whole.shape[1], SOUND_AT_ONCE):
        yield None, whole[:, start : start + SOUND_AT_ONCE]
