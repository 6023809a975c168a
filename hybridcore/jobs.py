"""Background jobs: long work that outlives the click, the page and the connection that began it.

Jobs run in threads that no caller owns. A job is named by a key that says everything its result
depends on, such as (content hash, model, parameters); asking again for the same key, from any
session, finds the same job or its finished result. Pages look at a job, batch work waits for it.
"""

from __future__ import annotations

import functools
import logging
import os
import threading
import time
import traceback
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable
from typing import Generic, Literal, TypeVar, cast

from hybridcore.errors import Cancelled, HybridCoreError
from hybridcore.progress import Progress

T = TypeVar("T")
State = Literal["waiting", "running", "done", "failed", "stopped"]

_LOG = logging.getLogger(__name__)
_KEPT_RESULTS = 16
_STOPPED = "The work was stopped."
_FIRST = threading.Lock()


class Stage:
    """One stage of a job's work; a `hybridcore.progress.Progress` that remembers.

    Attributes:
        message: what the work does, such as "Reading".
        done, total: finished steps and all of them (0: not known yet); `done` never falls.
        fraction: the finished part, in [0, 1]; never falls.
        started: `time.monotonic()` at its beginning.
    """

    def __init__(self, message: str, stopped: Callable[[], bool]) -> None:
        self.message = message
        self.done = 0
        self.total = 0
        self.fraction = 0.0
        self.started = time.monotonic()
        self._stopped = stopped

    def __call__(self, done: int, total: int) -> None:
        """Say that ``done`` of ``total`` steps are finished; call it about once a chunk.

        Raises:
            Cancelled: somebody stopped the job. Let it through.
        """
        if self._stopped():
            raise Cancelled(_STOPPED)
        self.done = max(self.done, done)
        self.total = max(total, self.done) if total > 0 else 0
        if self.total:
            self.fraction = max(self.fraction, self.done / self.total)

    @property
    def seconds_left(self) -> float | None:
        """An estimate at the speed of this stage so far; None before there is one."""
        if self.done <= 0 or self.total <= 0:
            return None
        return (time.monotonic() - self.started) * (self.total - self.done) / self.done


class JobProgress:
    """How far a job is, stage after stage. The work writes it, others read it.

    Attributes:
        current: the stage that began last.
    """

    def __init__(self) -> None:
        self._stop = threading.Event()
        self.current = Stage("", self.cancelled)

    def stage(self, message: str) -> Progress:
        """Begin the next stage of the work: its steps and its time are counted anew.

        Returns:
            A function to call with (done, total), such as the library's long functions take.

        Raises:
            Cancelled: somebody stopped the job. Let it through.
        """
        if self.cancelled():
            raise Cancelled(_STOPPED)
        self.current = Stage(message, self.cancelled)
        return self.current

    def cancelled(self) -> bool:
        """Whether the work should end as soon as it can."""
        return self._stop.is_set()

    def cancel(self) -> None:
        """Ask the work to end; it notices at its next report."""
        self._stop.set()


