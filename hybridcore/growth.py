"""What has changed from one tree of arrays to the next, so that a browser gets only what is new.

The trees are those of :mod:`hybridcore.packing`, and so is a change, which is one of

    {"append": array}            rows that follow those of an array
    {"change": {place: change}}  of some entries of a dict or list, which may be new
    {"whole": node}              anything else

or None, where nothing has changed.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def difference(before: Any, after: Any) -> dict[str, Any] | None:
    """The change that makes ``after`` of ``before``.

    An array that occurs more than once stays one array, which :func:`packing.pack` packs once.
    """
    added: dict[tuple[int, int], np.ndarray] = {}  # by identity of the longer, length of the other

    def compare(old: Any, new: Any) -> dict[str, Any] | None:
        if isinstance(old, np.ndarray) and isinstance(new, np.ndarray):
            count = len(old)
            if not _continues(old, new):
                return {"whole": new}
            if len(new) == count:
                return None
            return {"append": added.setdefault((id(new), count), new[count:])}
        if isinstance(old, dict) and isinstance(new, dict) and old.keys() == new.keys():
            return entries({name: (old[name], new[name]) for name in new})
        if isinstance(old, list) and isinstance(new, list) and len(old) <= len(new):
            change = entries({str(k): pair for k, pair in enumerate(zip(old, new, strict=False))})
            more = {str(k): {"whole": new[k]} for k in range(len(old), len(new))}
            return {"change": {**(change or {"change": {}})["change"], **more}} if more else change
        return None if type(old) is type(new) and _same(old, new) else {"whole": new}

    def entries(pairs: dict[str, tuple[Any, Any]]) -> dict[str, Any] | None:
        changes = {name: compare(old, new) for name, (old, new) in pairs.items()}
        changes = {name: change for name, change in changes.items() if change is not None}
        return {"change": changes} if changes else None

    return compare(before, after)


def _continues(old: np.ndarray, new: np.ndarray) -> bool:
    """Whether an array begins with all rows of another."""
    return (
        old.ndim == new.ndim > 0 and old.dtype == new.dtype and old.shape[1:] == new.shape[1:]
        and len(old) <= len(new)
        and np.array_equal(old, new[: len(old)], equal_nan=old.dtype.kind == "f")
    )


def _same(old: Any, new: Any) -> bool:
    """Whether two nodes that are no arrays, or hold different ones, are equal."""
    return not isinstance(old, (np.ndarray, dict, list)) and bool(old == new)
