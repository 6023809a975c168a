"""The one table of file formats: ending -> kind."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Literal

from hybridcore.errors import MediaError
from hybridcore.media.decoder import read_one
from hybridcore.media.limits import DEFAULT_LIMITS

Kind = Literal["video", "picture", "sound", "archive", "sequence", "radar"]

FORMATS: dict[str, tuple[Kind, ...]] = {
    **dict.fromkeys(
        ("mp4", "mov", "m4v", "mkv", "webm", "avi", "mpg", "mpeg", "m2v", "vob", "ts", "mts",
         "m2ts", "wmv", "asf", "3gp", "3g2", "flv", "ogv", "mxf", "dv", "mjpeg", "y4m"),
        ("video",)),
    # Whether it moves, the content says; whether it is radar, whoever reads it.
    "gif": ("video", "picture", "radar"),
    **dict.fromkeys(("apng", "webp", "avif"), ("video", "picture")),
    **dict.fromkeys(
        ("jpg", "jpeg", "jpe", "jfif", "mpo", "bmp", "ppm", "pbm", "heic", "heif", "hif"),
        ("picture",)),
    **dict.fromkeys(("png", "tif", "tiff", "pgm"), ("picture", "radar")),
    **dict.fromkeys(("wav", "flac", "ogg", "oga", "opus", "mp3", "m4a", "aac", "aiff", "aif"),
                    ("sound",)),
    **dict.fromkeys(("fasta", "fa", "fna", "ffn", "fas", "seq", "txt"), ("sequence",)),
    **dict.fromkeys(("h5", "hdf5", "hdf", "nc", "nc4", "grib2", "grb2", "gz"), ("radar",)),
    "zip": ("archive", "radar"),
}

# Pictures that may move and, if they do, are read as a film.
_MAY_MOVE = {"gif": "GIF", "apng": "PNG", "png": "PNG", "webp": "WEBP", "avif": "AVIF"}


def endings(*kinds: Kind) -> tuple[str, ...]:
    """The endings, without the dot, of files that can be of one of these kinds."""
    return tuple(ending for ending, able in FORMATS.items() if set(able) & set(kinds))


def kind_of(path: Path) -> Kind | None:
    """What a file is by its ending, None if it is not in the table; a folder is an archive.

    A GIF, PNG, WebP or AVIF is opened: with more than one frame it is a video, otherwise a picture.
    """
    if path.is_dir():
        return "archive"
    ending = path.suffix.lower().lstrip(".")
    if ending in _MAY_MOVE:
        arguments = {"path": path.resolve(), "container": _MAY_MOVE[ending]}
        with suppress(MediaError):  # whoever reads the file says what is wrong with it
            return "video" if read_one("moves", arguments, DEFAULT_LIMITS)[0] else "picture"
        return "picture"
    return FORMATS[ending][0] if ending in FORMATS else None


def kinds_of(path: Path) -> tuple[Kind, ...]:
    """All that a file can be read as: `kind_of` first, then what its ending and its content leave
    open, such as radar in a GIF; a folder is as a zip."""
    kind = kind_of(path)
    if kind is None:
        return ()
    able = FORMATS["zip" if path.is_dir() else path.suffix.lower().lstrip(".")]
    moving = {"video", "picture"}  # of which a file is one, by its content
    return kind, *(one for one in able if one != kind and not {one, kind} <= moving)