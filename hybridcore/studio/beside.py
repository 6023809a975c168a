"""What a browser can play of an input, made while the networks look at it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from hybridcore.errors import Cancelled
from hybridcore.media.inputs import Input
from hybridcore.progress import Progress
from hybridcore.stages import JobProgress

LOOKING = 0.8  # of the time of a page's job; the rest waits for the copy
FILM = "film"  # under this name a job has the copy before it is done


class CopyBeside:
    """A copy that is being made; see :func:`copy_beside`."""

    def __init__(self, source: Input, folder: Path, progress: JobProgress) -> None:
        self._source, self._folder, self._progress = source, folder, progress
        self._left = threading.Event()
        self._stage: Progress | None = None
        self._pool = ThreadPoolExecutor(1)
        self._copy = self._pool.submit(self._make)

    def wait(self) -> Path | None:
        """The copy, once it is there; the job's stage is the copy until then.

        Raises:
            MediaError: the input cannot be decoded any more.
            Cancelled: somebody stopped the job.
        """
        if not self._copy.done():
            self._stage = self._progress.stage("Preparing the video", 1 - LOOKING)
        return self._copy.result()

    def leave(self) -> None:
        """End the work; what is not there yet is not made."""
        self._left.set()
        self._pool.shutdown()

    def _make(self) -> Path | None:
        path = self._source.browser_copy(self._folder, self._step)
        self._progress.so_far[FILM] = path
        return path

    def _step(self, done: int, total: int) -> None:
        self._progress.check()
        if self._left.is_set():
            raise Cancelled("Nobody waits for the copy any more.")
        if self._stage is not None:
            self._stage(done, total)


@contextmanager
def copy_beside(source: Input, folder: Path, progress: JobProgress) -> Iterator[CopyBeside]:
    """Make the browser's copy of an input in a thread while the block runs.

    The job's ``so_far`` has it as ``FILM`` as soon as it is there. A block that fails ends it.
    """
    copy = CopyBeside(source, folder, progress)
    try:
        yield copy
    finally:
        copy.leave()
