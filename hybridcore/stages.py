"""How far a job is: the stages of its work, each with its steps, its time and a way to stop it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from hybridcore.errors import Cancelled
from hybridcore.progress import Progress

_STOPPED = "The work was stopped."


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
        self.check()
        self.current = Stage(message, self.cancelled)
        return self.current

    def cancelled(self) -> bool:
        """Whether the work should end as soon as it can."""
        return self._stop.is_set()

    def check(self) -> None:
        """Go on, unless somebody stopped the job.

        Raises:
            Cancelled: somebody did. Let it through.
        """
        if self.cancelled():
            raise Cancelled(_STOPPED)

    def cancel(self) -> None:
        """Ask the work to end; it notices at its next report."""
        self._stop.set()
