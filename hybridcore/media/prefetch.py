"""Run an iterator in a background thread, a bounded number of items ahead."""

import threading
import time
from collections.abc import Generator
from queue import Empty, Full, Queue
from typing import TypeVar

from hybridcore.errors import Cancelled, MediaError

T = TypeVar("T")

POLL_SECONDS = 0.05


class _End:
    """Last thing in the queue: the iterator is finished, or failed with `error`."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error


def prefetch(
    items: Generator[T, None, None],
    depth: int,
    patience: float,
    stop: threading.Event | None = None,
) -> Generator[T, None, None]:
    """Yield `items` in order while a thread works up to `depth` items ahead.

    items: runs, and is closed, in the background thread.
    patience: longest wait for one item, s. A codec cannot be interrupted, so a thread that
        stalls is left behind (as a daemon) and the consumer gets `MediaError`.
    stop: once set, the consumer gets `Cancelled`.

    Errors of `items` are raised in the consumer. Closing this generator ends the thread.
    """
    queue: Queue[T | _End] = Queue(depth)
    closed = threading.Event()

    def put(item: T | _End) -> None:
        while not closed.is_set():
            try:
                return queue.put(item, timeout=POLL_SECONDS)
            except Full:
                continue

    def work() -> None:
        end = _End()
        try:
            for item in items:
                put(item)
                if closed.is_set():
                    break
        except Exception as error:  # raised again in the consumer
            end = _End(error)
        finally:
            items.close()
        put(end)

    thread = threading.Thread(target=work, name="hybridcore-decode", daemon=True)
    thread.start()
    waiting = Patience(patience, stop)
    try:
        while True:
            item = _take(queue, waiting)
            if isinstance(item, _End):
                if item.error is not None:
                    raise item.error
                return
            yield item
    except _Stalled:
        patience = 0.0  # the thread is stuck inside the codec: do not wait for it
        raise
    finally:
        closed.set()
        thread.join(patience)


class _Stalled(MediaError):
    """Nothing was delivered for too long."""


class Patience:
    """How long somebody waits for one item: ``seconds``, or until ``stop`` is set.

    remedy: what to do about a file that takes longer; None: what helps a film.
    """

    def __init__(
        self, seconds: float, stop: threading.Event | None, remedy: str | None = None
    ) -> None:
        self._seconds = seconds
        self._stop = stop
        self._remedy = remedy or "convert the file to a smaller H.264 MP4 and try again"
        self._deadline = 0.0

    def begin(self) -> None:
        """Wait for the next item from now on."""
        self._deadline = time.monotonic() + self._seconds

    def check(self) -> None:
        """Raises:
            Cancelled: the waiting is to stop.
            MediaError: it was too long.
        """
        if self._stop is not None and self._stop.is_set():
            raise Cancelled("The work was stopped; start it again for a complete result.")
        if time.monotonic() > self._deadline:
            raise _Stalled(
                f"Decoding one frame took longer than the limit of {self._seconds:g} s; "
                f"{self._remedy}.")


def _take(queue: Queue[T], patience: Patience) -> T:
    patience.begin()
    while True:
        patience.check()
        try:
            return queue.get(timeout=POLL_SECONDS)
        except Empty:
            continue
