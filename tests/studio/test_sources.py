"""Uploads leave memory for the spool, a choice outlives its page, the address names a sample."""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from hybridcore import jobs
from hybridcore.jobs import JobBoard
from hybridcore.studio.chosen import spool
from hybridcore.system import System


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the spool lies."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    spool.clear()
    yield tmp_path
    spool.clear()


def app() -> None:
    from dataclasses import replace

    import streamlit as st

    from hybridcore.errors import MediaError
    from hybridcore.studio.chosen import own_files
    from hybridcore.studio.sources import choose_source
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
        chosen = choose_source(system, st.container(horizontal=True))
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


def test_an_address_reaches_no_file_but_the_samples(
    brightness: System, folder: Path, two_shots: Path
) -> None:
    """Another session's upload cannot be named, whatever the address says."""
    theirs = upload(open_app(), "theirs.mp4", two_shots.read_bytes())
    path = theirs.session_state["brightness.source"].path
    assert path.exists()
    relative = f"../{path.parent.name}/{path.name}"
    for forged in (str(path), path.name, path.stem, path.stem[:16], relative, "theirs.mp4", "..",
                   "", "%00"):
        for parameter in ("sample", "source", "file", "path", "brightness.source"):
            page = AppTest.from_function(app, default_timeout=20)
            page.query_params[parameter] = forged
            opened = "nothing" if parameter == "file" else "Rendered tour|rendered-tour.mp4|tour"
            assert shown(page.run()) == opened
            assert page.text[1].value == ""


def test_a_link_to_a_file_waits_for_it(
    brightness: System, folder: Path, two_shots: Path
) -> None:
    content = two_shots.read_bytes()
    page = AppTest.from_function(app, default_timeout=20)
    page.query_params["file"] = hashlib.sha256(content).hexdigest()[:16]
    page.session_state["brightness.item"] = 3
    assert shown(page.run()) == "nothing"
    assert "only to the person who made it" in page.info[0].value
    assert shown(upload(page, "mine.mp4", content)).startswith("mine.mp4|")
    assert page.session_state["brightness.item"] == 3  # the view of the link
    assert not page.info
    del page.session_state["brightness.source"]
    assert shown(page.run()).startswith("mine.mp4|")  # it is the visitor's own now


def test_what_lies_in_the_spool_is_named_by_its_content_and_for_its_owner_alone(
    brightness: System, folder: Path, two_shots: Path
) -> None:
    page = upload(open_app(), "My film.mp4", two_shots.read_bytes())
    path = page.session_state["brightness.source"].path
    assert path.stem == hashlib.sha256(two_shots.read_bytes()).hexdigest()
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert path.stat().st_mode & 0o777 == 0o600
    assert "My film" not in "".join(entry.name for entry in path.parent.iterdir())


def test_too_much_at_once_is_a_sentence_and_the_queue_is_shown_before(
    brightness: System, folder: Path, two_shots: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    board, let = JobBoard(workers=1, most_waiting=1), threading.Event()
    monkeypatch.setattr(jobs, "_board", lambda: board)
    page = open_app()
    assert not any("waits for" in caption.value for caption in page.caption)
    for name in ("running", "waiting"):
        board.submit(name, lambda progress: let.wait(20), owner=name)
    page.run()
    queue = page.caption[-1]
    assert queue.value.endswith("A new file will wait for 2 others.")
    work = AppTest.from_function(job_app, default_timeout=20).run()
    assert work.get("progress")[0].proto.text == "Waiting for 2 others"
    work.session_state["number"] = 1
    work.run()
    (error,) = work.error
    assert error.value == ("No more than 1 of your files may wait at once; try again once the next "
                           "one has started, or stop one that you do not need.")
    assert not work.exception
    let.set()
    assert board.settle(20)
    next(button for button in work.button if button.label == "Try again").click().run()
    assert board.settle(20)
    work.run()
    assert not work.error
    assert work.text[0].value == "1"


def job_app() -> None:
    import streamlit as st

    from hybridcore.studio.progress import run_job

    number = st.session_state.get("number", 0)
    done = run_job(("own", number), lambda progress: str(number), size=1.0)
    if done is not None:
        st.text(done)


def serving_app() -> None:
    import streamlit as st

    from hybridcore.studio.component import serve

    content = bytearray(4 << 20)
    first = serve(bytes(content), "application/octet-stream", "a")
    content[1 << 20] = 1  # between the places where Streamlit looks
    second = serve(bytes(content), "application/octet-stream", "b")
    st.text(len({first, second}))
    st.text(serve(bytes(content), "application/octet-stream", "c") == second)


def test_what_differs_anywhere_has_another_address() -> None:
    page = AppTest.from_function(serving_app, default_timeout=20).run()
    assert not page.exception
    assert [text.value for text in page.text] == ["2", "True"]
