"""Background jobs: long work that outlives the click, the page and the connection that began it.

Jobs run in threads that no script run owns. A job is named by a key that says everything its
result depends on, such as (content hash, model, parameters); asking again for the same key, from
any session, finds the same job or its finished result. The threads never call Streamlit: pages
look at a job with `show`.
"""

from __future__ import annotations

import logging
import math
import os
import threading
import time
import traceback
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable
from typing import Generic, Literal, TypeVar, cast

import streamlit as st

from hybridcore.errors import Cancelled, HybridCoreError

T = TypeVar("T")
State = Literal["waiting", "running", "done", "failed", "stopped"]

_LOG = logging.getLogger(__name__)
_POLL_SECONDS = 0.5
_KEPT_RESULTS = 16


class Progress:
    """How far a job is. The work writes it, pages read it."""

    def __init__(self) -> None:
        self.done = 0
        self.total = 0
        self.message = ""
        self.started: float | None = None
        self._stop = threading.Event()

    def update(self, done: int, total: int, message: str = "") -> None:
        """Say that `done` of `total` steps are finished; call it about once a chunk.

        Raises:
            Cancelled: somebody pressed Stop. Let it through.
        """
        if self._stop.is_set():
            raise Cancelled("The work was stopped.")
        if self.started is None or done < self.done:
            self.started = time.monotonic()  # a new stage estimates its own time
        self.done, self.total, self.message = done, total, message

    def cancelled(self) -> bool:
        """Whether the work should end as soon as it can."""
        return self._stop.is_set()

    def cancel(self) -> None:
        """Ask the work to end; it notices at its next `update`."""
        self._stop.set()

    @property
    def fraction(self) -> float:
        """The finished part, in [0, 1]; 0 while the total is unknown."""
        return min(1.0, self.done / self.total) if self.total > 0 else 0.0

    @property
    def seconds_left(self) -> float | None:
        """An estimate at the speed so far; None before there is one."""
        if self.started is None or self.done <= 0 or self.total <= 0:
            return None
        return (time.monotonic() - self.started) * max(0, self.total - self.done) / self.done


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

    def __init__(self, key: Hashable, work: Callable[[Progress], T]) -> None:
        self.key = key
        self.state: State = "waiting"
        self.progress = Progress()
        self.result: T | None = None
        self.error: BaseException | None = None
        self.details = ""
        self._work = work

    @property
    def finished(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self.state in ("done", "failed", "stopped")

    def run(self) -> None:
        """Do the work in the calling thread; never raises."""
        self.state = "running"
        try:
            if self.progress.cancelled():
                raise Cancelled("The work was stopped.")
            self.result = self._work(self.progress)
        except Cancelled:
            self.state = "stopped"
        except HybridCoreError as error:
            self.error = error
            self.state = "failed"
        except BaseException as error:  # whatever it was, the thread lives on
            _LOG.exception("job %r failed", self.key)
            self.error = error
            self.details = traceback.format_exc()
            self.state = "failed"
        else:
            self.state = "done"

    def reset(self) -> None:
        """Forget a failure or a stop, so that the work can run again."""
        self.progress = Progress()
        self.error = None
        self.details = ""
        self.state = "waiting"


class JobBoard:
    """Jobs by key, run in order by a fixed number of threads.

    The threads are daemons: a server that is told to end does not wait for a long video.

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

    def submit(self, key: Hashable, work: Callable[[Progress], T]) -> Job[T]:
        """Begin the work, unless a job of this key is there already, in whatever state.

        Args:
            key: everything the result depends on.
            work: is called with the job's progress in another thread; must not call Streamlit.
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
        """Stop a job: at once while it waits, at its next progress update while it runs."""
        with self._changed:
            job.progress.cancel()
            if job in self._queue:
                self._queue.remove(cast(Job[object], job))
                job.state = "stopped"

    def ahead(self, job: Job[T]) -> int:
        """How many jobs run or wait before this one."""
        with self._changed:
            running = sum(other.state == "running" for other in self._jobs.values())
            before = self._queue.index(cast(Job[object], job)) if job in self._queue else 0
            return running + before if job.state == "waiting" else 0

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


@st.cache_resource(show_spinner=False)
def board() -> JobBoard:
    """The board that all sessions of this server share.

    The environment variable HYBRIDCORE_WORKERS sets how many jobs run at once (default 1).
    """
    return JobBoard(workers=max(1, int(os.environ.get("HYBRIDCORE_WORKERS", "1"))))


def submit(key: Hashable, work: Callable[[Progress], T]) -> Job[T]:
    """`JobBoard.submit` on the shared board."""
    return board().submit(key, work)


def find(key: Hashable) -> Job[object] | None:
    """`JobBoard.find` on the shared board."""
    return board().find(key)


def show(job: Job[T]) -> T | None:
    """Show how a job stands, in place: progress with Stop, or what went wrong with Run again.

    While the job lives only this element refreshes; at its end the page runs again once.

    Returns:
        The result once the job is done, None until then (and after a failure or a stop).
    """
    if job.state == "done":
        return job.result
    if job.finished:
        _show_end(job)
    else:
        st.fragment(_watch, run_every=_POLL_SECONDS)(job)
    return None


def describe(job: Job[T]) -> str:
    """One line on a waiting or running job: "Reading · 120 / 900 · about 12 s left"."""
    if job.state == "waiting":
        ahead = board().ahead(job)
        return f"Waiting · {ahead} {'job' if ahead == 1 else 'jobs'} ahead" if ahead else "Starting"
    progress = job.progress
    parts = [progress.message or "Working"]
    if progress.total > 0:
        parts.append(f"{progress.done:,} / {progress.total:,}")
    if (left := progress.seconds_left) is not None:
        parts.append(f"about {_duration(left)} left")
    return " · ".join(parts)


def _watch(job: Job[T]) -> None:
    if job.finished:
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.progress(job.progress.fraction, text=describe(job))
        stopping = job.progress.cancelled()
        st.button(
            "Stopping" if stopping else "Stop",
            icon=":material/stop_circle:",
            disabled=stopping,
            key=f"stop {job.key!r}",
            on_click=board().stop,
            args=(job,),
        )


def _show_end(job: Job[T]) -> None:
    row = st.container(horizontal=True, vertical_alignment="center")
    if job.state == "stopped":
        row.caption("This was stopped before it finished.", width="content")
    elif isinstance(job.error, HybridCoreError):
        row.error(str(job.error), icon=":material/error:")
    else:
        row.error(
            "Something went wrong inside the program. Running it again may help; "
            "the details below say what happened.",
            icon=":material/error:",
        )
        with st.expander("Details"):
            st.code(job.details, language=None)
    row.button(
        "Run again",
        icon=":material/refresh:",
        key=f"again {job.key!r}",
        on_click=board().again,
        args=(job,),
    )


def _duration(seconds: float) -> str:
    whole = max(1, math.ceil(seconds))
    return f"{whole} s" if whole < 90 else f"{round(whole / 60)} min"
