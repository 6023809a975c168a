"""A job as a page shows it: progress with Stop, and what became of it."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from hybridcore import jobs
from hybridcore.errors import MediaError
from hybridcore.stages import JobProgress

SECONDS = 10.0  # nothing here takes so long


def app(name: str) -> None:
    import streamlit as st

    from hybridcore import jobs
    from hybridcore.studio.progress import show_job
    from tests.studio.test_progress import WORKS

    result = show_job(jobs.submit(("test", name), WORKS[name]))
    if result is not None:
        st.success(result)


class Gate:
    """Work that says when it has begun, and goes on when `open` is set."""

    def __init__(self) -> None:
        self.entered = threading.Event()
        self.open = threading.Event()

    def __call__(self, progress: JobProgress) -> str:
        report = progress.stage("Reading frames")
        report(3, 12)
        self.entered.set()
        assert self.open.wait(SECONDS)
        report(4, 12)
        return "the answer"


def damaged(progress: JobProgress) -> str:
    raise MediaError("This file is damaged; please choose another one.")


def broken(progress: JobProgress) -> str:
    raise KeyError("surprise")


GATE = Gate()
WORKS = {"gate": GATE, "damaged": damaged, "broken": broken}


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    """Jobs outlive a page, and so a test."""
    yield
    GATE.open.set()
    for name in WORKS:
        if (job := jobs.find(("test", name))) is not None:
            job.wait(SECONDS)
            jobs.board().forget(job.key)


def open_page(name: str) -> AppTest:
    page = AppTest.from_function(app, args=(name,), default_timeout=20).run()
    assert not page.exception
    return page


def ended(page: AppTest, name: str) -> AppTest:
    """The page after its job has ended."""
    job = jobs.find(("test", name))
    assert job is not None
    assert job.wait(SECONDS)
    page.run()
    assert not page.exception
    return page


def button(page: AppTest, label: str) -> object:
    return next(item for item in page.button if item.label == label)


def test_page_shows_progress_stops_runs_again_and_ends() -> None:
    page = open_page("gate")
    assert GATE.entered.wait(SECONDS)
    (bar,) = page.run().get("progress")
    assert bar.proto.text.startswith("Reading frames · 3 / 12")
    assert bar.proto.value == 25
    button(page, "Stop").click().run()
    assert button(page, "Stopping").disabled
    GATE.open.set()
    assert not ended(page, "gate").get("progress")
    assert "stopped" in page.caption[0].value

    GATE.entered.clear()
    GATE.open.clear()
    button(page, "Run again").click().run()
    assert GATE.entered.wait(SECONDS)
    assert page.run().get("progress")
    GATE.open.set()
    assert ended(page, "gate").success[0].value == "the answer"


def test_page_shows_the_sentence_of_a_known_error() -> None:
    page = ended(open_page("damaged"), "damaged")
    assert page.error[0].value == "This file is damaged; please choose another one."
    assert not page.code
    assert button(page, "Run again")


def test_page_hides_an_unexpected_error_behind_details() -> None:
    page = ended(open_page("broken"), "broken")
    assert "surprise" not in page.error[0].value
    assert "KeyError: 'surprise'" in page.code[0].value
