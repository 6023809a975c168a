"""A folder or a zip reads alike; what nobody should trust is left out and named."""

import struct
import zipfile
from pathlib import Path

import pytest

from hybridcore.errors import MediaError
from hybridcore.media.archive import Bounds, open_archive

BOUNDS = Bounds(files=10, file_bytes=1000, total_bytes=2500)


def zipped(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def contents(path: Path) -> dict[str, bytes]:
    return {n: read() for n, read in open_archive(path, ("txt",), BOUNDS).files.items()}


def test_a_zip_reads_as_its_folder_does(tmp_path: Path) -> None:
    files = {"b/2.TXT": b"two", "a.txt": b"one", "b/c/3.txt": b"", "b/other.md": b"no"}
    for name, content in files.items():
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    expected = {"a.txt": b"one", "b/2.TXT": b"two", "b/c/3.txt": b""}
    assert contents(tmp_path / "in") == expected
    assert list(contents(zipped(tmp_path / "in.zip", files)).items()) == list(expected.items())


def test_clutter_is_passed_over_and_backslashes_separate(tmp_path: Path) -> None:
    path = zipped(tmp_path / "in.zip", {
        "__MACOSX/a/._1.txt": b"x", "a/._1.txt": b"x", "a\\1.txt": b"one", ".DS_Store": b"x"})
    assert contents(path) == {"a/1.txt": b"one"}


@pytest.mark.parametrize("name", ["../1.txt", "/etc/1.txt", "a/../../1.txt", "C:\\1.txt",
                                  "..\\1.txt", "\\\\host\\1.txt"])
def test_paths_that_leave_the_archive_are_refused(tmp_path: Path, name: str) -> None:
    found = open_archive(zipped(tmp_path / "in.zip", {name: b"x", "good.txt": b"y"}), ("txt",),
                         BOUNDS)
    assert list(found.files) == ["good.txt"]
    ((refused, why),) = found.refused
    assert refused == "1.txt" or refused == "C:\\1.txt"
    assert "outside" in why


@pytest.mark.parametrize("make", ["zip", "folder"])
def test_sizes_are_bounded(tmp_path: Path, make: str) -> None:
    files = {"0.txt": bytes(1001), "1.txt": bytes(1000), "2.txt": bytes(1000), "3.txt": bytes(900),
             "4.txt": bytes(500)}
    path = tmp_path / "in"
    if make == "zip":
        zipped(path, files)
    else:
        path.mkdir()
        for name, content in files.items():
            (path / name).write_bytes(content)
    found = open_archive(path, ("txt",), BOUNDS)
    assert list(found.files) == ["1.txt", "2.txt", "4.txt"]
    assert [name for name, _ in found.refused] == ["0.txt", "3.txt"]


def test_too_many_files(tmp_path: Path) -> None:
    path = zipped(tmp_path / "in.zip", {f"{k}.txt": b"x" for k in range(11)})
    with pytest.raises(MediaError, match=r"holds 11 files and the limit is 10"):
        open_archive(path, ("txt",), BOUNDS)


@pytest.mark.parametrize("declared", [5, 50_000])
def test_a_header_that_lies(tmp_path: Path, declared: int) -> None:
    """The sizes in the central directory are changed; the content unpacks to 900 bytes."""
    path = zipped(tmp_path / "in.zip", {"a.txt": bytes(900)})
    data = bytearray(path.read_bytes())
    struct.pack_into("<I", data, data.index(b"PK\x01\x02") + 24, declared)
    path.write_bytes(data)
    found = open_archive(path, ("txt",), BOUNDS)
    if declared > BOUNDS.file_bytes:
        assert [name for name, _ in found.refused] == ["a.txt"]
    else:
        with pytest.raises(MediaError, match=r"^a\.txt "):
            found.files["a.txt"]()


def test_a_locked_or_damaged_file_is_named(tmp_path: Path) -> None:
    data = bytearray(zipped(tmp_path / "in.zip", {"a.txt": b"x" * 90, "b.txt": b"y"}).read_bytes())
    locked = bytearray(data)
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(mark) + at] |= 1
    (tmp_path / "locked.zip").write_bytes(locked)
    broken = bytearray(data)
    broken[broken.index(b"a.txt") + 5] ^= 0xFF
    (tmp_path / "broken.zip").write_bytes(broken)
    for name in ("locked.zip", "broken.zip"):
        files = open_archive(tmp_path / name, ("txt",), BOUNDS).files
        with pytest.raises(MediaError, match=r"^a\.txt .* password"):
            files["a.txt"]()
        assert files["b.txt"]() == b"y"


@pytest.mark.parametrize("content", [b"", b"not a zip at all", b"PK\x03\x04 broken"])
def test_what_is_no_zip(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "in.zip").write_bytes(content)
    with pytest.raises(MediaError, match="neither a folder nor a zip"):
        open_archive(tmp_path / "in.zip", ("txt",), BOUNDS)
    with pytest.raises(MediaError, match="no folder or zip"):
        open_archive(tmp_path / "missing.zip", ("txt",), BOUNDS)
