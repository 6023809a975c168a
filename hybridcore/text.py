"""Results as text: CSV and JSON files, and numbers as a person reads them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
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


def json_text(value: Any) -> str:
    """Plain values, lists and dicts, a line for each."""
    return json.dumps(value, indent=1) + "\n"


def write_csv(answer: Answer[Any, Any], path: Path, progress: Progress | None = None) -> None:
    """An export: the rows that ``to_table`` of a result gives, below its ``columns``."""
    path.write_text(csv_text(answer.result.to_table(), answer.result.columns), encoding="utf-8")


def write_json(answer: Answer[Any, Any], path: Path, progress: Progress | None = None) -> None:
    """An export: what ``to_json`` of a result gives."""
    path.write_text(json_text(answer.result.to_json()), encoding="utf-8")


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
