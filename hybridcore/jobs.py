"""Background jobs: long work that outlives the click, the page and the connection that began it.

Jobs run in threads that no caller owns. A job is named by a key that says everything its result
depends on, such as (content hash, model, parameters); asking again for the same key, from any
session, finds the same job or its finished result. Pages look at a job, batch work waits for it.

Every job has an owner, such as a visitor's session. They come by turns, and none may have more than
a few waiting.
"""

from __future__ import annotations

import atexit
import functools
import gc
import logging
import os
import threading
import time
import traceback
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable, Sequence
from typing import Generic, Literal, TypeVar, cast

from hybridcore.cores import core_count
from hybridcore.errors import BusyError, Cancelled, HybridCoreError
from hybridcore.stages import JobProgress
from hybridcore.waiting import FairQueue, Wait, seconds_until_free

T = TypeVar("T")
State = Literal["waiting", "running", "done", "failed", "stopped"]

_LOG = logging.getLogger(__name__)
_KEPT_RESULTS = 16
_MOST_WAITING = 6  # jobs of one owner
_FETCHED_SECONDS = 10.0  # a page looks at its job once a second; a busy server later
_MEASURED = 16  # finished jobs by which the next are estimated
_LEAVING_SECONDS = 5.0
_FIRST = threading.Lock()


