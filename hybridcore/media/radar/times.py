"""When a field was measured, by the name of its file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

_PART = r"[-_.:hT ]?"
# 201008260000, 20190610-000000, 2_20180616_100000, 20180601T070000Z, 2024-05-01 14h30
_CALENDAR = re.compile(
    rf"(?<!\d)((?:19|20)\d\d){_PART}(\d\d){_PART}(\d\d){_PART}(\d\d){_PART}(\d\d)(?:{_PART}"
    r"(\d\d))?(?!\d)")
# AQC151351545: year, day of the year, hour, minute, as MeteoSwiss names products
_DAY_OF_YEAR = re.compile(r"(?<![A-Z])[A-Z]{3}(\d\d)(\d{3})(\d\d)(\d\d)(?!\d)")


def time_in(name: str) -> datetime | None:
    """The last time, UTC, in a file's name; None if there is none."""
    found = list(_times(name))
    return found[-1] if found else None


def _times(name: str) -> Iterator[datetime]:
    for year, day, hour, minute in _DAY_OF_YEAR.findall(name):
        if 1 <= int(day) <= 366 and int(hour) < 24 and int(minute) < 60:
            yield datetime(2000 + int(year), 1, 1, tzinfo=UTC) + timedelta(
                days=int(day) - 1, hours=int(hour), minutes=int(minute))
    for parts in _CALENDAR.findall(name):
        year, month, day, hour, minute, second = (int(part or 0) for part in parts)
        try:
            yield datetime(year, month, day, hour, minute, second, tzinfo=UTC)
        except ValueError:
            continue  # some other number


def natural_order(name: str) -> list[tuple[int, str]]:
    """A key that sorts frame-2 before frame-10."""
    return [(int(part), "") if part.isdigit() else (-1, part.lower())
            for part in re.split(r"(\d+)", name)]
