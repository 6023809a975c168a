"""A text that is equal for equal values: cache keys of what has no hash of its own."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np


def fingerprint(value: Any) -> str:
    """Hexadecimal SHA-256 of plain values, arrays, containers and dataclasses of them.

    An object with a method ``fingerprint`` is asked for its own.

    Raises:
        TypeError: a value of another type, which could change without being noticed.
    """
    digest = hashlib.sha256()
    _feed(digest, value)
    return digest.hexdigest()


def _feed(digest: hashlib._Hash, value: Any) -> None:
    digest.update(f"<{type(value).__name__}>".encode())
    if isinstance(value, np.ndarray):
        digest.update(f"{value.dtype.str}{value.shape}".encode())
        digest.update(np.ascontiguousarray(value).data)
    elif isinstance(value, Mapping):
        for key in sorted(value):
            _feed(digest, key)
            _feed(digest, value[key])
    elif isinstance(value, (list, tuple)):
        for part in value:
            _feed(digest, part)
    elif hasattr(value, "fingerprint"):
        digest.update(value.fingerprint().encode())
    elif is_dataclass(value):
        for part in fields(value):
            _feed(digest, getattr(value, part.name))
    elif value is None or isinstance(value, (str, int, float, bool, bytes, Path, np.generic)):
        digest.update(repr(value).encode())
    else:
        raise TypeError(f"a {type(value).__name__} has no fingerprint")
    digest.update(b"</>")
