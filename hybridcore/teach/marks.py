"""Stretches of a clip with a name that a person gave: in memory, as CSV and as WebVTT."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import unescape
from itertools import pairwise

import numpy as np

from hybridcore.errors import TextError
from hybridcore.text import clock_text, csv_text, vtt_text

NONE = "none of these"  # what a head says where it is not sure
LONGEST_NAME = 40  # letters
MOST_NAMES = 12
MOST_MARKS = 2000
_COLUMNS = ("start", "end", "label")
_CUE = re.compile(r"\s*(\S+)\s+-->\s+(\S+)")
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, order=True)
class Mark:
    """start, end: s, from the start on and before the end. label: its name.

    Raises:
        TextError: the end is not after the start, or the name cannot be used.
    """

    start: float
    end: float
    label: str

    def __post_init__(self) -> None:
        if not (np.isfinite(self.start) and np.isfinite(self.end) and 0 <= self.start < self.end):
            raise TextError(
                f"A stretch must end after it begins, but this one goes from "
                f"{self.start:g} to {self.end:g} s.")
        check_name(self.label)

    @property
    def seconds(self) -> float:
        """How long it is."""
        return self.end - self.start


def check_name(name: str) -> None:
    """Raise unless a name can be used.

    Raises:
        TextError: it is empty, too long, holds signs that cannot be seen, or means something else.
    """
    if not name or name != name.strip() or not name.isprintable():
        raise TextError("A label needs a name of letters that can be seen.")
    if len(name) > LONGEST_NAME:
        raise TextError(f"A label may have {LONGEST_NAME} letters; “{name[:20]}…” has {len(name)}.")
    if name == NONE:
        raise TextError(f"“{NONE}” is said where no label fits; give this one another name.")


def names_of(marks: Iterable[Mark]) -> tuple[str, ...]:
    """The labels, each once, in order of the alphabet.

    Raises:
        TextError: there are more than :data:`MOST_NAMES`.
    """
    names = tuple(sorted({mark.label for mark in marks}))
    if len(names) > MOST_NAMES:
        raise TextError(f"There are {len(names)} labels; a head learns up to {MOST_NAMES}.")
    return names


def in_order(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """The marks by time, none over another.

    Raises:
        TextError: two of them overlap, or there are more than :data:`MOST_MARKS`.
    """
    ordered = tuple(sorted(marks))
    if len(ordered) > MOST_MARKS:
        raise TextError(f"There are {len(ordered)} stretches; {MOST_MARKS} are the most.")
    for one, other in pairwise(ordered):
        if other.start < one.end - 1e-3:
            raise TextError(
                f"“{one.label}” ({clock_text(one.start)} to {clock_text(one.end)}) and "
                f"“{other.label}” ({clock_text(other.start)} to {clock_text(other.end)}) overlap; "
                "each moment can have one label.")
    return ordered


def marks_at(marks: Sequence[Mark], times: np.ndarray) -> np.ndarray:
    """Position of the mark that each of ``times [n]`` (s) lies in, int ``[n]``; -1: in none."""
    at = np.full(len(times), -1)
    for k, mark in enumerate(marks):
        at[(times >= mark.start - 1e-6) & (times < mark.end - 1e-6)] = k
    return at


def to_csv(marks: Iterable[Mark]) -> str:
    """A line a mark under ``start,end,label``; seconds."""
    rows = [{"start": round(m.start, 3), "end": round(m.end, 3), "label": m.label} for m in marks]
    return csv_text(rows, _COLUMNS)


def to_vtt(marks: Iterable[Mark]) -> str:
    """A cue a mark."""
    return vtt_text((mark.start, mark.end, mark.label) for mark in marks)


def read_marks(content: bytes, name: str) -> tuple[Mark, ...]:
    """The marks of a CSV or WebVTT file, in order.

    CSV: columns start, end, label below a header that names them (others are ignored), separated by
    commas, semicolons or tabs; times in seconds or as m:ss. What a head wrote can be read, too: its
    stretches of :data:`NONE` are left out. ``name``: of the file, for messages.

    Raises:
        TextError: it is neither, or a line cannot be used; the sentence names it.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TextError(f"{name} is no text; save it as UTF-8.") from error
    lines = text.splitlines()
    rows = _cues(lines) if text.startswith("WEBVTT") else _table(lines, name)
    marks = []
    for number, start, end, label in rows:
        if label.strip() == NONE:
            continue
        try:
            marks.append(Mark(_seconds(start), _seconds(end), label.strip()))
        except (TextError, ValueError) as error:
            raise TextError(f"{name}, line {number}: {error}") from error
    if not marks:
        raise TextError(f"{name} holds no stretches.")
    return in_order(marks)


def _table(lines: list[str], name: str) -> Iterable[tuple[int, str, str, str]]:
    """Line number, start, end and label of every row."""
    head = lines[0] if lines else ""
    separator = max(",;\t", key=head.count)
    rows = csv.DictReader(lines, delimiter=separator)
    names = {(field or "").strip().lower(): field for field in rows.fieldnames or ()}
    if missing := [column for column in _COLUMNS if column not in names]:
        raise TextError(
            f"{name} has no column {' and no column '.join(missing)}; its first line must name "
            "start, end and label.")
    try:
        for row in rows:
            start, end, label = (row[names[column]] or "" for column in _COLUMNS)
            yield rows.line_num, start, end, label
    except csv.Error as error:
        raise TextError(f"{name}, line {rows.line_num}: {error}.") from error


def _cues(lines: list[str]) -> Iterable[tuple[int, str, str, str]]:
    """Line number, start, end and first line of text of every cue."""
    for number, line in enumerate(lines):
        if match := _CUE.match(line):
            text = lines[number + 1] if number + 1 < len(lines) else ""
            yield number + 1, match[1], match[2], unescape(_TAG.sub("", text))


def _seconds(text: str) -> float:
    """Of ``12.5``, ``0:12.5`` or ``00:00:12.500``.

    Raises:
        TextError: it is no time.
    """
    try:
        total = 0.0
        for part in text.strip().split(":"):
            total = total * 60 + float(part.replace(",", "."))
    except ValueError as error:
        raise TextError(f"“{text.strip()[:20]}” is no time; write seconds or m:ss.") from error
    return total