class Job(Generic[T]):
    """One piece of work and what became of it. Made by `JobBoard.submit`.

    Attributes:
        key: what the result depends on.
        state: "waiting", "running", "done", "failed" or "stopped".
        progress: how far it is.
        result: what the work returned, once done.
        error: what the work raised, once failed.
        details: the traceback of an error nobody expected, otherwise "".
    """

    def __init__(self, key: Hashable, work: Callable[[JobProgress], T]) -> None:
        self.key = key
        self.state: State = "waiting"
        self.progress = JobProgress()
        self.result: T | None = None
        self.error: BaseException | None = None
        self.details = ""
        self._work = work
        self._ended = threading.Event()

    @property
    def finished(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self.state in ("done", "failed", "stopped")

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until the job is finished, at most some seconds; returns whether it is."""
        return self._ended.wait(seconds)

    def run(self) -> None:
        """Do the work in the calling thread; never raises."""
        self.state = "running"
        try:
            if self.progress.cancelled():
                raise Cancelled(_STOPPED)
            self.result = self._work(self.progress)
        except Cancelled:
            self.end("stopped")
        except HybridCoreError as error:
            self.error = error
            self.end("failed")
        except BaseException as error:  # whatever it was, the thread lives on
            _LOG.exception("job %r failed", self.key)
            self.error = error
            self.details = traceback.format_exc()
            self.end("failed")
        else:
            self.end("done")

    def end(self, state: State) -> None:
        """Set the last state, and wake those who wait."""
        self.state = state
        self._ended.set()

    def reset(self) -> None:
        """Forget a failure or a stop, so that the work can run again."""
        self.progress = JobProgress()
        self.error = None
        self.details = ""
        self.state = "waiting"
        self._ended.clear()


class JobBoard:
    """Jobs by key, run in order by a fixed number of threads.

    The threads are daemons: a server that shuts down does not wait for a long video.

    Args:
        workers: jobs run at once. One keeps the processor from being shared by two models.
        kept: finished jobs remembered, the least recently asked for is forgotten first.
    """

    def __init__(self, *, workers: int = 1, kept: int = _KEPT_RESULTS) -> None:
        self._kept = kept
        self._jobs: OrderedDict[Hashable, Job[object]] = OrderedDict()
        self._queue: deque[Job[object]] = deque()
        self._changed = threading.Condition()
        for number in range(workers):
            threading.Thread(target=self._serve, name=f"job-{number}", daemon=True).start()

    def submit(self, key: Hashable, work: Callable[[JobProgress], T]) -> Job[T]:
        """Begin the work, unless a job of this key is there already, in whatever state.

        Args:
            key: everything the result depends on.
            work: is called with the job's progress in another thread.
        """
        with self._changed:
            job = self._jobs.get(key)
            if job is None:
                job = self._jobs[key] = cast(Job[object], Job(key, work))
                self._enqueue(job)
            self._jobs.move_to_end(key)
            self._trim()
            return cast(Job[T], job)

    def find(self, key: Hashable) -> Job[object] | None:
        """The job of this key, if it is remembered."""
        with self._changed:
            return self._jobs.get(key)

    def forget(self, key: Hashable) -> None:
        """Drop a finished job and its result; a waiting or running one is left alone."""
        with self._changed:
            if (job := self._jobs.get(key)) is not None and job.finished:
                del self._jobs[key]

    def again(self, job: Job[T]) -> None:
        """Run a failed or stopped job once more; other states are left alone."""
        with self._changed:
            if job.state not in ("failed", "stopped"):
                return
            job.reset()
            self._jobs[job.key] = cast(Job[object], job)
            self._enqueue(cast(Job[object], job))

    def stop(self, job: Job[T]) -> None:
        """Stop a job: at once while it waits, at its next report while it runs."""
        with self._changed:
            job.progress.cancel()
            if job in self._queue:
                self._queue.remove(cast(Job[object], job))
                job.end("stopped")

    def ahead(self, job: Job[T]) -> int:
        """How many jobs run or wait before this one."""
        with self._changed:
            running = sum(other.state == "running" for other in self._jobs.values())
            before = self._queue.index(cast(Job[object], job)) if job in self._queue else 0
            return running + before if job.state == "waiting" else 0

    def settle(self, seconds: float) -> bool:
        """Wait until every job that is there now is finished, at most some seconds; returns
        whether they are."""
        end = time.monotonic() + seconds
        with self._changed:
            jobs = list(self._jobs.values())
        return all(job.wait(max(0.0, end - time.monotonic())) for job in jobs)

    def _enqueue(self, job: Job[object]) -> None:
        self._queue.append(job)
        self._changed.notify()

    def _trim(self) -> None:
        finished = [key for key, job in self._jobs.items() if job.finished]
        for key in finished[: max(0, len(finished) - self._kept)]:
            del self._jobs[key]

    def _serve(self) -> None:
        while True:
            with self._changed:
                while not self._queue:
                    self._changed.wait()
                job = self._queue.popleft()
                job.state = "running"
            job.run()
            with self._changed:
                self._trim()


def board() -> JobBoard:
    """The board of this process.

    The environment variable HYBRIDCORE_WORKERS sets how many jobs run at once (default 1).
    """
    with _FIRST:  # two sessions that ask at the same time must not get two boards
        return _board()


@functools.cache
def _board() -> JobBoard:
    return JobBoard(workers=max(1, int(os.environ.get("HYBRIDCORE_WORKERS", "1"))))


def submit(key: Hashable, work: Callable[[JobProgress], T]) -> Job[T]:
    """`JobBoard.submit` on the board of this process."""
    return board().submit(key, work)


def find(key: Hashable) -> Job[object] | None:
    """`JobBoard.find` on the board of this process."""
    return board().find(key)
