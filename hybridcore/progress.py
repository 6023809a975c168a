"""How far long work is: what it reports to, and a bar for the command line."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol, runtime_checkable

from tqdm import tqdm

Progress = Callable[[int, int], None]  # called with (done, total); stops the work by raising


@runtime_checkable
class Watched(Protocol):
    """A :data:`Progress` behind which somebody looks at what is known so far."""

    def __call__(self, done: int, total: int) -> None: ...

    def offer(self, make: Callable[[], Any]) -> None:
        """What is known so far can be made now; it is, unless that was done a moment ago."""
        ...


def report(
    progress: Progress | None, done: int, total: int, so_far: Callable[[], Any]
) -> None:
    """Say that ``done`` of ``total`` steps are finished, and offer what is known so far to whoever
    looks.

    so_far: makes it; called now or never, in the calling thread. What it gives may not change
    afterwards: rows that are never written again, not a copy of all of them every time.
    """
    if progress is None:
        return
    progress(done, total)
    if isinstance(progress, Watched):
        progress.offer(so_far)


@contextmanager
def progress_bar(text: str) -> Iterator[Progress]:
    """A progress bar in frames; silent where standard error is no terminal."""
    with tqdm(desc=text, unit="frame", disable=not sys.stderr.isatty()) as bar:

        def progress(done: int, total: int) -> None:
            bar.total = total or None
            bar.update(done - bar.n)

        yield progress
