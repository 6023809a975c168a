"""A file that was chosen, how long it stays, and what the system's reader makes of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePath

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from hybridcore.errors import MediaError
from hybridcore.media.formats import endings
from hybridcore.media.inputs import Input
from hybridcore.media.spool import Spool
from hybridcore.system import Reader, System

SAMPLE, FILE = "sample", "file"  # the query parameters that name one
_DIGITS = 16  # of a file's hash, in the address
_PICTURE_SIDE = 960  # px
_REMOVED = "This file has expired; please choose it again."


@dataclass(frozen=True)
class Chosen:
    """A file that was chosen.

    name: the sample's title or the name of the uploaded file. sample: its key, "" for a file of
    the visitor's own. digest: SHA-256 of the content where it is known already.
    """

    name: str
    path: Path
    sample: str = ""
    digest: str | None = None

    @property
    def address(self) -> dict[str, str]:
        """The query parameters that name it."""
        return {SAMPLE: self.sample} if self.sample else {FILE: (self.digest or "")[:_DIGITS]}


@st.cache_resource(show_spinner=False)
def spool() -> Spool:
    """The folder for uploads that all sessions of this server share."""
    return Spool()


def bring_back(system: System, chosen: Chosen) -> None:
    """See to it that a file is there: its removal is put off, and a sample is made again.

    Raises:
        MediaError: it was an upload, and it was swept away.
    """
    if spool().touch(chosen.path):
        return
    sample = next((sample for sample in system.samples if sample.key == chosen.sample), None)
    if sample is None:
        raise MediaError(_REMOVED)
    sample.path(spool().folder)


@contextmanager
def kept(system: System, chosen: Chosen) -> Iterator[None]:
    """A file for as long as the block reads it: brought back first (`bring_back`).

    Raises:
        MediaError: it was an upload, and it was swept away, be it while it was read.
    """
    bring_back(system, chosen)
    try:
        yield
    except MediaError:
        bring_back(system, chosen)
        raise


def own_files(key: str) -> list[Chosen]:
    """What the visitor brought to the page of that key, the newest first."""
    files: list[Chosen] = st.session_state.get(f"{key}.files", [])
    return files


def open_chosen(system: System, chosen: Chosen) -> tuple[Reader, Input]:
    """What the system's reader makes of a file, opened and hashed once for all reruns.

    Raises:
        MediaError: the file cannot be used.
    """
    reader = system.reader_of(chosen.path)
    if reader is None:
        raise MediaError(not_read(system, chosen.name))
    return reader, _opened(system.key, reader.kind, str(chosen.path), chosen.name, chosen.digest,
                           reader)


@st.cache_resource(max_entries=64, show_spinner=False)
def _opened(
    key: str, kind: str, path: str, name: str, digest: str | None, _reader: Reader
) -> Input:
    source: Input = _reader.open(Path(path), name=name, digest=digest)
    return source


@st.cache_resource(max_entries=16, show_spinner=False)
def first_picture(digest: str, _source: Input) -> NDArray[np.uint8] | None:
    """A picture of an input, uint8 RGB ``[h, w, 3]`` with sides of at most 960; None if there is
    nothing to see.

    Raises:
        MediaError: the input cannot be decoded any more.
    """
    return _source.thumbnail(_PICTURE_SIDE)


def readable_endings(system: System) -> list[str]:
    """The endings of files that a system reads."""
    return list(endings(*(reader.kind for reader in system.reads)))


def not_read(system: System, name: str) -> str:
    """What is said of a file that a system does not read."""
    suffix = PurePath(name).suffix.lower()
    return (f"Files ending in “{suffix or name}” are not read here; please use one of "
            f"{', '.join(readable_endings(system))}.")


def name_in_state(system: System, what: str) -> str:
    """Under this name the session keeps something of a system's page."""
    return f"{system.key}.{what}"
