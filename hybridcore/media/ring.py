"""A ring of equal slots in memory that two processes share, for arrays."""

from __future__ import annotations

import math
import mmap
from contextlib import suppress
from typing import Any

import numpy as np


class Ring:
    """Shared memory for ``slots`` arrays, used in turn."""

    def __init__(self, descriptor: int, slots: int, slot_bytes: int) -> None:
        self._memory = mmap.mmap(descriptor, slots * slot_bytes)
        self._slot_bytes = slot_bytes
        self._next = 0
        self.slots = slots

    def put(self, array: np.ndarray) -> None:
        """Copy an array into the next slot."""
        self._view(array.shape, array.dtype)[...] = array

    def get(self, shape: tuple[int, ...], dtype: np.dtype[Any]) -> np.ndarray:
        """The array in the next slot: a view, good until the slot is used again."""
        return self._view(shape, dtype)

    def close(self) -> None:
        """Let the memory go; where somebody still holds a view, once that is gone."""
        with suppress(BufferError):
            self._memory.close()

    def _view(self, shape: tuple[int, ...], dtype: np.dtype[Any]) -> np.ndarray:
        count = math.prod(shape)
        if not 0 <= count * dtype.itemsize <= self._slot_bytes:
            raise ValueError(f"{shape} of {dtype} is more than {self._slot_bytes} bytes")
        start, self._next = self._next * self._slot_bytes, (self._next + 1) % self.slots
        return np.frombuffer(self._memory, dtype, count, start).reshape(shape)
