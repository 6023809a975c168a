"""The arrays of one run, joined as they come, chunk after chunk."""

from __future__ import annotations

import numpy as np
from torch import Tensor


class Rows:
    """Arrays by name that grow by their first axis.

    They are copied into a few arrays that double when full: thousands of small ones that outlive
    their chunk would lie scattered between its large buffers and keep their memory from being used
    again.
    """

    def __init__(self) -> None:
        self._rows: dict[str, np.ndarray] = {}
        self._count: dict[str, int] = {}

    def add(self, **arrays: Tensor | np.ndarray) -> None:
        """Append rows; tensors become float32 arrays."""
        for name, array in arrays.items():
            if isinstance(array, Tensor):
                array = array.float().cpu().numpy()
            at = self._count.get(name, 0)
            end = at + len(array)
            rows = self._rows.get(name)
            if rows is None or end > len(rows):
                grown = np.empty((max(2 * end, 1024), *array.shape[1:]), array.dtype)
                if rows is not None:
                    grown[:at] = rows[:at]
                rows = self._rows[name] = grown
            rows[at:end] = array
            self._count[name] = end

    def so_far(self, name: str) -> np.ndarray:
        """All rows of ``name`` until now: a view, whose rows stay as they are."""
        return self._rows[name][: self._count[name]]

    def join(self, name: str) -> np.ndarray:
        """All rows of ``name``, which is then forgotten."""
        return self._rows.pop(name)[: self._count[name]].copy()
