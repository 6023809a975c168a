"""The life of a job: once a key, in order, stoppable, bounded, and runnable again."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from hybridcore import jobs
from hybridcore.errors import BusyError, Cancelled, MediaError
from hybridcore.jobs import Job, JobBoard
from hybridcore.stages import JobProgress, Stage
from hybridcore.waiting import Wait

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


def test_who_leaves_stops_what_waits_and_what_runs() -> None:
    board, gate = JobBoard(workers=1), Gate()
    running, waiting = (board.submit(key, gate) for key in "ab")
    assert gate.entered.wait(SECONDS)
    threading.Timer(0.05, gate.open.set).start()
    board.leave()
    assert [running.state, waiting.state] == ["stopped", "stopped"]
    assert gate.calls == 1


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
    assert [board.wait_of(job).ahead for job in (running, second, third)] == [0, 1, 2]
    board.stop(second)
    assert finish(second).state == "stopped"
    assert board.wait_of(third).ahead == 1
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
    board = JobBoard(kept=2, fetched=0)
    for key in "ab":
        finish(board.submit(key, lambda progress: 0))
    board.submit("a", lambda progress: 0)
    finish(board.submit("c", lambda progress: 0))
    finish(board.submit("d", lambda progress: 0))  # the thread tidies up between two jobs
    assert board.find("b") is None
    board.submit("c", lambda progress: 0)
    assert board.find("a") is None
    assert board.find("c") is not None


def test_a_result_stays_until_its_page_has_fetched_it() -> None:
    board = JobBoard(kept=1)
    first = finish(board.submit("first", lambda progress: 1))
    for key in range(3):
        finish(board.submit(key, lambda progress: 0))
    assert board.submit("first", lambda progress: 2) is first


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
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    return now


def test_a_job_estimates_over_its_stages(clock: list[float]) -> None:
    progress = JobProgress()
    clock[0] += 50  # the job waits for its turn
    first = progress.stage("Reading", 0.75)
    assert isinstance(first, Stage)
    assert (first.fraction, progress.seconds_left) == (0, None)
    for done in (10, 20, 30, 40):
        clock[0] += 3
        first(done, 40)
        seconds_left = progress.seconds_left  # a page asks now and then
    assert first.fraction == 1
    assert seconds_left == pytest.approx(4)  # three quarters took 12 s
    second = progress.stage("Writing", 0.25)
    assert progress.current is second
    assert (second.message, second.fraction) == ("Writing", 0)
    assert progress.seconds_left == pytest.approx(4)
    clock[0] += 2
    second(1, 2)
    assert progress.seconds_left == pytest.approx(2)
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


class Order:
    """Works that say in which order they ran."""

    def __init__(self) -> None:
        self.ran: list[str] = []

    def __call__(self, name: str) -> Callable[[JobProgress], None]:
        return lambda progress: self.ran.append(name)


def test_owners_take_turns_whoever_came_with_how_many() -> None:
    board, gate, order = JobBoard(workers=1), Gate(), Order()
    board.submit("gate", gate)
    assert gate.entered.wait(SECONDS)
    for number in range(4):
        board.submit(f"a{number}", order(f"a{number}"), owner="a")
    board.submit("b0", order("b0"), owner="b")
    board.submit("b1", order("b1"), owner="b")
    board.submit("c0", order("c0"), owner="c")
    gate.open.set()
    assert board.settle(SECONDS)
    assert order.ran == ["a0", "b0", "c0", "a1", "b1", "a2", "a3"]


def test_who_asks_for_anothers_waiting_job_waits_no_longer_than_for_an_own_one() -> None:
    board, gate, order = JobBoard(workers=1), Gate(), Order()
    board.submit("gate", gate)
    assert gate.entered.wait(SECONDS)
    jobs_of_a = [board.submit(f"a{k}", order(f"a{k}"), owner="a") for k in range(4)]
    assert board.submit("a3", order("never"), owner="b") is jobs_of_a[3]
    assert [board.wait_of(job).ahead for job in jobs_of_a] == [1, 3, 4, 2]
    gate.open.set()
    assert board.settle(SECONDS)
    assert order.ran == ["a0", "a3", "a1", "a2"]


def test_an_owner_has_a_bound_and_others_do_not_feel_it() -> None:
    board, gate, order = JobBoard(workers=1, most_waiting=2), Gate(), Order()
    running = board.submit("a0", gate, owner="a")
    assert gate.entered.wait(SECONDS)
    second = board.submit("a1", order("a1"), owner="a")
    board.submit("a2", order("a2"), owner="a")
    with pytest.raises(BusyError, match="No more than 2 of your files may wait"):
        board.submit("a3", order("a3"), owner="a")
    assert board.find("a3") is None
    assert board.submit("a1", order("never"), owner="a") is second  # it is there already
    board.submit("b0", order("b0"), owner="b")
    board.stop(second)
    board.submit("a3", order("a3"), owner="a")
    with pytest.raises(BusyError):
        board.again(second, owner="a")
    assert second.state == "stopped"
    gate.open.set()
    assert finish(running).state == "done"
    assert board.settle(SECONDS)
    assert sorted(order.ran) == ["a2", "a3", "b0"]


def test_two_workers_run_two_jobs_at_once_and_what_is_quick_waits_for_neither() -> None:
    board, gates, order = JobBoard(workers=2), [Gate(), Gate()], Order()
    for number, gate in enumerate(gates):
        board.submit(number, gate)
    assert all(gate.entered.wait(SECONDS) for gate in gates)
    waiting = board.submit("waiting", order("waiting"))
    finish(board.submit("quick", order("quick"), quick=True))
    assert waiting.state == "waiting"
    assert order.ran == ["quick"]
    for gate in gates:
        gate.open.set()
    assert board.settle(SECONDS)


def test_the_wait_is_known_before_and_while_waiting(clock: list[float]) -> None:
    board, first, second = JobBoard(workers=2), Gate(), Gate()
    assert board.wait_of_next("a") == Wait(0, 0.0)
    board.submit("first", first, owner="a", size=10)
    assert first.entered.wait(SECONDS)
    assert board.wait_of_next("b") == Wait(0, 0.0)  # a worker is free
    board.submit("second", second, owner="a", size=10)
    assert second.entered.wait(SECONDS)
    assert board.wait_of_next("b") == Wait(2, None)  # no time went by: their speed is not known
    clock[0] += 18  # each has done 1 of 4 steps
    assert board.wait_of_next("b") == Wait(2, None)  # nor is it steady yet
    clock[0] += 2
    seconds = board.wait_of_next("b").seconds
    assert seconds == pytest.approx(54, abs=4)
    third = board.submit("third", lambda progress: None, owner="b", size=10)
    assert board.wait_of(third).ahead == 2
    assert board.wait_of(third).seconds == pytest.approx(54, abs=4)
    assert board.wait_of_next("c") == Wait(3, None)  # how long the third takes is not known yet
    first.open.set()
    assert board.find("first") is not None
    assert finish(third).state == "done"
    assert board.settle(0) is False
    # 20 s for size 10, and none for the next: a second for each unit of size.
    fourth = [board.submit(k, Gate(), owner="b", size=10) for k in ("fourth", "fifth")][1]
    assert board.wait_of(fourth).seconds == pytest.approx(10.0)
    second.open.set()


def test_default_workers_follow_the_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HYBRIDCORE_WORKERS", raising=False)
    for cores, workers in ((1, 1), (2, 2), (64, 2)):
        monkeypatch.setattr(jobs, "core_count", lambda cores=cores: cores)
        assert jobs.default_workers() == workers
    monkeypatch.setenv("HYBRIDCORE_WORKERS", "3")
    assert jobs.default_workers() == 3
