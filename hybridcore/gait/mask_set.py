"""A folder or a zip of masks as something to look at: one film of all its walks in turn."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path

import cv2
import numpy as np

from hybridcore.errors import MediaError
from hybridcore.gait.masks import RATE, MaskWalk, open_masks
from hybridcore.gait.walk import Placement
from hybridcore.media import VideoWriter
from hybridcore.media.files import file_digest, whole_file
from hybridcore.progress import Progress

_NAMED = 5  # files that a sentence names
_NAME_LENGTH = 60  # characters
_ROWS = 240  # px of the film, about; small masks are enlarged to it


@dataclass(frozen=True, eq=False)
class MaskSet:
    """Walks segmented elsewhere. Made by :meth:`open`.

    path: the folder or zip; name: what a person called it; walks: in the order of the film;
    clutter: names of files in it that macOS added.
    """

    path: Path
    name: str
    walks: tuple[MaskWalk, ...]
    known_digest: str | None = None
    clutter: tuple[str, ...] = ()

    @classmethod
    def open(
        cls, path: str | Path, *, name: str | None = None, digest: str | None = None
    ) -> MaskSet:
        """Look into a folder or a zip; no mask is decoded yet.

        name: what a person called it; None takes its name on the disk. digest: hexadecimal SHA-256
        of the content, if it is known already.

        Raises:
            MediaError: as :func:`~hybridcore.gait.masks.open_masks`.
        """
        path = Path(path)
        walks, clutter = open_masks(path)
        return cls(path, name or path.name or path.resolve().name, tuple(walks), digest, clutter)

    @cached_property
    def digest(self) -> str:
        """Hexadecimal SHA-256 of a zip's content, or of the names and masks in a folder."""
        if self.known_digest or self.path.is_file():
            return self.known_digest or file_digest(self.path)
        digest = hashlib.sha256()
        for walk in self.walks:
            walk.feed(digest)
        return digest.hexdigest()

    @cached_property
    def times(self) -> np.ndarray:
        """float64 ``[T]``, s: every frame of the film."""
        return np.arange(sum(map(len, self.walks))) / RATE

    @property
    def duration(self) -> float:
        """s, of the film."""
        return len(self.times) / RATE

    @property
    def notes(self) -> tuple[str, ...]:
        """There is nothing to know beside what the walks say."""
        return ()

    @cached_property
    def size(self) -> tuple[int, int]:
        """(height, width) of the film, px of the masks: even, and large enough for every walk."""
        sizes = np.array([walk.size for walk in self.walks])
        height, width = (sizes.max(0) + 1) // 2 * 2
        return int(height), int(width)

    @cached_property
    def placements(self) -> tuple[Placement, ...]:
        """Where each of the walks lies in the film: in the middle of it, one after the other."""
        height, width = self.size
        places, frame = [], 0
        for walk in self.walks:
            rows, columns = walk.size
            top, left = self._corner((rows, columns))
            places.append(Placement(
                frame, float(self.times[frame]), left / width, top / height, columns / width,
                rows / height))
            frame += len(walk)
        return tuple(places)

    def left_out(self) -> tuple[str, ...]:
        """Sentences that name the files which are no masks.

        Raises:
            MediaError: there are no others.
        """
        unreadable = [found for walk in self.walks for found in walk.unreadable]
        total = sum(len(walk.files) for walk in self.walks)
        if len(unreadable) == total:
            raise MediaError(f"No mask in {self.name} can be read: {unreadable[0][1]}")
        sentences = []
        if unreadable:
            sentences.append("Left out, because empty, damaged or too large: "
                             f"{_listed([name for name, _ in unreadable])}.")
        if self.clutter:
            sentences.append(f"Left out, as no masks but what macOS adds: {_listed(self.clutter)}.")
        return tuple(sentences)

    def browser_copy(self, folder: Path, progress: Progress | None = None) -> Path:
        """The film in ``folder``, white on black, made if it is not there yet.

        ``progress(done, total)`` counts frames and stops the work by raising.

        Raises:
            MediaError: a mask cannot be decoded.
        """
        path = folder / f"{self.digest}-masks.mp4"
        if not path.is_file():
            with whole_file(path) as partial:
                self._write_film(partial, progress)
        if progress is not None:
            progress(len(self.times), len(self.times))
        return path

    def thumbnail(self, side: int) -> np.ndarray:
        """The mask in the middle of the first walk, uint8 RGB, its longer side ``side``."""
        walk = self.walks[0]
        mask = next(islice(walk.masks(), len(walk) // 2, None))
        scale = side / max(mask.shape)
        height, width = (max(1, round(length * scale)) for length in mask.shape)
        small = cv2.resize(mask, (width, height), interpolation=cv2.INTER_AREA)
        return cv2.cvtColor(small, cv2.COLOR_GRAY2RGB)

    def _write_film(self, path: Path, progress: Progress | None) -> None:
        height, width = self.size
        scale = max(1, _ROWS // height)
        done = 0
        with VideoWriter(path, width * scale, height * scale, RATE) as writer:
            for walk in self.walks:
                for mask in walk.masks():
                    canvas = np.zeros((height, width), np.uint8)
                    top, left = self._corner(mask.shape)
                    canvas[top : top + mask.shape[0], left : left + mask.shape[1]] = mask
                    large = np.kron(canvas, np.ones((scale, scale), np.uint8))
                    writer.write(cv2.cvtColor(large, cv2.COLOR_GRAY2RGB))
                done += len(walk)
                if progress is not None:
                    progress(done, len(self.times))

    def _corner(self, size: tuple[int, ...]) -> tuple[int, int]:
        """top, left: where masks of a size lie in the film, px."""
        return (self.size[0] - size[0]) // 2, (self.size[1] - size[1]) // 2


def _listed(names: Sequence[str]) -> str:
    """The first names, each on one line and not too long, and how many there are besides."""
    short = [" ".join(name.split())[-_NAME_LENGTH:] for name in names[:_NAMED]]
    more = len(names) - len(short)
    return ", ".join(short) + (f" and {more:,} more" if more else "")
