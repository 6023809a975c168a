"""Results as files, so that what was computed once is there at once the next time.

One ``.npz`` without pickled objects holds a dataclass: its arrays, and as JSON everything else. It
is read back by the type hints of the dataclass, so a file can make nothing but what was asked for.
The name of a file says all that the result depends on (:func:`hybridcore.answers.key_of`).

``assets/results`` holds those of the samples, in half precision. Those of visitors' files are kept
for a day in a folder of this process, and are gone with it; an operator may name a folder that
outlives it in ``HYBRIDCORE_STORE``.
"""

from __future__ import annotations

import json
import logging
import os
import zipfile
import zlib
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, get_origin

import cattrs
import numpy as np

from hybridcore.cards import ASSETS
from hybridcore.media.files import whole_file
from hybridcore.media.private import private_folder, sweep

T = TypeVar("T")

SHIPPED = ASSETS / "results"
_LOG = logging.getLogger(__name__)
_RESULTS = f"*-{'[0-9a-f]' * 32}.npz"  # names by `key_of`: a named folder may hold other files
_TREE = "tree"  # the entry that holds everything but the arrays
_DAMAGED = (OSError, ValueError, KeyError, TypeError, EOFError, RecursionError, MemoryError,
            zipfile.BadZipFile, zlib.error, cattrs.BaseValidationError)


def save(value: Any, path: Path, *, half: bool = False) -> None:
    """Write a dataclass of arrays, plain values and dataclasses; the file appears when whole.

    Args:
        half: float32 arrays are written as float16, integers in the smallest type that holds them.
    """
    arrays: list[np.ndarray] = []

    def put(array: np.ndarray) -> dict[str, Any]:
        arrays.append(_smaller(array) if half else array)
        return {"array": len(arrays) - 1, "dtype": array.dtype.str}

    converter = cattrs.Converter()
    converter.register_unstructure_hook_func(_is_array, put)
    tree = json.dumps(converter.unstructure(value))
    with whole_file(path) as partial:
        with partial.open("wb") as file:
            np.savez_compressed(
                file, allow_pickle=False, **{_TREE: np.array(tree)},
                **{str(number): array for number, array in enumerate(arrays)})
        partial.chmod(0o644 if half else 0o600)


def load(path: Path, kind: type[T]) -> T:
    """Read back what :func:`save` wrote of a dataclass ``kind``, every array in its own type.

    Raises:
        OSError, ValueError, KeyError, zipfile.BadZipFile, cattrs.BaseValidationError: there is no
            such file, or it holds something else.
    """
    with np.load(path, allow_pickle=False) as file:
        tree = json.loads(str(file[_TREE]))

        def take(reference: dict[str, Any], _: object) -> np.ndarray:
            return file[str(reference["array"])].astype(reference["dtype"], copy=False)

        converter = cattrs.Converter()
        converter.register_structure_hook_func(_is_array, take)
        return converter.structure(tree, kind)


class Store:
    """Results by key: those that ship, and those that are kept in a folder.

    Args:
        max_bytes: of the folder; what was not used for longest goes first.
        max_seconds: how long an unused result is kept.
    """

    def __init__(
        self, folder: Path, *, max_bytes: int = 2 << 30, max_seconds: float = 24 * 3600,
    ) -> None:
        self.folder = folder
        self._max_bytes, self._max_seconds = max_bytes, max_seconds

    def find(self, key: str, kind: type[T]) -> T | None:
        """The result of that key, None if there is none (or none that can be read)."""
        for folder in (SHIPPED, self.folder):
            path = folder / f"{key}.npz"
            if not path.is_file():
                continue
            try:
                value = load(path, kind)
            except _DAMAGED:
                _LOG.warning("the stored result %s cannot be read", path.name, exc_info=True)
                continue
            if folder is self.folder:
                with suppress(OSError):  # swept away while it was read
                    os.utime(path)
            return value
        return None

    def holds(self, key: str) -> bool:
        """Whether there is a result of that key, unread."""
        return any((folder / f"{key}.npz").is_file() for folder in (SHIPPED, self.folder))

    def keep(self, key: str, value: Any) -> None:
        """Write a result; a disk that is full costs no more than the time it takes next time."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            save(value, self.folder / f"{key}.npz")
            sweep(self.folder, max_bytes=self._max_bytes, max_seconds=self._max_seconds,
                  pattern=_RESULTS)
        except OSError:
            _LOG.warning("the result %s was not kept", key, exc_info=True)


@cache
def store() -> Store:
    """The store that the whole process shares."""
    named = os.environ.get("HYBRIDCORE_STORE")
    return Store(Path(named) if named else private_folder())


def _is_array(kind: Any) -> bool:
    return kind is np.ndarray or get_origin(kind) is np.ndarray


def _smaller(array: np.ndarray) -> np.ndarray:
    if array.dtype == np.float32:
        return array.astype(np.float16)
    if array.dtype.kind in "iu" and array.size:
        low, high = int(array.min()), int(array.max())
        return array.astype(np.promote_types(np.min_scalar_type(low), np.min_scalar_type(high)))
    return array
