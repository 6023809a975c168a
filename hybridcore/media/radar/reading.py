"""A file, a zip or a folder of radar fields, as a reading for the process of the decoders."""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hybridcore.errors import MediaError
from hybridcore.media.archive import Bounds, Reader, open_archive
from hybridcore.media.files import shown
from hybridcore.media.formats import endings
from hybridcore.media.picture_file import DAMAGED
from hybridcore.media.radar.field import Field, Grid, Quantity
from hybridcore.media.radar.files import MAX_FILE_BYTES, fields_in
from hybridcore.media.radar.runs import latest_run
from hybridcore.media.radar.times import natural_order, time_in
from hybridcore.media.radar.units import NOTE as REFLECTIVITY_NOTE
from hybridcore.media.radar.working import Working, working

MAX_FIELDS = 144  # that are worked with: the latest
_BOUNDS = Bounds(files=3000, file_bytes=MAX_FILE_BYTES, total_bytes=4_000_000_000)
_PREFERRED: tuple[Quantity, ...] = ("rain rate", "accumulation", "reflectivity")

Item = tuple[Any, NDArray[Any]] | None


@dataclass(frozen=True)
class _Seen:
    """A field that was found: where, and what it says of itself. Its values are read later."""

    file: int
    at: int
    time: datetime | None
    source: str
    quantity: Quantity
    grid: Grid
    note: str

    @property
    def product(self) -> tuple[object, ...]:
        """What fields of one sequence have in common."""
        bounds = self.grid.bounds and tuple(round(edge, -1) for edge in self.grid.bounds)
        return self.source, self.quantity, self.grid.shape, self.grid.projection, bounds


def radar(path: str) -> Generator[Item, None, None]:
    """First what the sequence is, as the note, without an array; then its fields on the working
    grid, float32 ``[rows, columns]``, and last sentences on what was found while reading.

    Raises:
        MediaError: there is no sequence of radar fields in it.
    """
    files = _files(Path(path))
    seen: list[_Seen] = []
    wrong: list[MediaError] = []
    for k, (name, read) in enumerate(files):
        yield None
        try:
            seen += _look(k, name, read)
        except MediaError as error:
            wrong.append(error if len(files) == 1 else MediaError(f"{shown(name)}: {error}"))
    if not seen:
        raise wrong[0]
    notes = [f"{len(wrong)} of {len(files)} files are left out: {wrong[0]}"] if wrong else []
    chosen, notes_of_choice = _one_product(seen)
    times, said = latest_run([one.time for one in chosen], MAX_FIELDS)
    run = [chosen[at] for at in times.places]
    notes += [*notes_of_choice, *said]
    if run[0].quantity == "reflectivity":
        notes.append(REFLECTIVITY_NOTE)
    notes += dict.fromkeys(one.note for one in run if one.note)

    opened = _Opened(files)
    shape = whole = working(run[0].grid)
    for one in reversed(run):  # the last field that can be read says where the rain is
        try:
            shape = shape.around_rain(opened.field(one))
            break
        except (MediaError, *DAMAGED):
            yield None
    if whole.is_large:
        notes.append(_cut_note(run[0].grid, shape))
    yield {
        "source": run[0].source, "projection": run[0].grid.projection, "bounds": shape.bounds,
        "pixel_km": None if shape.pixel is None else round(shape.pixel / 1000, 4),
        "start": None if run[0].time is None else run[0].time.isoformat(), "step": times.step,
        "notes": notes,
    }, np.empty(0, np.float32)
    damaged: list[str] = []
    for one in run:
        try:
            yield None, shape(opened.field(one))
        except (MediaError, *DAMAGED) as error:
            damaged.append(str(error) if isinstance(error, MediaError) else "")
            yield None, np.full(shape.size, np.nan, np.float32)
    if len(damaged) == len(run):
        raise MediaError(damaged[0] or "The radar file is damaged; copy or download it again.")
    yield ([f"{len(damaged)} of {len(run)} fields are damaged and stand as no data."]
           if damaged else []), np.empty(0, np.float32)


class _Opened:
    """The fields of the file that was asked for last."""

    def __init__(self, files: list[tuple[str, Reader]]) -> None:
        self._files = files
        self._last: tuple[int, list[Field]] = (-1, [])

    def field(self, one: _Seen) -> Field:
        """A field again, with what reads its values."""
        if self._last[0] != one.file:
            _, read = self._files[one.file]
            self._last = (-1, [])  # freed before the next one is there
            self._last = (one.file, fields_in(read()))
        return self._last[1][one.at]


def _files(path: Path) -> list[tuple[str, Reader]]:
    """Name and content of each file, in the order of their names."""
    if path.is_dir() or (path.is_file() and zipfile.is_zipfile(path)):
        able = set(endings("radar")) - {"zip"}
        archive = open_archive(path, able, _BOUNDS)
        if not archive.files:
            if archive.refused:
                raise MediaError(f"{archive.refused[0][0]} is left out: {archive.refused[0][1]}.")
            raise MediaError(f"{shown(path.name)} holds no radar files; put HDF5, netCDF, GRIB2 or "
                             "grey pictures in it.")
        return sorted(archive.files.items(), key=lambda file: natural_order(file[0]))
    if not path.is_file():
        raise MediaError(f"There is no file {shown(path.name)}; check the path or choose it again.")
    if path.stat().st_size > MAX_FILE_BYTES:
        raise MediaError(f"The file is {path.stat().st_size / 1e6:.0f} MB and the limit is "
                         f"{MAX_FILE_BYTES / 1e6:.0f} MB; choose fewer fields.")
    return [(path.name, _reader(path))]


def _reader(path: Path) -> Callable[[], bytes]:
    def read() -> bytes:
        try:
            return path.read_bytes()
        except OSError as error:
            raise MediaError("The file cannot be read any more; choose it again.") from error

    return read


def _look(file: int, name: str, read: Reader) -> Iterator[_Seen]:
    found = fields_in(read())
    for at, field in enumerate(found):
        time = field.time
        if time is None and len(found) == 1:
            time = time_in(PurePosixPath(name).name)
        yield _Seen(file, at, time, field.source, field.quantity, field.grid, field.note)


def _one_product(seen: list[_Seen]) -> tuple[list[_Seen], list[str]]:
    """The fields of the product that there are most of, on one grid; and what is left out."""
    counts = Counter(one.product for one in seen)
    best = max(counts, key=lambda product: (
        counts[product], -_PREFERRED.index(product[1])))
    chosen = [one for one in seen if one.product == best]
    notes = []
    first = chosen[0]
    other_grids = sum(one.source == first.source and one.quantity == first.quantity
                      for one in seen if one.product != best)
    others = len(seen) - len(chosen) - other_grids
    if other_grids:
        rows, columns = first.grid.shape
        notes.append(f"The grid changes: the {len(chosen)} fields of {columns} x {rows} pixels are "
                     f"used, and {other_grids} of another grid are left out.")
    if others:
        notes.append(f"{others} fields of another product are left out; {first.source}, "
                     f"{first.quantity}, is used.")
    return chosen, notes


def _cut_note(grid: Grid, used: Working) -> str:
    (x0, y0, x1, y1), (left, low, right, high) = (
        [edge / 1000 for edge in place] for place in (grid.bounds or (), used.bounds or ()))
    return (f"The map is {x1 - x0:,.0f} x {y1 - y0:,.0f} km; the {right - left:,.0f} x "
            f"{high - low:,.0f} km with most rain in the last field are used. For another part, "
            "cut it out before.")
