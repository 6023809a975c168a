"""A few looks at a person, kept while a clip is read: small pictures cut around the body."""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np

from hybridcore.gait.align import HEIGHT as ROWS
from hybridcore.gait.align import WIDTH as COLUMNS
from hybridcore.gait.clean import Person

HEIGHT, WIDTH = 128, 48  # px of a look
MOST = 8  # looks at one person
GAP = 0.4  # s between two of them at first


@dataclass
class Looks:
    """Looks spread over the time in which somebody is seen: where there are more than
    :data:`MOST`, every second one is dropped and from then on they lie twice as far apart.

    times: s, of each; pictures: uint8 ``[128, 48, 3]``; masks: uint8 ``[64, 24]``, of the same
    window.
    """

    times: list[float] = field(default_factory=list)
    pictures: list[np.ndarray] = field(default_factory=list)
    masks: list[np.ndarray] = field(default_factory=list)
    gap: float = GAP

    def __len__(self) -> int:
        return len(self.times)

    def take(
        self, person: Person, frame: np.ndarray, time: float, *, scale: float = 1.0
    ) -> None:
        """Look at a person of uint8 ``[H, W, 3]`` at ``time`` s, if it is time for that.

        scale: px of the frame for one of the picture in which the person was found.
        """
        if self.times and time - self.times[-1] < self.gap - 1e-6:
            return
        self.times.append(time)
        self.pictures.append(picture_of(person, frame, scale))
        self.masks.append(mask_of(person))
        if len(self) > MOST:
            for kept in (self.times, self.pictures, self.masks):
                del kept[1::2]
            self.gap *= 2


def picture_of(person: Person, frame: np.ndarray, scale: float = 1.0) -> np.ndarray:
    """A person from head to foot, in the middle: uint8 ``[128, 48, 3]``; arguments as of
    :meth:`Looks.take`. Outside the frame its edge is repeated."""
    tall = max(1, round(person.height * scale))
    wide = max(1, round(tall * WIDTH / HEIGHT))
    left = round((person.middle + 0.5) * scale - wide / 2)
    rows, columns = (
        np.clip(np.arange(first, first + count), 0, length - 1)
        for first, count, length in zip(
            (round(person.top * scale), left), (tall, wide), frame.shape[:2], strict=True))
    shrinks = cv2.INTER_AREA if tall > HEIGHT else cv2.INTER_LINEAR
    return cv2.resize(frame[rows[:, None], columns], (WIDTH, HEIGHT), interpolation=shrinks)


def mask_of(person: Person) -> np.ndarray:
    """Where the body is in :func:`picture_of`: uint8 ``[64, 24]``, 0..255."""
    columns = ROWS * WIDTH // HEIGHT
    first = (COLUMNS - columns) // 2
    return person.silhouette[:, first : first + columns]
