"""Cards beside the picture: bars, lines of text and films that follow every frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from hybridcore.packing import smallest
from hybridcore.view.shared import check_codes, check_colours, check_length
from hybridcore.view.sprites import Film


@dataclass(frozen=True, eq=False)
class Series:
    """The k strongest labels of every frame, as bars.

    Attributes:
        name: which model or signal.
        labels: names.
        index: int [T, k], position in `labels`, strongest first; -1 leaves a row empty.
        value: float [T, k], from 0 to the panel's `maximum`.
        hollow: draw outlines only (the baseline beside the model).
        colours: one CSS hex colour a label; None: the theme's primary colour.
        pick: whether the viewer may choose one of the labels (`sentence_picture`); those in
            parentheses cannot be chosen.
    """

    name: str
    labels: Sequence[str]
    index: np.ndarray
    value: np.ndarray
    hollow: bool = False
    colours: Sequence[str] | None = None
    pick: bool = False

    def __post_init__(self) -> None:
        if self.index.ndim != 2 or self.index.shape != self.value.shape:
            raise ValueError(f"series {self.name!r}: index and value must both be [T, k]")
        check_codes(self.name, self.index, self.labels)
        if self.colours is not None:
            check_colours(self.name, self.colours, len(self.labels), "label")

    def check(self, count: int) -> None:
        """Raise ValueError unless there are bars of ``count`` frames."""
        check_length(self.name, len(self.index), count)

    def tree(self) -> dict[str, Any]:
        """Everything for `packing.pack`."""
        return {
            "name": self.name,
            "labels": list(self.labels),
            "colours": None if self.colours is None else list(self.colours),
            "hollow": self.hollow,
            "pick": self.pick,
            "index": smallest(self.index),
            "value": self.value.astype(np.float32),
        }


@dataclass(frozen=True, eq=False)
class Line:
    """One line of text that follows the video, such as the group a scene belongs to.

    Attributes:
        name: what the line says.
        labels: its texts.
        codes: int [T], position in `labels`; -1 leaves the line empty.
    """

    name: str
    labels: Sequence[str]
    codes: np.ndarray

    def __post_init__(self) -> None:
        check_codes(self.name, self.codes, self.labels)

    def check(self, count: int) -> None:
        """Raise ValueError unless there are texts of ``count`` frames."""
        check_length(self.name, len(self.codes), count)

    def tree(self) -> dict[str, Any]:
        """Everything for `packing.pack`."""
        return {"name": self.name, "labels": list(self.labels), "codes": smallest(self.codes)}


@dataclass(frozen=True, eq=False)
class Panel:
    """A card beside the video that says what this frame holds.

    Attributes:
        title: its heading.
        series: groups of bars, drawn one below the other.
        lines: lines of text above the bars.
        maximum: the value of a full bar.
        percent: write values as percent of 1; otherwise with two decimals.
        films: pictures above the lines.
    """

    title: str
    series: Sequence[Series] = ()
    lines: Sequence[Line] = ()
    maximum: float = 1.0
    percent: bool = True
    films: Sequence[Film] = ()

    def check(self, count: int) -> None:
        """Raise ValueError unless every part fits ``count`` frames."""
        parts: list[Series | Line | Film] = [*self.series, *self.lines, *self.films]
        for part in parts:
            part.check(count)

    def tree(self) -> dict[str, Any]:
        """Everything for `packing.pack`."""
        return {
            "title": self.title,
            "maximum": self.maximum,
            "percent": self.percent,
            "films": [film.tree() for film in self.films],
            "series": [series.tree() for series in self.series],
            "lines": [line.tree() for line in self.lines],
        }
