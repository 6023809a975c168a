"""How far a job is: the stages of its work, each with its steps, its time and a way to stop it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from hybridcore.errors import Cancelled
from hybridcore.progress import Progress
from hybridcore.time_left import TimeLeft

_STOPPED = "The work was stopped."
_OFFER_SECONDS = 0.1  # between two offers, at least
_OFFER_SHARE = 0.1  # of the time of the work that offers may take


class Stage:
    """One stage of a job's work; a `hybridcore.progress.Progress` that remembers, and that is
    `Watched`.

    Attributes:
        message: what the work does, such as "Reading".
        done, total: finished steps and all of them (0: not known yet); `done` never falls.
        fraction: the finished part, in [0, 1]; never falls.
        share: of the time of the whole job that it is expected to take, in [0, 1].
    """

    def __init__(
        self, message: str, stopped: Callable[[], bool], so_far: dict[str, Any], *,
        share: float = 1.0,
    ) -> None:
        self.message = message
        self.share = share
        self.done = 0
        self.total = 0
        self.fraction = 0.0
        self._stopped = stopped
        self._so_far = so_far
        self._due = 0.0  # `time.monotonic()` from which the next offer is taken

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

    def offer(self, make: Callable[[], Any]) -> None:
        """Keep what the work knows so far as ``so_far["outputs"]`` of the job, now and then."""
        now = time.monotonic()
        if now < self._due:
            return
        self._so_far["outputs"] = make()
        took = time.monotonic() - now
        self._due = now + max(_OFFER_SECONDS, took / _OFFER_SHARE)


class JobProgress:
    """How far a job is, stage after stage. The work writes it, others read it.

    Attributes:
        current: the stage that began last.
        so_far: what is known before the job is done, by name, for those who look meanwhile;
            "outputs": what a stage offered last. Empty once the job is done.
    """

    def __init__(self) -> None:
        self._stop = threading.Event()
        self.so_far: dict[str, Any] = {}
        self.current = Stage("", self.cancelled, self.so_far, share=0.0)
        self._before = 0.0  # the shares of the stages before
        self._time_left = TimeLeft(time.monotonic())

    def stage(self, message: str, share: float = 1.0) -> Progress:
        """Begin the next stage of the work: its steps are counted anew.

        Args:
            share: of the time of the whole job that it is expected to take, in [0, 1].

        Returns:
            A function to call with (done, total), such as the library's long functions take.

        Raises:
            Cancelled: somebody stopped the job. Let it through.
        """
        self.check()
        if self.current.share == 0.0:  # the work begins; until now it waited
            self._time_left = TimeLeft(time.monotonic())
        self._before += self.current.share
        self.current = Stage(message, self.cancelled, self.so_far, share=share)
        return self.current

    @property
    def seconds_left(self) -> float | None:
        """How long the whole job takes still; None where that is not known."""
        stage = self.current
        done, known = self._before + stage.share * stage.fraction, self._before + stage.share
        return self._time_left.seconds(done / max(1.0, known), time.monotonic())

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
