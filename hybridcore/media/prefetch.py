"""Run an iterator in a background thread, a bounded number of items ahead."""

import threading
import time
from collections.abc import Generator
from queue import Empty, Full, Queue
from typing import TypeVar

from hybridcore.errors import Cancelled, MediaError

T = TypeVar("T")

_POLL_SECONDS = 0.05


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
                return queue.put(item, timeout=_POLL_SECONDS)
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
    try:
        while True:
            item = _take(queue, patience, stop)
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
    """The background thread delivered nothing for too long."""


def _take(queue: Queue[T], patience: float, stop: threading.Event | None) -> T:
    deadline = time.monotonic() + patience
    while True:
        if stop is not None and stop.is_set():
            raise Cancelled("The work was stopped; start it again for a complete result.")
        try:
            return queue.get(timeout=_POLL_SECONDS)
        except Empty:
            if time.monotonic() > deadline:
                raise _Stalled(
                    f"Decoding one frame took longer than the limit of {patience:g} s; "
                    "convert the file to a smaller H.264 MP4 and try again."
                ) from None
