"""Speech as it was recorded: a sound, shown as its log mel bands."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from hybridcore.errors import MediaError
from hybridcore.media.files import file_digest, whole_file
from hybridcore.media.limits import DEFAULT_LIMITS
from hybridcore.media.mel import RATE, log_mel
from hybridcore.media.mel_picture import HEIGHT, WIDTH, page, pictures
from hybridcore.media.mel_picture import RATE as PICTURES
from hybridcore.media.sound import read_sound
from hybridcore.media.writer import VideoWriter
from hybridcore.progress import Progress

MAX_SECONDS = 60.0
_SHORTEST = 0.2  # s
_QUIET = 1e-4  # of full scale; nothing is louder in silence
_LIMITS = replace(DEFAULT_LIMITS, max_seconds=MAX_SECONDS)
_PLAYED = 44_100  # samples a second of what is played


@dataclass(frozen=True, eq=False)
class Recording:
    """The sound of a file, decoded once. Made by `Recording.open`.

    path: the file; name: what a person called it. samples: float32 ``[n]`` at 8 kHz, in -1..1.
    """

    path: Path
    name: str
    samples: NDArray[np.float32]
    known_digest: str | None = None

    @classmethod
    def open(
        cls, path: str | Path, *, name: str | None = None, digest: str | None = None
    ) -> Recording:
        """Decode the sound of a sound or video file.

        name: what a person called the file; None takes its name on the disk.
        digest: hexadecimal SHA-256 of the content, if it is known already.

        Raises:
            MediaError: the file is missing, empty, damaged, without sound, or longer than a minute.
        """
        path = Path(path)
        samples = np.nan_to_num(read_sound(path, RATE, limits=_LIMITS))
        if len(samples) < _SHORTEST * RATE:
            raise MediaError(
                f"The sound lasts {len(samples) / RATE:.2f} s; record {_SHORTEST:g} s at least.")
        return cls(path.resolve(), name or path.name, samples, digest)

    @cached_property
    def digest(self) -> str:
        """Hexadecimal SHA-256 of the file's content."""
        return self.known_digest or file_digest(self.path)

    @cached_property
    def bands(self) -> NDArray[np.float32]:
        """Its log mel bands, ``[T, 40]``."""
        return log_mel(self.samples)

    @property
    def duration(self) -> float:
        """s."""
        return len(self.samples) / RATE

    @property
    def silent(self) -> bool:
        """Whether there is nothing to hear."""
        return bool(np.abs(self.samples).max() < _QUIET)

    @property
    def notes(self) -> tuple[str, ...]:
        """Whether it is silent."""
        return ("The recording is silent; check that the microphone is on.",) if self.silent else ()

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of its film, px."""
        return WIDTH, HEIGHT

    def browser_copy(self, folder: Path, progress: Progress | None = None) -> Path:
        """An MP4 in ``folder``, made if it is not there yet: the sound, and its bands with a line
        that moves."""
        path = folder / f"{self.digest}-{WIDTH}-heard.mp4"
        count = round(self.duration * PICTURES)
        if not path.is_file():
            sound = read_sound(self.path, _PLAYED, limits=_LIMITS)
            with (
                whole_file(path) as partial,
                VideoWriter(partial, WIDTH, HEIGHT, PICTURES, sound, _PLAYED) as writer,
            ):
                for k, picture in enumerate(pictures(self.bands, self.duration)):
                    writer.write(picture)
                    if progress is not None:
                        progress(min(k, count), count)
        if progress is not None:
            progress(count, count)
        return path

    def thumbnail(self, side: int) -> NDArray[np.uint8]:
        """All of its bands, small."""
        small: NDArray[np.uint8] = cv2.resize(
            page(self.bands), (side, max(2, side * HEIGHT // WIDTH)), interpolation=cv2.INTER_AREA)
        return small
