"""Uploads lie in a private, bounded folder, which does not outlive the server."""

from __future__ import annotations

import hashlib
import io
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hybridcore.media.spool import Spool

SERVER = """
import io, signal, sys
from hybridcore.media.spool import Spool
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # as Streamlit does: an orderly exit
spool = Spool()
spool.add(io.BytesIO(b"film"), ".mp4")
print(spool.folder, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


@contextmanager
def server(folder: Path) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """A process with a spool in ``folder``, and its folder; it ends once its input does."""
    process = subprocess.Popen(
        [sys.executable, "-c", SERVER], env=os.environ | {"TMPDIR": str(folder)}, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        uploads = Path(process.stdout.readline().strip())
        assert len(list(uploads.iterdir())) == 1
        yield process, uploads
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("how", ["end", "terminate"])
def test_uploads_go_with_the_server(folder: Path, how: str) -> None:
    with server(folder) as (process, uploads):
        if how == "end":
            process.communicate("")
        else:
            process.terminate()
        assert process.wait(20) == 0
        assert not uploads.exists()


def test_uploads_of_a_killed_server_go_with_the_next(folder: Path) -> None:
    with server(folder) as (process, uploads), server(folder) as (_, of_another):
        process.send_signal(signal.SIGKILL)
        process.wait(20)
        assert uploads.exists()
        mine = Spool()
        assert not uploads.exists()
        assert of_another.exists()
        assert mine.folder.exists()


def test_only_orphans_are_removed(folder: Path) -> None:
    mine = Spool()
    reborn = folder / f"hybridcore-{os.getpid()}-before"  # of a server that had our number
    elsewhere = folder / "elsewhere"
    others = [folder / "hybridcore-notes", folder / f"hybridcore-{os.getppid()}-alive", elsewhere]
    for path in (reborn, *others):
        path.mkdir()
    (folder / "hybridcore-999999999-link").symlink_to(elsewhere)
    Spool()
    assert mine.folder.exists()
    assert not reborn.exists()
    assert all(path.exists() for path in others)


def test_spool_names_by_content(folder: Path) -> None:
    spool = Spool()
    content = bytes(range(256)) * 10_000
    path = spool.add(io.BytesIO(content), ".mp4")
    assert path.name == hashlib.sha256(content).hexdigest() + ".mp4"
    assert path.read_bytes() == content
    assert spool.add(io.BytesIO(content), ".mp4") == path
    assert os.listdir(spool.folder) == [path.name]
    assert stat.S_IMODE(spool.folder.stat().st_mode) == 0o700


def test_spool_is_bounded_in_size(folder: Path) -> None:
    spool = Spool(max_bytes=250)
    paths = []
    for number in range(3):
        paths.append(spool.add(io.BytesIO(bytes([number]) * 100), ".bin"))
        os.utime(paths[-1], (number, number + 1_900_000_000))
    spool.sweep()
    assert [path.exists() for path in paths] == [False, True, True]


def test_spool_is_bounded_in_age(folder: Path) -> None:
    spool = Spool(max_seconds=60)
    old, used = (spool.add(io.BytesIO(text), ".bin") for text in (b"old", b"used"))
    for path in (old, used):
        os.utime(path, (0, 0))
    spool.touch(used)
    spool.sweep()
    assert not old.exists()
    assert used.exists()


def test_a_broken_upload_leaves_nothing(folder: Path) -> None:
    class Broken(io.RawIOBase):
        def read(self, size: int = -1) -> bytes:
            raise OSError("gone")

    spool = Spool()
    with pytest.raises(OSError, match="gone"):
        spool.add(Broken(), ".mp4")  # type: ignore[arg-type]
    assert os.listdir(spool.folder) == []
