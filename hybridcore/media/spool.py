"""A private folder for files that visitors bring, bounded in age and size, gone with the server."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import BinaryIO

from hybridcore.media.private import private_folder, sweep

_CHUNK = 1 << 20


class Spool:
    """Files named by the hash of their content, so the same upload is kept once.

    Args:
        max_bytes: the folder's size bound; the files not used for longest go first.
        max_seconds: how long an unused file is kept.
    """

    def __init__(self, *, max_bytes: int = 8 << 30, max_seconds: float = 24 * 3600) -> None:
        self.folder = private_folder()
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
        sweep(self.folder, max_bytes=self._max_bytes, max_seconds=self._max_seconds, keep=keep)

    def touch(self, path: Path) -> bool:
        """Whether a file is there; one of this folder is marked as in use, which puts off its
        removal."""
        if path.parent != self.folder:
            return path.exists()
        try:
            os.utime(path)
        except FileNotFoundError:  # perhaps swept away by another thread just now
            return False
        return True
