"""A sequence of radar fields as an input of a system."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from math import ceil
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from hybridcore.errors import MediaError
from hybridcore.media.decoder import read
from hybridcore.media.files import file_digest
from hybridcore.media.limits import DEFAULT_LIMITS, Limits
from hybridcore.media.radar.film import FIELDS_A_SECOND, enlargement, write_map
from hybridcore.media.radar.working import MAX_SIDE, WET
from hybridcore.progress import Progress

AHEAD = 60.0  # min after the last field that the film goes on for
_AHEAD_ITEMS = 4
_DRY = np.array([236, 238, 240], np.float32)  # of the small picture, and where it rains most
_WETTEST, _MOST = np.array([8, 48, 107], np.float32), 30.0
_NO_DATA = np.array([200, 203, 207], np.float32)
_WIDE = 400.0  # km: beyond that the lines of the map lie 100 km apart, else 50


@dataclass(frozen=True, eq=False)
class RadarSequence:
    """Rain rates over time on one grid. Made by `RadarSequence.open`.

    path, name: of the file, zip or folder. rates: float32 ``[T, H, W]``, mm/h, NaN where there is
    no data, row 0 in the north. minutes: float64 ``[T]`` since the first field, evenly spaced.
    start: UTC of the first field; None where the file says no times. step: min between fields.
    pixel_km: side of a pixel; None where it is not known. source: the format, such as
    ``"KNMI HDF5"``. projection: as a PROJ string, "" where it is not known. bounds: x0, y0, x1, y1
    of the outer edges, metres of the projection; None where they are not known. notes: what a
    person should know of it, a sentence each.
    """

    path: Path
    name: str
    rates: NDArray[np.float32]
    minutes: NDArray[np.float64]
    start: datetime | None
    step: float
    pixel_km: float | None
    source: str
    projection: str
    bounds: tuple[float, float, float, float] | None
    notes: tuple[str, ...]
    known_digest: str | None = None

    @classmethod
    def open(
        cls, path: str | Path, *, name: str | None = None, digest: str | None = None,
        limits: Limits = DEFAULT_LIMITS,
    ) -> RadarSequence:
        """Read a file of several fields, a zip or a folder, in a process of the decoders.

        Of a large map, the part with most rain is read (`hybridcore.media.radar.working`).

        name: what a person called it; None takes its name on the disk.
        digest: hexadecimal SHA-256 of the content, if it is known already.

        Raises:
            MediaError: it holds no radar, one field only, no data, or is damaged.
        """
        path = Path(path)
        name, path = name or path.name, path.resolve()
        fields: list[NDArray[np.float32]] = []
        header: dict[str, Any] = {}
        notes: list[str] = []
        with closing(read("radar", {"path": path}, limits, item_bytes=4 * MAX_SIDE**2,
                          depth=_AHEAD_ITEMS)) as items:
            for note, array in items:
                if not header:
                    header = note
                elif array.ndim == 2:
                    fields.append(array.copy())
                else:
                    notes = note
        rates = np.stack(fields)
        notes = [*header["notes"], *notes, *_notes(rates)]
        start = header["start"] and datetime.fromisoformat(header["start"])
        return cls(
            path, name, rates, np.arange(len(rates), dtype=np.float64) * header["step"], start,
            float(header["step"]), header["pixel_km"], header["source"], header["projection"],
            header["bounds"] and tuple(header["bounds"]), tuple(notes), digest)

    @cached_property
    def digest(self) -> str:
        """Hexadecimal SHA-256 of the content; of a folder, of the names and contents in it."""
        if self.known_digest is not None:
            return self.known_digest
        if self.path.is_file():
            return file_digest(self.path)
        whole = hashlib.sha256()
        for file in sorted(self.path.rglob("*")):
            if file.is_file():
                whole.update(f"{file.relative_to(self.path)}\0{file_digest(file)}\n".encode())
        return whole.hexdigest()

    @property
    def frames(self) -> int:
        """Pictures of the film: one a field, and one a step of the hour ahead."""
        return len(self.rates) + ceil(AHEAD / self.step - 1e-6)

    @property
    def duration(self) -> float:
        """s of the film, `FIELDS_A_SECOND` fields a second with the hour ahead."""
        return self.frames / FIELDS_A_SECOND

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the film, px: pixels of the map are enlarged by a whole number."""
        height, width = self.rates.shape[1:]
        factor = enlargement(height, width)
        return width * factor, height * factor

    @property
    def lines_km(self) -> float | None:
        """How far the lines of the map lie apart; None where the scale is not known."""
        if self.pixel_km is None:
            return None
        return 100.0 if max(self.rates.shape[1:]) * self.pixel_km > _WIDE else 50.0

    def film_times(self, count: int) -> NDArray[np.float64]:
        """When the first ``count`` pictures of the film come, s ``[count]``."""
        return np.arange(count) / FIELDS_A_SECOND

    def clock(self, minute: float) -> str:
        """So many minutes after the first field: ``"14:35 UTC"``, or ``"+25 min"`` where the file
        says no times."""
        if self.start is None:
            return f"{minute:+.0f} min"
        return f"{self.start + timedelta(minutes=minute):%H:%M} UTC"

    def browser_copy(self, folder: Path, progress: Progress | None = None) -> Path:
        """A film of the map without rain, which whoever plays it draws on top; H.264 MP4."""
        return write_map(self, folder, progress)

    def thumbnail(self, side: int) -> NDArray[np.uint8]:
        """The field with most rain, in shades of blue."""
        field = self.rates[int(np.nansum(self.rates, (1, 2)).argmax())]
        shade = np.log1p(np.clip(field, 0, _MOST) / WET) / np.log1p(_MOST / WET)
        colours = np.where(np.isnan(field)[..., None], _NO_DATA,
                           _DRY + np.nan_to_num(shade)[..., None] * (_WETTEST - _DRY))
        scale = side / max(field.shape)
        size = tuple(max(1, round(length * scale)) for length in field.shape[::-1])
        return cv2.resize(colours.astype(np.uint8), size, interpolation=(
            cv2.INTER_AREA if scale < 1 else cv2.INTER_NEAREST))


def _notes(rates: NDArray[np.float32]) -> Iterator[str]:
    """What the fields themselves tell."""
    known = np.isfinite(rates)
    if not known.any():
        raise MediaError("The radar fields hold no data anywhere; choose another time or product.")
    empty = int((~known.any((1, 2))).sum())
    if empty:
        yield f"{empty} of {len(rates)} fields hold no data at all."
    if not (rates[known] >= WET).any():
        yield f"It is dry: no field has {WET} mm/h of rain anywhere, so there is nothing to follow."
