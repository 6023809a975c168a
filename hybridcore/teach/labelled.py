"""What a head says of a clip: labels over time, as stretches, files and a strip."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from hybridcore.figures import OTHER, PALETTE
from hybridcore.layers.chain import runs
from hybridcore.teach.marks import NONE, Mark, marks_at
from hybridcore.text import csv_text, json_text, percent, vtt_text
from hybridcore.view import Strip

_COLUMNS = ("start", "end", "label", "probability")


@dataclass(frozen=True)
class Stretch:
    """start, end: s. label: a name, or :data:`NONE`. probability: the mean of that label's; None
    where it is none, which is not told by a probability."""

    start: float
    end: float
    label: str
    probability: float | None


@dataclass(frozen=True, eq=False)
class Labelled:
    """title: of the head. names: C labels. times: float64 ``[n]``, s. duration: s. probabilities:
    float32 ``[n, C]``. codes: int ``[n]``, position in ``names``, or C for none of these."""

    title: str
    names: tuple[str, ...]
    times: np.ndarray
    duration: float
    probabilities: np.ndarray
    codes: np.ndarray

    @cached_property
    def stretches(self) -> tuple[Stretch, ...]:
        """Runs of one label, in order of time."""
        edges = np.append(self.times, max(self.duration, float(self.times[-1])))
        all_names = (*self.names, NONE)
        return tuple(
            Stretch(float(edges[first]), float(edges[stop]), all_names[code],
                    float(self.probabilities[first:stop, code].mean())
                    if code < len(self.names) else None)
            for first, stop, code in runs(self.codes))

    def strip(self, times: np.ndarray) -> Strip:
        """A row of the player whose frames appear at ``times [T]``, s."""
        at = np.clip(np.searchsorted(self.times, times + 1e-6, side="right") - 1, 0, None)
        certain = np.append(self.probabilities, np.ones((len(self.codes), 1)), 1)[
            np.arange(len(self.codes)), self.codes]  # one where it is none of these
        return Strip(self.title, self.codes[at], (*self.names, NONE), colours(self.names),
                     certain[at])

    def rows(self) -> list[dict[str, Any]]:
        """One a stretch."""
        return [{"start": round(s.start, 3), "end": round(s.end, 3), "label": s.label,
                 "probability": None if s.probability is None else round(s.probability, 4)}
                for s in self.stretches]

    def to_csv(self) -> str:
        """A line a stretch."""
        return csv_text(self.rows(), _COLUMNS)

    def to_vtt(self) -> str:
        """A cue a stretch that has a label."""
        return vtt_text((s.start, s.end, s.label) for s in self.stretches if s.label != NONE)

    def to_json(self) -> str:
        """Stretches, and the probabilities of every step."""
        return json_text({
            "head": self.title, "labels": list(self.names), "stretches": self.rows(),
            "times": [round(float(time), 4) for time in self.times],
            "probabilities": [[round(float(p), 4) for p in row] for row in self.probabilities]})

    def to_text(self) -> str:
        """A line a stretch below a header."""
        lines = [f"{'start':>8}  {'end':>8}  {'probability':>11}  label"]
        for s in self.stretches:
            sure = "" if s.probability is None else percent(s.probability)
            lines.append(f"{s.start:8.2f}  {s.end:8.2f}  {sure:>11}  {s.label}")
        return "\n".join(lines)


def marks_strip(marks: Sequence[Mark], times: np.ndarray, names: Sequence[str]) -> Strip:
    """What is marked, as a row of the player whose frames appear at ``times [T]``, s."""
    code = np.array([*(names.index(mark.label) for mark in marks), -1])
    return Strip("Your marks", code[marks_at(marks, times)], names, colours(names)[: len(names)])


def colours(names: Sequence[str]) -> list[str]:
    """One a label, and grey for none of these."""
    return [*(PALETTE[k % (len(PALETTE) - 1)] for k in range(len(names))), OTHER]
