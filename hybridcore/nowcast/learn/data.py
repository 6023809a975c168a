"""The events: which are learned from, which choose, and which judge, one of them kept to the end.

``python -m hybridcore.nowcast.learn.data --data FOLDER --cache CACHE``

``FOLDER``: pySTEPS/pysteps-data. An event is in one split only, and no country of the judging
events but Switzerland and Australia is learned from; those two are, of other events. Of composites
of continents, parts of 320 px where it rains are taken. All starts go to ``CACHE``
(:mod:`~hybridcore.nowcast.learn.samples`).
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from hybridcore.media.radar import RadarSequence
from hybridcore.media.radar.field import Field
from hybridcore.media.radar.files import fields_in
from hybridcore.media.radar.working import PIXEL, WET, working
from hybridcore.nowcast.learn.samples import SHORTEST, save, starts_of
from hybridcore.nowcast.moving import LEADS, PAST
from hybridcore.training.options import script_parser
from hybridcore.training.run import log_to

_PART = 320  # px, of a composite
_PART_WET, _PART_KNOWN = 0.03, 0.4  # shares of a part
_LEAST_AHEAD = 30.0  # minutes after a start that is learned from

logger = logging.getLogger("hybridcore.training")


@dataclass(frozen=True)
class Event:
    """files: a pattern below the folder of the data. every: of the files in order of time, one is
    taken. rows, columns: of a composite, the shares of the map between which parts lie."""

    name: str
    split: str
    files: str
    every: int = 1
    rows: tuple[float, float] = (0, 1)
    columns: tuple[float, float] = (0, 1)
    composite: bool = False


EVENTS = (
    Event("Netherlands 2010", "learn", "radar/KNMI/2010/08/*.h5"),
    Event("Switzerland 2015", "learn", "radar/mch/20150515/*.gif"),
    Event("Switzerland 2016", "learn", "radar/mch/20160711/*.gif"),
    Event("Brisbane 2020", "learn", "radar/bom/prcp-c10/66/2020/10/31/*.nc"),
    Event("United States 2019, west", "learn", "mrms/2019/06/10/*.grib2", every=5,
          columns=(0, 0.5), composite=True),
    # South of 57 degrees north: neither Finland nor the Baltic.
    Event("Europe 2018, south", "learn", "radar/OPERA/20180824/*.hdf", rows=(0.43, 1),
          composite=True),
    # The column's maximum of reflectivity: more than falls, but the only winter there is.
    Event("Europe 2024, south", "learn", "radar/OPERA/20241126/CIRRUS/*.hdf", rows=(0.43, 1),
          composite=True),
    Event("Belgium 2021", "choose", "radar/rmi/radqpe/20210704/*.hdf"),
    Event("United States 2019, east", "choose", "mrms/2019/06/10/*.grib2", every=5,
          columns=(0.5, 1), composite=True),
    Event("Finland 2016", "judge", "radar/fmi/pgm/20160928/*.pgm.gz"),
    Event("Finland 2017", "judge", "radar/fmi/pgm/20170509/*.pgm.gz"),
    Event("Switzerland 2017", "judge", "radar/mch/20170131/*.gif"),
    Event("Melbourne 2018", "judge", "radar/bom/prcp-cscn/2/2018/06/16/*.nc"),
    # Judges too, once: nobody looked at it before the networks were done.
    Event("Europe 2018, north", "fresh", "radar/OPERA/20180824/*.hdf", rows=(0, 0.43),
          composite=True),
)


def sequences(event: Event, data: Path) -> Iterator[tuple[str, np.ndarray, np.ndarray, float]]:
    """Names, rates in mm/h ``[T, H, W]``, minutes ``[T]`` and km of a pixel: of an event as a
    person's files are read; of a composite, of its parts."""
    if event.composite:
        yield from _parts(event, data)
        return
    sequence = RadarSequence.open((data / event.files).parent)
    yield event.name, sequence.rates, sequence.minutes, sequence.pixel_km or PIXEL / 1000


def _parts(event: Event, data: Path) -> Iterator[tuple[str, np.ndarray, np.ndarray, float]]:
    fields = fields_of(event, data)
    whole = working(fields[0].grid)
    windows = _windows(event, whole(fields[len(fields) // 2]))
    made: list[list[np.ndarray]] = [[] for _ in windows]
    for field in fields:
        rates = whole(field)
        for kept, window in zip(made, windows, strict=True):
            kept.append(rates[window].copy())
    times = [field.time for field in fields if field.time is not None]
    minutes = np.array([(time - times[0]).total_seconds() / 60 for time in times])
    for kept, (rows, columns) in zip(made, windows, strict=True):
        name = f"{event.name} {rows.start}-{columns.start}"
        yield name, np.stack(kept), minutes, (whole.pixel or PIXEL) / 1000


def fields_of(event: Event, data: Path) -> list[Field]:
    """The fields of an event in order of time."""
    paths = sorted(data.glob(event.files))[:: event.every]
    if not paths:
        raise FileNotFoundError(f"there is nothing at {data / event.files}")
    fields = [field for path in paths for field in fields_in(path.read_bytes())[:1]]
    return sorted(fields, key=lambda field: str(field.time))


def _windows(event: Event, rates: np.ndarray) -> list[tuple[slice, slice]]:
    """Rows and columns of the parts of a composite in which it rains."""
    (first, last), (left, right) = (
        [round(share * side) for share in shares]
        for shares, side in zip((event.rows, event.columns), rates.shape, strict=True))
    found = []
    for y in range(first, last - _PART // 2, _PART):
        for x in range(left, right - _PART // 2, _PART):
            window = slice(y, min(y + _PART, last)), slice(x, min(x + _PART, right))
            known = rates[window][np.isfinite(rates[window])]
            if (known.size >= _PART_KNOWN * rates[window].size
                    and (known >= WET).mean() >= _PART_WET):
                found.append(window)
    return found


def main() -> None:
    parser = script_parser(__doc__, data="folder of pysteps-data", cache="folder of the starts")
    parser.add_argument("--events", nargs="+", choices=[event.name for event in EVENTS],
                        default=[event.name for event in EVENTS])
    args = parser.parse_args()
    log_to(args.cache / "data.log")
    for event in EVENTS:
        if event.name not in args.events:
            continue
        # Whoever is asked knows half an hour and hears of a whole one, but where there is no more.
        short = event.split == "learn" or event.composite
        known, ahead = (SHORTEST, _LEAST_AHEAD) if short else (-float(PAST[0]), float(LEADS[-1]))
        for name, rates, minutes, pixel in sequences(event, args.data):
            starts = starts_of(name, rates, minutes, pixel_km=pixel, known=known, ahead=ahead)
            if starts is not None:
                save(starts, args.cache / event.split / name)
                logger.info("%s, %s: %d starts of %d fields, %d x %d px of %.2f km", event.split,
                            name, len(starts.minute), len(rates), *rates.shape[:0:-1], pixel)


if __name__ == "__main__":
    main()
