"""The files of a folder or a zip, read alike and within bounds.

A zip from outside is read in memory, entry by entry; nothing is unpacked to the disk, and a name
in it is never used as a path.
"""

from __future__ import annotations

import os
import re
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from hybridcore.errors import MediaError
from hybridcore.media.files import shown

Reader = Callable[[], bytes]  # the content of a file; raises MediaError, naming it

_UNREADABLE = (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, OSError,
               ValueError)


@dataclass(frozen=True)
class Bounds:
    """files: how many at most; file_bytes: of one; total_bytes: of all, unpacked."""

    files: int
    file_bytes: int
    total_bytes: int


@dataclass(frozen=True)
class Archive:
    """files: readers by name, sorted, with forward slashes, relative to the folder or zip.

    refused: name and reason, a clause such as "it would unpack to more than 60 MB", of each file
    that is left out. clutter: names of what macOS adds to a zip (``__MACOSX``, ``._name``).
    """

    files: Mapping[str, Reader]
    refused: tuple[tuple[str, str], ...]
    clutter: tuple[str, ...] = ()


def open_archive(path: Path, endings: Collection[str], bounds: Bounds) -> Archive:
    """Look into a folder or a zip for files with one of ``endings`` (without the dot).

    Links to folders inside a folder are followed.

    Raises:
        MediaError: there is no such folder or zip, it is damaged, or it holds too many files.
    """
    if not path.exists():
        raise MediaError(f"There is no folder or zip {shown(path.name)}; check the path.")
    inside = _folder(path) if path.is_dir() else _zip(path, bounds)
    suited = [file for file in inside if _ending(file.name) in endings]
    clutter = tuple(sorted(file.name for file in suited if _is_clutter(file.name)))
    wanted = [file for file in suited if not _is_clutter(file.name)]
    if len(wanted) > bounds.files:
        raise MediaError(
            f"{shown(path.name)} holds {len(wanted):,} files and the limit is {bounds.files:,}; "
            "choose a part of them.")
    files: dict[str, Reader] = {}
    refused: list[tuple[str, str]] = []
    total = 0
    for file in sorted(wanted, key=lambda file: file.name):
        if _escapes(file.name):
            why = "its path points outside the archive"
            refused.append((shown(PurePosixPath(file.name).name), why))
        elif file.size > bounds.file_bytes:
            refused.append((shown(file.name), _too_large(bounds.file_bytes)))
        elif total + file.size > bounds.total_bytes:
            refused.append(
                (shown(file.name), _too_large(bounds.total_bytes, " with the others")))
        else:
            total += file.size
            files[file.name] = file.read
    return Archive(files, tuple(refused), clutter)


@dataclass(frozen=True)
class _File:
    """size: unpacked, bytes, as declared; a reader never gives more."""

    name: str
    size: int
    read: Reader


def _folder(folder: Path) -> Iterator[_File]:
    been: set[Path] = set()  # a link may lead back to a folder above it
    for root, folders, names in os.walk(folder, followlinks=True):
        if (real := Path(root).resolve()) in been:
            folders.clear()
            continue
        been.add(real)
        folders.sort()
        for path in (Path(root, name) for name in names):
            if path.is_file():
                name = path.relative_to(folder).as_posix()
                yield _File(name, path.stat().st_size, _file_reader(path, name))


def _file_reader(path: Path, name: str) -> Reader:
    def read() -> bytes:
        try:
            return path.read_bytes()
        except OSError as error:
            raise MediaError(f"{shown(name)} cannot be read any more; choose the folder again."
            ) from error

    return read


def _zip(path: Path, bounds: Bounds) -> Iterator[_File]:
    try:
        archive = zipfile.ZipFile(path)
    except _UNREADABLE as error:
        raise MediaError(
            f"{shown(path.name)} is neither a folder nor a zip file, or it is damaged; "
            "make the zip again."
        ) from error
    for entry in archive.infolist():
        name = entry.filename.replace("\\", "/")
        if not name.endswith("/"):
            yield _File(name, entry.file_size, _entry_reader(archive, entry, bounds.file_bytes))


def _entry_reader(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> Reader:
    def read() -> bytes:
        try:
            with archive.open(entry) as file:
                content = file.read(most + 1)  # the header may have lied
        except _UNREADABLE as error:
            raise MediaError(
                f"{shown(entry.filename)} cannot be unpacked because it is damaged or locked "
                "with a password; make the zip again.") from error
        if len(content) > most or len(content) != entry.file_size:
            raise MediaError(
                f"{shown(entry.filename)} does not unpack to the size that it declares; "
                "make the zip again.")
        return content

    return read


def _ending(name: str) -> str:
    return PurePosixPath(name).suffix.lower().lstrip(".")


def _is_clutter(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return "__MACOSX" in parts or parts[-1].startswith("._")


def _escapes(name: str) -> bool:
    path = PurePosixPath(name)
    return path.is_absolute() or ".." in path.parts or bool(re.match(r"[A-Za-z]:", name))


def _too_large(most: int, where: str = "") -> str:
    return f"it would unpack to more than {most / 1e6:,.0f} MB{where}"
