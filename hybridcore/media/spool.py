"""A private folder for files that visitors bring, bounded in age and size, gone with the server."""

from __future__ import annotations

import atexit
import hashlib
import os
import re
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

_CHUNK = 1 << 20
_FOLDER = re.compile(r"hybridcore-(\d{1,9})-\w+")
_own_folders: set[str] = set()  # names, of this process


class Spool:
    """Files named by the hash of their content, so the same upload is kept once.

    The folder is removed when the process ends in order. Of a process that was killed, the next
    spool removes it: its name says which process it belongs to.

    Args:
        max_bytes: the folder's size bound; the files not used for longest go first.
        max_seconds: how long an unused file is kept.
    """

    def __init__(self, *, max_bytes: int = 8 << 30, max_seconds: float = 24 * 3600) -> None:
        remove_orphans()
        owner = os.getpid()
        # Readable by its owner only.
        self.folder = Path(tempfile.mkdtemp(prefix=f"hybridcore-{owner}-"))
        _own_folders.add(self.folder.name)
        atexit.register(_remove, self.folder, owner)
        self._max_bytes = max_bytes
        self._max_seconds = max_seconds

    def add(self, source: BinaryIO, suffix: str) -> Path:
        """Copy a file in, hashed on the way, and sweep the folder.

        Args:
            source: read from its current position to its end, 1 MiB at a time.
            suffix: of the new name, such as ".mp4".

        Returns:
            `<folder>/<sha256 of the content><suffix>`.
        """
        digest = hashlib.sha256()
        with tempfile.NamedTemporaryFile(dir=self.folder, delete=False) as part:
            try:
                while chunk := source.read(_CHUNK):
                    digest.update(chunk)
                    part.write(chunk)
            except BaseException:
                os.unlink(part.name)
                raise
        path = self.folder / f"{digest.hexdigest()}{suffix}"
        os.replace(part.name, path)
        self.sweep(keep=path)
        return path

    def sweep(self, keep: Path | None = None) -> None:
        """Remove what is too old, then the oldest until the rest fits; never `keep`."""
        now, size = time.time(), 0
        entries: list[tuple[Path, os.stat_result]] = []
        for path in self.folder.iterdir():
            with suppress(FileNotFoundError):  # a copy that was just finished changes its name
                entries.append((path, path.stat()))
        for path, status in sorted(entries, key=lambda entry: -entry[1].st_mtime):
            size += status.st_size
            if path == keep:
                continue
            if size > self._max_bytes or now - status.st_mtime > self._max_seconds:
                path.unlink(missing_ok=True)
                size -= status.st_size

    def touch(self, path: Path) -> None:
        """Mark a file as in use, which puts off its removal."""
        if path.parent == self.folder and path.exists():
            os.utime(path)


def remove_orphans() -> None:
    """Remove the folders of spools whose process is gone."""
    for folder in Path(tempfile.gettempdir()).iterdir():
        name = _FOLDER.fullmatch(folder.name)
        if name is None or folder.is_symlink() or not folder.is_dir():
            continue
        owner = int(name[1])
        # In a container every server may have the same number: what is not ours is an older one's.
        gone = folder.name not in _own_folders if owner == os.getpid() else not _is_alive(owner)
        if gone:
            shutil.rmtree(folder, ignore_errors=True)


def _is_alive(process: int) -> bool:
    if os.name == "nt":
        return True  # there, asking by signal 0 would end it
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True  # somebody else's
    return True


def _remove(folder: Path, owner: int) -> None:
    if os.getpid() == owner:  # not in a fork
        shutil.rmtree(folder, ignore_errors=True)
