"""What every input of a system has, whatever kind of file it is."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from hybridcore.progress import Progress


class Input(Protocol):
    """Something that a person brings: a `Clip`, a `Picture` and what the systems add.

    name: what the person calls the file.
    digest: hexadecimal SHA-256 of the content; equal content has an equal digest.
    path: where the file lies, None if it does not lie in one.
    duration: s, None for what does not last.
    notes: what a person should know of the file, a sentence each.
    """

    @property
    def name(self) -> str: ...
    @property
    def digest(self) -> str: ...
    @property
    def path(self) -> Path | None: ...
    @property
    def duration(self) -> float | None: ...
    @property
    def notes(self) -> tuple[str, ...]: ...

    def browser_copy(self, folder: Path, progress: Progress | None = None) -> Path | None:
        """A file in ``folder`` that every browser plays or shows; None if there is nothing to see.

        It is made once for each content. ``progress(done, total)`` stops the work by raising.

        Raises:
            MediaError: the input cannot be decoded any more.
        """
        ...

    def thumbnail(self, side: int) -> NDArray[np.uint8] | None:
        """A small picture of it, uint8 RGB ``[h, w, 3]``, its longer side at most ``side``; None if
        there is nothing to see.

        Raises:
            MediaError: as above.
        """
        ...
