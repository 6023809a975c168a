"""Files by their content, and files that are either complete or not there."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from hybridcore.errors import MediaError


def file_digest(path: Path) -> str:
    """Hexadecimal SHA-256 of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Gives a name beside ``path`` to write to; it becomes ``path`` if the block ends well.

    So a file that exists is complete, and what stood there before stays until then. Of a link,
    the file that it leads to is replaced.
    """
    path = path.resolve()
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{uuid4().hex}{path.suffix}")
    try:
        yield partial
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def shown(name: str) -> str:
    """A file's name as a sentence can hold it: on one line, at most 60 characters."""
    line = "".join(mark if mark.isprintable() else "\N{REPLACEMENT CHARACTER}" for mark in name)
    return line if len(line) <= 60 else f"{line[:40]}…{line[-19:]}"


def refuse_input(source: Path, out: Path) -> None:
    """Raise `MediaError` if ``out`` is the file ``source``, by whatever name or link."""
    if out.exists() and out.samefile(source):
        raise MediaError(
            f"{shown(out.name)} is the input file; choose another name for the output.")
