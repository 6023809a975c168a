"""Uploads leave memory for a private, bounded folder; a choice outlives its page."""

from __future__ import annotations

import hashlib
import io
import os
import stat
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from hybridcore.media.spool import Spool


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


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


def app() -> None:
    from pathlib import Path

    import streamlit as st

    from hybridcore.errors import MediaError
    from hybridcore.studio.inputs import Sample, pick_clip

    def fail() -> Path:
        raise MediaError("This sample cannot be made here.")

    samples = [
        Sample("Walk", "Someone walks by", Path(__file__)),
        Sample("Made", "Made when chosen", lambda: Path(__file__)),
        Sample("Broken", "Never works", fail),
    ]
    if st.toggle("Show", True):
        source = pick_clip(samples, key="clip", types=("mp4", "mov"))
        st.text(f"{source.name}|{source.path.name}|{source.is_sample}" if source else "nothing")


@pytest.fixture
def page(folder: Path) -> AppTest:
    from hybridcore.studio import inputs

    inputs.spool.clear()
    test = AppTest.from_function(app, default_timeout=20).run()
    assert not test.exception
    return test


def choose(page: AppTest, name: str) -> AppTest:
    next(item for item in page.button if item.label == name).click()
    page.run()
    assert not page.exception
    return page


def test_samples_are_chosen_and_remembered(page: AppTest) -> None:
    assert page.text[0].value == "nothing"
    assert choose(page, "Walk").text[0].value.startswith("Walk|")
    assert choose(page, "Made").text[0].value.endswith("|True")
    page.toggle[0].set_value(False).run()
    page.toggle[0].set_value(True).run()
    assert page.text[0].value.startswith("Made|")


def test_a_sample_that_fails_says_so(page: AppTest) -> None:
    choose(page, "Broken")
    assert page.error[0].value == "This sample cannot be made here."
    assert page.text[0].value == "nothing"
    assert not page.run().error


def upload(page: AppTest, name: str, content: bytes) -> AppTest:
    page.file_uploader[0].upload(name, content)
    page.run()
    assert not page.exception
    return page


def test_an_upload_is_spooled_and_its_bytes_are_dropped(page: AppTest) -> None:
    content = b"not really a film"
    first = page.file_uploader[0].key
    upload(page, "My film.MP4", content)
    name = hashlib.sha256(content).hexdigest() + ".mp4"
    assert page.text[0].value == f"My film.MP4|{name}|False"
    assert page.file_uploader[0].key != first
    assert page.file_uploader[0].value is None


def test_wrong_and_empty_files_are_refused_with_a_sentence(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The widget refuses it too; what counts is the check that a forged request meets.
    monkeypatch.setattr(
        "streamlit.elements.widgets.file_uploader.enforce_filename_restriction",
        lambda *args, **kwargs: None,
    )
    upload(page, "notes.txt", b"text")
    assert "“.txt”" in page.error[0].value
    upload(page, "empty.mp4", b"")
    assert "empty" in page.error[0].value
    assert page.text[0].value == "nothing"


def test_a_swept_file_is_noticed(page: AppTest, folder: Path) -> None:
    upload(page, "film.mp4", b"film")
    for path in folder.rglob("*.mp4"):
        path.unlink()
    page.run()
    assert "choose a file again" in page.info[0].value
    assert page.text[0].value == "nothing"
