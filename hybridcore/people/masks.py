"""Soft masks of one person, frame after frame, kept small."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SIDE = 256
_STEP = 17  # 16 levels are kept of 0..255, which pack into a fifth of the bytes


@dataclass(frozen=True, eq=False)
class Masks:
    """Masks of ``[256, 256]`` uint8, 0 (background) to 255 (person), each packed alone.

    ``masks[i]`` unpacks one. packed: uint8 ``[bytes]``; starts: int64 ``[n + 1]``, where each lies.
    """

    packed: NDArray[np.uint8]
    starts: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.starts) - 1

    def __getitem__(self, place: int) -> NDArray[np.uint8]:
        place = range(len(self))[place]
        return unpack(self.packed[self.starts[place]:self.starts[place + 1]].tobytes())


def pack(mask: NDArray[np.uint8]) -> bytes:
    """One mask ``[256, 256]``, rounded to 16 levels."""
    levels = ((mask.astype(np.uint16) + _STEP // 2) // _STEP).astype(np.uint8)
    return zlib.compress(levels.tobytes(), 1)


def unpack(packed: bytes) -> NDArray[np.uint8]:
    """What `pack` packed: uint8 ``[256, 256]``."""
    levels = np.frombuffer(zlib.decompress(packed), np.uint8)
    return (levels * np.uint8(_STEP)).reshape(SIDE, SIDE)


def gathered(packed: Iterable[bytes]) -> Masks:
    """Packed masks, in order."""
    parts = list(packed)
    starts = np.cumsum([0, *map(len, parts)], dtype=np.int64)
    return Masks(np.frombuffer(b"".join(parts), np.uint8), starts)
