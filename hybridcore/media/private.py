"""A folder of this process alone: readable by its owner only, bounded, gone when it ends."""

from __future__ import annotations

import atexit
import os
import re
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path

_FOLDER = re.compile(r"hybridcore-(\d{1,9})-\w+")
_own_folders: set[str] = set()  # names, of this process


def private_folder() -> Path:
    """A new folder that is removed when the process ends in order.

    Of a process that was killed, the next one that asks removes it: its name says whose it is.
    """
    remove_orphans()
    owner = os.getpid()
    folder = Path(tempfile.mkdtemp(prefix=f"hybridcore-{owner}-"))
    _own_folders.add(folder.name)
    atexit.register(_remove, folder, owner)
    return folder


def sweep(
    folder: Path, *, max_bytes: int, max_seconds: float, keep: Path | None = None,
    pattern: str = "*",
) -> None:
    """Remove the files that are too old, then the oldest until the rest fits; never ``keep``, and
    only those whose names fit the pattern."""
    now, size = time.time(), 0
    entries: list[tuple[Path, os.stat_result]] = []
    for path in folder.glob(pattern):
        with suppress(FileNotFoundError):  # a copy that was just finished changes its name
            if path.is_file():
                entries.append((path, path.stat()))
    for path, status in sorted(entries, key=lambda entry: -entry[1].st_mtime):
        size += status.st_size
        if path == keep:
            continue
        if size > max_bytes or now - status.st_mtime > max_seconds:
            path.unlink(missing_ok=True)
            size -= status.st_size


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
