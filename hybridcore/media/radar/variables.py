"""What a netCDF file holds, of either kind: variables with attributes on named dimensions."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import h5py
from scipy.io import netcdf_file

from hybridcore.errors import MediaError
from hybridcore.media.radar.hdf5 import dataset, opened


@dataclass(frozen=True, eq=False)
class Variable:
    """values: with a shape and a dtype; an index reads them. dimensions: a name for each of them,
    "" where it has none."""

    values: Any
    dimensions: tuple[str, ...]
    attrs: Mapping[str, Any]

    @property
    def shape(self) -> tuple[int, ...]:
        """The lengths of the dimensions."""
        return tuple(self.values.shape)


@dataclass(frozen=True, eq=False)
class Variables:
    """The variables of a file by their names, and the attributes of the file itself."""

    attrs: Mapping[str, Any]
    named: Mapping[str, Variable]

    def get(self, name: str) -> Variable | None:
        """A variable; None if there is none."""
        return self.named.get(name)


@contextmanager
def netcdf4(content: bytes) -> Iterator[Variables]:
    """Those of netCDF-4, which is HDF5; values are read from it while it is open."""
    with opened(content) as file:
        named = {}
        for name in file:
            values = dataset(file, name)
            if values is not None:
                named[name] = Variable(values, _dimensions(name, values), values.attrs)
        yield Variables(file.attrs, named)


def classic(content: bytes) -> Variables:
    """Those of the classic format (CDF-1) and of that with offsets of 64 bits (CDF-2); all values
    are in memory."""
    with _Once(content) as stream:
        file = netcdf_file(stream, mmap=False)
        return Variables(vars(file), {
            name: Variable(variable.data, tuple(variable.dimensions), vars(variable))
            for name, variable in file.variables.items()})


def _dimensions(name: str, values: h5py.Dataset) -> tuple[str, ...]:
    if values.is_scale and len(values.shape) == 1:
        return (name,)
    return tuple(scales[0].name.rpartition("/")[2] if len(scales) else ""
                 for scales in values.dims)


class _Once(io.BytesIO):
    """Bytes of which every one is read once at most, as in a sound file; so variables that lie over
    each other do not fill the memory."""

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self._left = len(content)

    def read(self, size: int | None = -1, /) -> bytes:
        found = super().read(size)
        self._left -= len(found)
        if self._left < 0:
            raise MediaError("The radar file says that its variables lie over each other; it is "
                             "damaged.")
        return found
