"""Opens picture files, also those that Pillow gives up though the picture in them is whole."""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image, ImageChops

from hybridcore.media.heif import heic_image, is_heic

# Only formats that are pictures and nothing else: EPS, for one, is a program that would be run.
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "PPM", "AVIF")

# What its readers raise on damaged files.
DAMAGED = (OSError, SyntaxError, ValueError, RuntimeError, EOFError, LookupError, TypeError,
           AttributeError, ArithmeticError, struct.error, zlib.error)

_PNG = b"\x89PNG\r\n\x1a\n"
_TEXTS = frozenset({b"tEXt", b"zTXt", b"iTXt"})
_MAX_PROFILE = 16 << 20

_JPEG, _JPEG_END = b"\xff\xd8\xff", b"\xff\xd9"
_TAIL = 64  # bytes at the end of a file that are looked at first
_OTHER_END = b"\x55" * 4096 + _JPEG_END


@contextmanager
def opened(path: Path) -> Iterator[Image.Image]:
    """The picture file, its header read.

    Raises what Pillow does: `DAMAGED`, `UnidentifiedImageError`, `DecompressionBombError`.
    """
    with warnings.catch_warnings():
        # Pillow warns from 89 megapixels; we have limits of our own.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        with _open(path) as image:
            yield image


def _open(path: Path) -> Image.Image:
    with path.open("rb") as file:
        head = file.read(len(_PNG))
    if head.startswith(_JPEG) and _lacks_only_its_end(path):
        return Image.open(io.BytesIO(_stripped(path) + _JPEG_END), formats=("JPEG",))
    try:
        return Image.open(path, formats=FORMATS)
    except (ValueError, Image.UnidentifiedImageError):
        if is_heic(path):
            return heic_image(path)
        if head != _PNG:
            raise
    profile, rest = _without_texts(path.read_bytes())
    image = Image.open(io.BytesIO(rest), formats=("PNG",))
    if profile:
        image.info["icc_profile"] = profile
    return image


def _lacks_only_its_end(path: Path) -> bool:
    """Whether a JPEG without its end marker is whole before that.

    A decoder that has all picture elements does not look at what follows: the end makes no
    difference.
    """
    with path.open("rb") as file:
        file.seek(-min(_TAIL, path.stat().st_size), io.SEEK_END)
        if file.read().rstrip(b"\xff").endswith(_JPEG_END):
            return False
    data = _stripped(path)
    try:
        one, other = (_smallest(data + end) for end in (_JPEG_END, _OTHER_END))
    except (*DAMAGED, Image.DecompressionBombError):
        return False
    return ImageChops.difference(one, other).getbbox() is None


def _stripped(path: Path) -> bytes:
    """The file without the first half of an end marker, which alone means nothing."""
    return path.read_bytes().rstrip(b"\xff")


def _smallest(data: bytes) -> Image.Image:
    """A JPEG, decoded at an eighth of its size."""
    with Image.open(io.BytesIO(data), formats=("JPEG",)) as image:
        image.draft(None, (1, 1))
        image.load()
        return image.copy()


def _without_texts(data: bytes) -> tuple[bytes, bytes]:
    """(ICC profile, the PNG without it and without texts): Pillow refuses large ones."""
    profile, kept, at = b"", [_PNG], len(_PNG)
    while at + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        chunk = data[at : at + length + 12]
        at += len(chunk)
        if kind == b"iCCP":
            profile = _profile(chunk[8:-4])
        elif kind not in _TEXTS:
            kept.append(chunk)
    return profile, b"".join(kept)


def _profile(content: bytes) -> bytes:
    """The profile of an iCCP chunk: a name, 0, the method 0, and the compressed profile."""
    _, _, compressed = content.partition(b"\0")
    try:
        return zlib.decompressobj().decompress(compressed[1:], _MAX_PROFILE)
    except zlib.error:
        return b""
