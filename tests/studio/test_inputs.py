"""Uploads leave memory for the spool; a choice outlives its page."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def app() -> None:
    from pathlib import Path

    import streamlit as st
    from hybridcore.studio.inputs import Sample, pick_clip

    from hybridcore.errors import MediaError

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
        st.text(source.digest or "" if source else "")


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
    assert page.text[1].value == hashlib.sha256(content).hexdigest()
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
