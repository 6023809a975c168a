"""Results as text: CSV and JSON files, and numbers as a person reads them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hybridcore.progress import Progress
    from hybridcore.system import Answer


def csv_text(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> str:
    """A header of ``columns`` and a line for each of ``rows``, whose keys these are."""
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def vtt_text(cues: Iterable[tuple[float, float, str]]) -> str:
    """A WebVTT file of cues: start and end, s, and a line of text."""
    return "\n".join(["WEBVTT\n", *(
        f"{_stamp(start)} --> {_stamp(end)}\n{escape(text, quote=False)}\n"
        for start, end, text in cues)])


def _stamp(seconds: float) -> str:
    """``hh:mm:ss.mmm``."""
    minutes, milliseconds = divmod(round(seconds * 1000), 60_000)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{milliseconds / 1000:06.3f}"


def json_text(value: Any) -> str:
    """Plain values, lists and dicts, a line for each."""
    return json.dumps(value, indent=1) + "\n"


def write_csv(answer: Answer[Any, Any], path: Path, progress: Progress | None = None) -> None:
    """An export: the rows that ``to_table`` of a result gives, below its ``columns``."""
    path.write_text(csv_text(answer.result.to_table(), answer.result.columns), encoding="utf-8")


def write_json(answer: Answer[Any, Any], path: Path, progress: Progress | None = None) -> None:
    """An export: what ``to_json`` of a result gives, and ``notes`` if there are any."""
    path.write_text(json_text(with_notes(answer.result.to_json(), answer)), encoding="utf-8")


def with_notes(content: dict[str, Any], answer: Answer[Any, Any]) -> dict[str, Any]:
    """``content`` with what a person should know of the answer, if there is anything."""
    return {**content, "notes": list(answer.notes)} if answer.notes else content


def clock_text(seconds: float) -> str:
    """A time in a clip, to the tenth: ``1:05.2``."""
    tenths = round(seconds * 10)
    return f"{tenths // 600}:{tenths % 600 / 10:04.1f}"


def percent(share: float) -> str:
    """A share in 0..1 as it is written everywhere: ``58.0 %``."""
    return quantity(100 * share, "%")


def quantity(value: float, unit: str = "") -> str:
    """A number with its unit: one decimal of percent and points, otherwise four digits."""
    if unit in ("%", "points"):
        text = f"{value:.1f}"
    else:
        text = f"{value:,}" if isinstance(value, int) else f"{value:.4g}"
    return f"{text} {unit}".rstrip()


def spread(interval: Sequence[float] | None, unit: str = "") -> str:
    """An interval as it stands behind its value: ``57.0 to 58.9``; empty without one."""
    if interval is None:
        return ""
    low, high = (quantity(bound, unit).removesuffix(unit).rstrip() for bound in interval)
    return f"{low} to {high}"


def enumerated(names: Sequence[str]) -> str:
    """At least one name, as a sentence lists them: ``A``, ``A and B``, ``A, B and C``."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def listed(words: str) -> tuple[str, ...]:
    """The words of a long list, written without quotation marks."""
    return tuple(words.split())
