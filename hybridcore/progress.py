"""How far long work is: what it reports to, and a bar for the command line."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tqdm import tqdm

Progress = Callable[[int, int], None]  # called with (done, total); stops the work by raising


@contextmanager
def progress_bar(text: str) -> Iterator[Progress]:
    """A progress bar in frames; silent where standard error is no terminal."""
    with tqdm(desc=text, unit="frame", disable=not sys.stderr.isatty()) as bar:

        def progress(done: int, total: int) -> None:
            bar.total = total or None
            bar.update(done - bar.n)

        yield progress
