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
from hybridcore.media.closer import Closer
from hybridcore.media.formats import endings
from hybridcore.media.frames import Frames
from hybridcore.media.limits import Limits
from hybridcore.media.picture import not_a_picture, read_picture
from hybridcore.media.picture_file import DAMAGED
from hybridcore.media.picture_values import values_of
from hybridcore.media.probe import ClipInfo, probe
from hybridcore.media.radar.reading import radar
from hybridcore.media.remux import mp4_pieces
from hybridcore.media.sound import SOUND_AT_ONCE, Block, Heard, heard_in, sound_blocks
from hybridcore.media.source import NotMediaError
from hybridcore.media.stills import holds_picture, probe_picture

Item = tuple[Any, NDArray[Any]] | None
Reading = Generator[Item, None, None]

NOTHING = np.empty(0, np.uint8)


def look(path: str, limits: Limits) -> Reading:
    """The `ClipInfo`, as the note."""
    file = Path(path)
    info = probe_picture if holds_picture(file) else probe
    try:
        for found in info(file, limits):
            yield found, NOTHING
    except NotMediaError:
        if file.suffix.lower().lstrip(".") in endings("picture"):
            raise MediaError(not_a_picture(file)) from None
        raise


def images(
    path: str, info: ClipInfo, limits: Limits, size: tuple[int, int], closer: Closer | None = None
) -> Reading:
    """Every frame, with its time, s, as the note; before some the same ``closer``, without."""
    yield from Frames(Path(path), info, limits, (size[0], size[1])).all(closer)


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


def remux(path: str, limits: Limits, streams: list[int], sound: str | None) -> Reading:
    """The streams as an MP4, its bytes in pieces; where each belongs and frames done as the note.
    """
    pieces = mp4_pieces(Path(path), limits, streams, None if sound is None else Path(sound))
    for piece in pieces:
        yield None if piece is None else (
            (piece.offset, piece.done), np.frombuffer(piece.content, np.uint8))


def values(files: list[tuple[str, bytes]]) -> Reading:
    """The codes of pictures given by name and content; whether they are exact, and what is wrong
    with the picture, as the note."""
    for name, content in files:
        try:
            codes, exact = values_of(content, name)
        except MediaError as error:
            yield (False, str(error)), NOTHING
        else:
            yield (exact, ""), codes


READINGS: dict[str, Callable[..., Reading]] = {
    reading.__name__: reading
    for reading in (look, images, images_at, sound, sound_of_file, picture, moves, remux,
                    values, radar)
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
