"""The life of a job: once a key, in order, stoppable, bounded, and runnable again."""

from __future__ import annotations

import threading

import pytest

from hybridcore import jobs
from hybridcore.errors import Cancelled, MediaError
from hybridcore.jobs import Job, JobBoard, JobProgress, Stage

SECONDS = 10.0  # nothing here takes so long


def finish(job: Job) -> Job:
    assert job.wait(SECONDS)
    return job


class Gate:
    """Work that reports a step, then waits until it is opened, and reports another."""

    def __init__(self) -> None:
        self.entered = threading.Event()
        self.open = threading.Event()
        self.calls = 0

    def __call__(self, progress: JobProgress) -> str:
        self.calls += 1
        report = progress.stage("Reading")
        report(1, 4)
        self.entered.set()
        assert self.open.wait(SECONDS)
        report(2, 4)
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
    assert gate.entered.wait(SECONDS)
    assert running.state == "running"
    assert [board.ahead(job) for job in (running, second, third)] == [0, 1, 2]
    board.stop(second)
    assert finish(second).state == "stopped"
    assert board.ahead(third) == 1
    gate.open.set()
    assert finish(third).state == "done"
    assert gate.calls == 2


def test_a_running_job_stops_at_its_next_report() -> None:
    board, gate = JobBoard(), Gate()
    job = board.submit("key", gate)
    assert gate.entered.wait(SECONDS)
    assert not job.progress.cancelled()
    board.stop(job)
    assert job.state == "running"
    gate.open.set()
    assert finish(job).state == "stopped"
    assert job.result is None
    assert job.progress.current.done == 1


def test_a_stopped_or_failed_job_runs_again() -> None:
    board, calls = JobBoard(), []

    def work(progress: JobProgress) -> int:
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


def test_who_waits_for_a_job_that_runs_again_waits_anew() -> None:
    board, gate = JobBoard(), Gate()
    job = board.submit("key", gate)
    board.stop(job)
    gate.open.set()
    assert finish(job).state == "stopped"
    gate.open.clear()
    board.again(job)
    assert not job.wait(0)
    gate.open.set()
    assert finish(job).state == "done"


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
    finish(board.submit("d", lambda progress: 0))  # the thread tidies up between two jobs
    assert board.find("b") is None
    board.submit("c", lambda progress: 0)
    assert board.find("a") is None
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


def test_a_process_has_one_board() -> None:
    assert jobs.board() is jobs.board()
    job = jobs.submit(("test", "one board"), lambda progress: 1)
    assert finish(job).result == 1
    assert jobs.board().find(job.key) is jobs.find(job.key) is job


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time in its only element, which the tests move."""
    now = [100.0]
    monkeypatch.setattr(jobs.time, "monotonic", lambda: now[0])
    return now


def test_a_stage_estimates_by_its_own_speed(clock: list[float]) -> None:
    progress = JobProgress()
    first = progress.stage("Reading")
    assert isinstance(first, Stage)
    assert (first.fraction, first.seconds_left) == (0, None)
    clock[0] += 10
    first(25, 100)
    assert (first.fraction, first.seconds_left) == (0.25, 30)
    second = progress.stage("Writing")
    assert progress.current is second
    assert (second.message, second.fraction, second.seconds_left) == ("Writing", 0, None)
    clock[0] += 2
    second(1, 3)
    assert second.seconds_left == 4
    first(99, 100)
    assert progress.current.done == 1, "a late report of an earlier stage changes nothing"


def test_within_a_stage_nothing_goes_back() -> None:
    stage = JobProgress().stage("Reading")
    seen = []
    for done, total in [(5, 10), (3, 10), (6, 20), (12, 20), (0, 0), (25, 20), (25, 30)]:
        stage(done, total)
        seen.append((stage.done, stage.fraction))
    assert seen == sorted(seen)
    assert seen[2] == (6, 0.5)
    assert seen[-1] == (25, 1.0)
    assert stage.total == 30


def test_stopped_work_can_neither_report_nor_begin_a_stage() -> None:
    progress = JobProgress()
    report = progress.stage("Reading")
    report(1, 2)
    progress.cancel()
    with pytest.raises(Cancelled):
        report(2, 2)
    with pytest.raises(Cancelled):
        progress.stage("Writing")
    assert progress.current.done == 1


def test_settling_waits_for_every_job() -> None:
    board, go, ran = JobBoard(), threading.Event(), []

    def work(progress: JobProgress) -> None:
        assert go.wait(SECONDS)
        ran.append(len(ran))

    board.submit("first", work)
    board.submit("second", work)
    assert not board.settle(0.01)
    go.set()
    assert board.settle(SECONDS)
    assert ran == [0, 1]
    assert JobBoard().settle(0)
