"""What HDF5 files hold, by names, within the file alone."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias

import h5py
import numpy as np

from hybridcore.errors import MediaError
from hybridcore.media.radar.field import Grid

Group: TypeAlias = h5py.Group


@contextmanager
def opened(content: bytes) -> Iterator[h5py.File]:
    """The file whose bytes these are."""
    with h5py.File(io.BytesIO(content), "r") as file:
        yield file


def group(parent: Group, path: str) -> Group | None:
    """A group below another one; None if there is none. Links to other files are not followed."""
    found = _member(parent, path)
    return found if isinstance(found, h5py.Group) else None


def dataset(parent: Group, path: str) -> h5py.Dataset | None:
    """A data set below a group, whose values lie in the file itself."""
    found = _member(parent, path)
    if not isinstance(found, h5py.Dataset) or found.is_virtual or found.external:
        return None
    return found


def numbered(parent: Group, name: str) -> list[Group]:
    """The groups ``name1``, ``name2``, ... in their order."""
    found: list[Group] = []
    while (one := group(parent, f"{name}{len(found) + 1}")) is not None:
        found.append(one)
    return found


def attribute(parent: Any, name: str) -> Any:
    """An attribute, as a text or a number; None if there is none."""
    if parent is None or name not in parent.attrs:
        return None
    value = parent.attrs[name]
    if isinstance(value, h5py.Empty):
        return None
    if isinstance(value, np.ndarray):
        if value.size == 0:
            return None
        value = value.flat[0]
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace").strip("\0 ")
    return value.item() if isinstance(value, np.generic) else value


def text(parent: Any, name: str) -> str:
    """An attribute as a text, "" if there is none."""
    value = attribute(parent, name)
    return "" if value is None else str(value)


def number(parent: Any, name: str, default: float | None = None) -> float:
    """An attribute as a number.

    Raises:
        MediaError: there is none, and no ``default``.
    """
    value = attribute(parent, name)
    try:
        return float(value)
    except (TypeError, ValueError):
        if default is not None:
            return default
    raise MediaError(f"The radar file does not say its {name}; it is damaged or of another kind.")


def shape(values: h5py.Dataset) -> tuple[int, int]:
    """Rows and columns of a field.

    Raises:
        MediaError: it is no plane of numbers, or too large.
    """
    if len(values.shape) < 2 or values.dtype.kind not in "iuf":
        raise MediaError("The radar file holds no map of numbers; choose a composite of rain.")
    rows, columns = int(values.shape[-2]), int(values.shape[-1])
    return Grid((rows, columns)).shape


def _member(parent: Group, path: str) -> Any:
    here: Any = parent
    for name in path.split("/"):
        if not isinstance(here, h5py.Group) or not isinstance(
                here.get(name, getlink=True), h5py.HardLink):
            return None
        here = here[name]
    return here
