"""The values that pictures hold, as they are stored: masks name things by them.

A value is a *code*: grey as it is (8 or 16 bits), the index of a palette, or a colour as
``0x1RRGGBB``.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from contextlib import closing
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from hybridcore.errors import MediaError
from hybridcore.media.decoder import read
from hybridcore.media.limits import DEFAULT_LIMITS
from hybridcore.media.picture_file import DAMAGED, FORMATS

MAX_SIDE = 4096  # px
COLOUR = 1 << 24

_LOSSY = ("JPEG", "MPO", "WEBP", "AVIF")  # their values are not exact
_BATCH_FILES, _BATCH_BYTES = 500, 8 << 20  # that one process is given
_CODE_BYTES = 4


class Values(NamedTuple):
    """Of one picture.

    codes: int32 ``[h, w]``, good until the next is asked for, None where the picture is not read;
    exact: whether no lossy format came between; problem: the sentence that says why it is not read.
    """

    codes: NDArray[np.int32] | None
    exact: bool = True
    problem: str = ""


def picture_values(files: Iterable[tuple[str, bytes]]) -> Iterator[Values]:
    """The values of pictures, given by name and content, decoded in processes of their own.

    Raises:
        MediaError: a process dies of a picture, or of the limits.
    """
    batch: list[tuple[str, bytes]] = []
    for file in files:
        size = sum(len(content) for _, content in (*batch, file))
        if batch and (size > _BATCH_BYTES or len(batch) == _BATCH_FILES):
            yield from _decoded(batch)
            batch = []
        batch.append(file)
    if batch:
        yield from _decoded(batch)


def _decoded(files: list[tuple[str, bytes]]) -> Iterator[Values]:
    items = read("values", {"files": files}, DEFAULT_LIMITS, item_bytes=_CODE_BYTES * MAX_SIDE**2,
                 depth=2)
    with closing(items):
        for (exact, problem), codes in items:
            yield Values(None if problem else codes, bool(exact), str(problem))


def values_of(content: bytes, name: str) -> tuple[NDArray[np.int32], bool]:
    """The codes of a picture, and whether they are exact (no lossy format).

    Where transparency varies, it alone is what the picture says.
    Decoded right here: what comes from outside is for `picture_values`.

    Raises:
        MediaError: it is no picture, damaged or too large.
    """
    if not content:
        raise MediaError(f"{name} is empty.")
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
            if max(picture.size) > MAX_SIDE:
                raise MediaError(
                    f"{name} has {picture.size[0]} x {picture.size[1]} pixels, and masks have at "
                    f"most {MAX_SIDE} on a side.")
            picture.load()
            return _codes(picture), picture.format not in _LOSSY
    except (*DAMAGED, Image.DecompressionBombError) as error:
        raise MediaError(f"{name} is not a picture, or it is damaged.") from error


def _codes(picture: Image.Image) -> NDArray[np.int32]:
    if picture.has_transparency_data:
        alpha = np.asarray(picture.convert("RGBA").getchannel("A"), np.int32)
        if alpha.min() < alpha.max() or not alpha.any():
            return alpha
    if picture.mode == "P":
        colours = np.array(picture.getpalette("RGB") or [0, 0, 0]).reshape(-1, 3)
        grey = (colours == colours[:, :1]).all() and len(np.unique(colours, axis=0)) == len(colours)
        return np.asarray(picture.convert("L") if grey else picture, np.int32)
    if picture.mode == "F":
        values = np.nan_to_num(np.asarray(picture))
        return np.rint(np.clip(values * (255 if values.max() <= 1 else 1), 0, 65535)).astype(
            np.int32)
    if picture.mode == "I" or picture.mode.startswith("I;16"):
        return np.clip(np.asarray(picture), 0, 65535).astype(np.int32)
    if picture.mode in ("1", "L", "LA", "La"):
        return np.asarray(picture.convert("L"), np.int32)
    rgb = np.asarray(picture.convert("RGB"), np.int32)
    red, green, blue = rgb[..., 0], rgb[..., 1], rgb[..., 2]
    return np.where((red == green) & (green == blue), red,
                    COLOUR | red << 16 | green << 8 | blue)