class Job(Generic[T]):
    """One piece of work and what became of it. Made by `JobBoard.submit`.

    Attributes:
        key: what the result depends on.
        size: how much work it is, in any unit that jobs have in common; seconds of a film, say.
        state: "waiting", "running", "done", "failed" or "stopped".
        progress: how far it is.
        result: what the work returned, once done.
        error: what the work raised, once failed.
        began, ended: `time.monotonic()` when it began to run, and when it was finished.
        details: the traceback of an error nobody expected, otherwise "".
    """

    def __init__(
        self, key: Hashable, work: Callable[[JobProgress], T], size: float = 1.0
    ) -> None:
        self.key = key
        self.size = size
        self.began = self.ended = 0.0
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
        self.state, self.began = "running", time.monotonic()
        try:
            self.progress.check()
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
            self.progress.so_far.clear()  # the result has all of it

    def end(self, state: State) -> None:
        """Set the last state, and wake those who wait."""
        self.ended = time.monotonic()
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
    """Jobs by key, run by a fixed number of threads, their owners by turns.

    The threads are daemons: a server that shuts down does not wait for a long video. One more
    than ``workers`` does what takes no time, so that it need not wait for what does.

    Args:
        workers: jobs run at once.
        kept: finished jobs remembered, the least recently asked for is forgotten first.
        fetched: seconds for which every result is kept, so that others who are many do not push it
            out before its page has fetched it.
        most_waiting: jobs of one owner that wait at once.
    """

    def __init__(
        self, *, workers: int = 1, kept: int = _KEPT_RESULTS, fetched: float = _FETCHED_SECONDS,
        most_waiting: int = _MOST_WAITING,
    ) -> None:
        self._workers, self._kept, self._fetched = workers, kept, fetched
        self._most_waiting = most_waiting
        self._jobs: OrderedDict[Hashable, Job[object]] = OrderedDict()
        self._queue: FairQueue[Job[object]] = FairQueue()
        self._quick: FairQueue[Job[object]] = FairQueue()
        self._running: list[Job[object]] = []
        self._measured: deque[tuple[float, float]] = deque(maxlen=_MEASURED)  # seconds and size
        self._changed = threading.Condition()
        queues = [self._quick, *[self._queue] * workers]
        for number, queue in enumerate(queues):
            threading.Thread(
                target=self._serve, args=(queue,), name=f"job-{number}", daemon=True).start()

    def submit(
        self, key: Hashable, work: Callable[[JobProgress], T], *, owner: str = "",
        size: float = 1.0, quick: bool = False,
    ) -> Job[T]:
        """Begin the work, unless a job of this key is there already, in whatever state.

        Args:
            key: everything the result depends on.
            work: is called with the job's progress in another thread.
            owner: whose turn it takes; a job that another owner began comes no later for it. The
                owner "" has no bound.
            size: how much work it is; it says how long others wait.
            quick: it takes no time, as where a result only has to be read.

        Raises:
            BusyError: too many of the owner's jobs wait already.
        """
        with self._changed:
            job = self._jobs.get(key)
            if job is None:
                self._refuse_more(owner)
                job = self._jobs[key] = cast(Job[object], Job(key, work, size))
                self._enqueue(job, owner, self._quick if quick else self._queue)
            elif job.state == "waiting":
                self._queue.hasten(job, owner)
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

    def again(self, job: Job[T], *, owner: str = "") -> None:
        """Run a failed or stopped job once more; other states are left alone.

        Raises:
            BusyError: too many of the owner's jobs wait already.
        """
        with self._changed:
            if job.state not in ("failed", "stopped"):
                return
            self._refuse_more(owner)
            job.reset()
            self._jobs[job.key] = cast(Job[object], job)
            self._enqueue(cast(Job[object], job), owner, self._queue)

    def stop(self, job: Job[T]) -> None:
        """Stop a job: at once while it waits, at its next report while it runs."""
        with self._changed:
            job.progress.cancel()
            for queue in (self._queue, self._quick):
                if queue.remove(cast(Job[object], job)):
                    job.end("stopped")

    def wait_of(self, job: Job[T]) -> Wait:
        """What is before a job that waits; nothing, for any other."""
        with self._changed:
            waiting = list(self._queue)
            return self._wait(waiting[: waiting.index(cast(Job[object], job))]) \
                if job in waiting else Wait(0, 0.0)

    def wait_of_next(self, owner: str) -> Wait:
        """What would be before the next job of an owner."""
        with self._changed:
            return self._wait(list(self._queue)[: self._queue.place(owner)])

    def settle(self, seconds: float) -> bool:
        """Wait until every job that is there now is finished, at most some seconds; returns
        whether they are."""
        end = time.monotonic() + seconds
        with self._changed:
            jobs = list(self._jobs.values())
        return all(job.wait(max(0.0, end - time.monotonic())) for job in jobs)

    def leave(self) -> None:
        """Stop every job, and give those that run a moment to notice: a thread that is inside a
        library when the process ends may take it down."""
        with self._changed:
            jobs = list(self._jobs.values())
        for job in jobs:
            self.stop(job)
        self.settle(_LEAVING_SECONDS)

    def _refuse_more(self, owner: str) -> None:
        if owner and self._queue.owned(owner) >= self._most_waiting:
            raise BusyError(
                f"No more than {self._most_waiting} of your files may wait at once; try again "
                "once the next one has started, or stop one that you do not need.")

    def _enqueue(
        self, job: Job[object], owner: str, queue: FairQueue[Job[object]]
    ) -> None:
        queue.add(job, owner)
        self._changed.notify_all()

    def _wait(self, before: Sequence[Job[object]]) -> Wait:
        """What those before, and those that run, mean for the one after them."""
        running = [job for job in self._running if job.state == "running"]
        idle = self._workers - len(running)
        if idle > len(before):
            return Wait(0, 0.0)
        left = [*(self._seconds_left(job) for job in running), *[0.0] * idle]
        takes = [self._seconds(job) for job in before]
        known = [seconds for seconds in (*left, *takes) if seconds is not None]
        unknown = len(known) < len(left) + len(takes)
        return Wait(
            len(running) + len(before),
            None if unknown else seconds_until_free(known[: len(left)], known[len(left):]))

    def _seconds(self, job: Job[object]) -> float | None:
        """How long a job takes at the speed of those measured; None before there are any."""
        size = sum(size for _, size in self._measured)
        return job.size * sum(seconds for seconds, _ in self._measured) / size if size else None

    def _seconds_left(self, job: Job[object]) -> float | None:
        """How long a running job takes still: by its own speed, or by that of others."""
        left = job.progress.seconds_left
        if left is not None or (whole := self._seconds(job)) is None:
            return left
        return max(0.0, whole - (time.monotonic() - job.began))

    def _trim(self) -> None:
        finished = [key for key, job in self._jobs.items() if job.finished]
        fetched = time.monotonic() - self._fetched
        for key in finished[: max(0, len(finished) - self._kept)]:
            if self._jobs[key].ended <= fetched:
                del self._jobs[key]

    def _serve(self, queue: FairQueue[Job[object]]) -> None:
        while True:
            with self._changed:
                while not queue:
                    self._changed.wait()
                job = queue.pop()
                job.state, job.began = "running", time.monotonic()
                if queue is self._queue:
                    self._running.append(job)
            job.run()
            with self._changed:
                if queue is self._queue:
                    self._running.remove(job)
                    if job.state == "done":
                        self._measured.append((time.monotonic() - job.began, job.size))
                self._trim()
            gc.collect()  # the server does not after a run of a page; cycles hold a job's arrays


def board() -> JobBoard:
    """The board of this process."""
    with _FIRST:  # two sessions that ask at the same time must not get two boards
        return _board()


@functools.cache
def _board() -> JobBoard:
    board = JobBoard(workers=default_workers())
    atexit.register(board.leave)
    return board


def default_workers() -> int:
    """How many jobs run at once: as the environment variable HYBRIDCORE_WORKERS says, otherwise
    two where there are two cores. While one job decodes, the networks of the other run."""
    return max(1, int(os.environ.get("HYBRIDCORE_WORKERS", min(2, core_count()))))


def submit(key: Hashable, work: Callable[[JobProgress], T]) -> Job[T]:
    """`JobBoard.submit` on the board of this process."""
    return board().submit(key, work)


def find(key: Hashable) -> Job[object] | None:
    """`JobBoard.find` on the board of this process."""
    return board().find(key)
