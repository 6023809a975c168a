"""Uploads leave memory for the spool, a choice outlives its page, the address names a sample."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from hybridcore.studio import sources
from hybridcore.system import System


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the spool lies."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    sources.spool.clear()
    yield tmp_path
    sources.spool.clear()


def app() -> None:
    from dataclasses import replace

    import streamlit as st

    from hybridcore.errors import MediaError
    from hybridcore.studio.sources import choose_source, own_files
    from hybridcore.system import Sample
    from hybridcore.systems import systems

    def fail(folder):
        raise MediaError("This sample cannot be made here.")

    system = systems()["brightness"]
    (tour,) = system.samples
    made = Sample("made", "Made", "Made when chosen", lambda folder: tour.file, tour.file)
    broken = Sample("broken", "Broken", "Never works", fail, tour.file)
    system = replace(system, samples=(tour, made, broken))
    if st.toggle("Show", True):
        chosen = choose_source(system)
        st.text(f"{chosen.name}|{chosen.path.name}|{chosen.sample}" if chosen else "nothing")
        st.text(" ".join(file.name for file in own_files(system.key)))


def open_app(sample: str = "") -> AppTest:
    page = AppTest.from_function(app, default_timeout=20)
    if sample:
        page.query_params["sample"] = sample
    page.run()
    assert not page.exception
    return page


def shown(page: AppTest) -> str:
    assert not page.exception
    return page.text[0].value


def upload(page: AppTest, name: str, content: bytes) -> AppTest:
    page.file_uploader[0].upload(name, content)
    return page.run()


def test_the_first_sample_is_there_at_once_and_the_address_names_another(
    brightness: System, folder: Path
) -> None:
    page = open_app()
    assert shown(page) == "Rendered tour|rendered-tour.mp4|tour"
    assert page.query_params["sample"] == "tour"
    assert shown(open_app("made")) == "Made|rendered-tour.mp4|made"
    assert shown(open_app("unknown")).endswith("|tour")


def test_a_sample_that_fails_says_so(brightness: System, folder: Path) -> None:
    page = open_app("broken")
    assert [error.value for error in page.error] == ["This sample cannot be made here."]
    assert shown(page) == "nothing"


def test_an_upload_is_spooled_and_its_bytes_are_dropped(
    brightness: System, folder: Path, two_shots: Path
) -> None:
    page, content = open_app(), two_shots.read_bytes()
    first = page.file_uploader[0].key
    upload(page, "My film.MP4", content)
    name = hashlib.sha256(content).hexdigest() + ".mp4"
    assert shown(page) == f"My film.MP4|{name}|"
    assert page.text[1].value == "My film.MP4"
    assert page.file_uploader[0].key != first
    assert page.file_uploader[0].value == []
    assert "sample" not in page.query_params
    page.toggle[0].set_value(False).run()
    page.toggle[0].set_value(True).run()
    assert shown(page).startswith("My film.MP4|")


def test_wrong_empty_and_broken_files_are_named_and_the_choice_stays(
    brightness: System, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The widget refuses it too; what counts is the check that a forged request meets.
    monkeypatch.setattr(
        "streamlit.elements.widgets.file_uploader.enforce_filename_restriction",
        lambda *args, **kwargs: None,
    )
    page = open_app()
    for name, content, words in (
        ("notes.txt", b"text", "“.txt”"), ("empty.mp4", b"", "empty"),
        ("film.mp4", b"these are my notes", "damaged"),
    ):
        upload(page, name, content)
        (error,) = page.error
        assert name in error.value
        assert words in error.value
        assert shown(page).endswith("|tour")
    assert page.text[1].value == ""


def test_a_swept_file_is_noticed(brightness: System, folder: Path, two_shots: Path) -> None:
    page = upload(open_app(), "film.mp4", two_shots.read_bytes())
    for path in folder.rglob("*.mp4"):
        path.unlink()
    page.run()
    assert "choose them again" in page.info[0].value
    assert shown(page).endswith("|tour")
