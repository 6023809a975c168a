"""What is seen in pictures, as plain values."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class SeenWord:
    """A word, the probability that it is right, and whether there are several (None: unknown).

    own: a person added it, and the sentence is to say it.
    """

    name: str
    probability: float
    many: bool | None = None
    own: bool = False


@dataclass(frozen=True)
class Seen:
    """What was seen in N pictures, in 0..1.

    words: float32 ``[N, W]``, calibrated probabilities of the words of the word network; classes:
    float32 ``[N, 1000]``, of the encoder's objects, which sum to one; maps: float32
    ``[N, W, 7, 7]``, where each word is.
    """

    words: NDArray[np.float32]
    classes: NDArray[np.float32]
    maps: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.words)

    def part(self, part: slice) -> Seen:
        """Of some of the pictures."""
        return Seen(self.words[part], self.classes[part], self.maps[part])


def joined(parts: list[Seen]) -> Seen:
    """One after the other."""
    return Seen(*(np.concatenate([vars(part)[name] for part in parts])
                  for name in ("words", "classes", "maps")))
