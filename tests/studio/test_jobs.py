"""The life of a job: once a key, in order, stoppable, bounded, and runnable again."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from hybridcore.errors import Cancelled, MediaError
from hybridcore.studio.jobs import Job, JobBoard, Progress


def wait_for(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.005)


def finish(job: Job) -> Job:
    wait_for(lambda: job.finished)
    return job


class Gate:
    """Work that reports a step, then waits until it is opened."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.calls = 0

    def __call__(self, progress: Progress) -> str:
        self.calls += 1
        progress.update(1, 4, "Reading")
        while not self.open.wait(0.005):
            progress.update(2, 4, "Reading")
        return "result"


def test_same_key_runs_once() -> None:
    board, gate = JobBoard(), Gate()
    first = board.submit(("hash", "model"), gate)
    assert board.submit(("hash", "model"), gate) is first
    gate.open.set()
    assert finish(first).result == "result"
    assert board.submit(("hash", "model"), gate).result == "result"
    assert gate.calls == 1


def test_waiting_jobs_know_their_place_and_can_be_stopped() -> None:
    board, gate = JobBoard(workers=1), Gate()
    running, second, third = (board.submit(key, gate) for key in "abc")
    wait_for(lambda: running.state == "running")
    assert [board.ahead(job) for job in (running, second, third)] == [0, 1, 2]
    board.stop(second)
    assert second.state == "stopped"
    assert board.ahead(third) == 1
    gate.open.set()
    assert finish(third).state == "done"
    assert gate.calls == 2


def test_a_running_job_stops_at_its_next_update() -> None:
    board, gate = JobBoard(), Gate()
    job = board.submit("key", gate)
    wait_for(lambda: job.progress.done == 2)
    assert not job.progress.cancelled()
    board.stop(job)
    assert finish(job).state == "stopped"
    assert job.result is None


def test_a_stopped_or_failed_job_runs_again() -> None:
    board, calls = JobBoard(), []

    def work(progress: Progress) -> int:
        calls.append(1)
        if len(calls) == 1:
            raise MediaError("The file is damaged; please try another one.")
        if len(calls) == 2:
            raise Cancelled("Stopped.")
        return 3

    job = finish(board.submit("key", work))
    assert (job.state, str(job.error)) == ("failed", "The file is damaged; please try another one.")
    assert board.submit("key", work) is job, "a failure does not repeat by itself"
    assert len(calls) == 1
    board.again(job)
    assert finish(job).state == "stopped"
    board.again(job)
    assert finish(job).result == 3
    board.again(job)
    assert job.state == "done"


def test_an_unexpected_error_keeps_its_details_and_the_thread(
    caplog: pytest.LogCaptureFixture,
) -> None:
    board = JobBoard()
    job = finish(board.submit("bad", lambda progress: 1 // 0))
    assert job.state == "failed"
    assert "ZeroDivisionError" in job.details
    assert "job 'bad' failed" in caplog.text
    assert finish(board.submit("good", lambda progress: 5)).result == 5


def test_results_are_bounded_and_the_least_used_goes_first() -> None:
    board = JobBoard(kept=2)
    for key in "ab":
        finish(board.submit(key, lambda progress: 0))
    board.submit("a", lambda progress: 0)
    finish(board.submit("c", lambda progress: 0))
    wait_for(lambda: board.find("b") is None)
    assert board.find("a") is not None
    assert board.find("c") is not None


def test_forget_leaves_living_jobs() -> None:
    board, gate = JobBoard(), Gate()
    job = board.submit("key", gate)
    board.forget("key")
    assert board.find("key") is job
    gate.open.set()
    finish(job)
    board.forget("key")
    assert board.find("key") is None


def test_progress_estimates() -> None:
    progress = Progress()
    assert progress.fraction == 0
    assert progress.seconds_left is None
    progress.update(0, 100)
    assert progress.started is not None
    progress.started -= 10
    progress.update(25, 100)
    assert progress.fraction == 0.25
    assert progress.seconds_left == pytest.approx(30, abs=0.5)
    progress.cancel()
    with pytest.raises(Cancelled):
        progress.update(26, 100)


def app() -> None:
    import threading

    import streamlit as st

    from hybridcore.errors import MediaError
    from hybridcore.studio import jobs

    @st.cache_resource
    def gate() -> threading.Event:
        return threading.Event()

    def work(progress: jobs.Progress) -> str:
        progress.update(3, 12, "Reading frames")
        while not gate().wait(0.005):
            progress.update(3, 12, "Reading frames")
        return "the answer"

    def damaged(progress: jobs.Progress) -> str:
        raise MediaError("This file is damaged; please choose another one.")

    def broken(progress: jobs.Progress) -> str:
        raise KeyError("surprise")

    works = {"work": work, "damaged": damaged, "broken": broken}
    if st.button("Open"):
        gate().set()
    if st.button("Close"):
        gate().clear()
    name = st.text_input("Work", "work")
    result = jobs.show(jobs.submit(("test", name), works[name]))
    if result is not None:
        st.success(result)


@pytest.fixture
def page() -> AppTest:
    test = AppTest.from_function(app, default_timeout=20).run()
    assert not test.exception
    return test


def run_until(page: AppTest, condition: Callable[[], bool]) -> None:
    wait_for(lambda: not page.run().exception and condition(), seconds=15)


def button(page: AppTest, label: str) -> object:
    return next(item for item in page.button if item.label == label)


def test_page_shows_progress_stops_runs_again_and_ends(page: AppTest) -> None:
    run_until(page, lambda: "Reading frames · 3 / 12" in page.get("progress")[0].proto.text)
    assert page.get("progress")[0].proto.value == 25
    button(page, "Stop").click().run()
    run_until(page, lambda: not page.get("progress"))
    assert "stopped" in page.caption[0].value
    button(page, "Run again").click().run()
    assert page.get("progress")
    button(page, "Open").click().run()
    run_until(page, lambda: bool(page.success))
    assert page.success[0].value == "the answer"


def test_page_shows_the_sentence_of_a_known_error(page: AppTest) -> None:
    page.text_input[0].set_value("damaged")
    run_until(page, lambda: bool(page.error))
    assert page.error[0].value == "This file is damaged; please choose another one."
    assert not page.code
    assert button(page, "Run again")


def test_page_hides_an_unexpected_error_behind_details(page: AppTest) -> None:
    page.text_input[0].set_value("broken")
    run_until(page, lambda: bool(page.error))
    assert "surprise" not in page.error[0].value
    assert "KeyError: 'surprise'" in page.code[0].value
