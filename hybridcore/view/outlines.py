"""Skeletons and other figures of points and lines over the picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from hybridcore.packing import smallest
from hybridcore.view.shared import check_codes, check_colours, check_length


@dataclass(frozen=True, eq=False)
class Outlines:
    """N figures of P points each, such as skeletons or polygons.

    Attributes:
        name: how the viewer finds it in the list of overlays.
        points: float32 [T, N, P, 2], x and y as shares of the picture's sides, (0, 0) at the top
            left; NaN where a point is missing. A line is drawn where both its ends are there.
        edges: positions of two points each, joined by a line; a polygon joins the last to the
            first.
        names: one a figure, for the legend.
        colours: one CSS hex colour a figure.
        dots: whether the points are drawn, too.
        line: width of the lines, CSS px.
        codes: int [T, N], position in `labels` of what stands beside the name over each figure; -1:
            the name alone. None: nothing is written over figures.
        labels: those texts.
    """

    name: str
    points: np.ndarray
    edges: Sequence[tuple[int, int]]
    names: Sequence[str]
    colours: Sequence[str]
    dots: bool = True
    line: float = 3.0
    codes: np.ndarray | None = None
    labels: Sequence[str] = ()

    def __post_init__(self) -> None:
        if self.points.ndim != 4 or self.points.shape[3] != 2 or self.points.dtype != np.float32:
            raise ValueError(f"overlay {self.name!r}: points must be float32 [T, N, P, 2]")
        _, figures, points, _ = self.points.shape
        if len(self.names) != figures:
            raise ValueError(f"overlay {self.name!r}: one name a figure is needed")
        check_colours(self.name, self.colours, figures, "figure")
        if any(len(edge) != 2 or not all(0 <= end < points for end in edge)
               for edge in self.edges):
            raise ValueError(f"overlay {self.name!r}: an edge joins two of {points} points")
        if self.codes is not None:
            check_codes(self.name, self.codes, self.labels)
            if self.codes.shape != self.points.shape[:2]:
                raise ValueError(f"overlay {self.name!r}: codes must be [T, N]")

    def check(self, count: int) -> None:
        """Raise ValueError unless there are points of ``count`` frames."""
        check_length(self.name, len(self.points), count)

    def tree(self) -> dict[str, Any]:
        """Everything for `packing.pack`."""
        return {"name": self.name, "kind": "outlines", "points": self.points,
                "edges": [list(edge) for edge in self.edges], "names": list(self.names),
                "colours": list(self.colours), "dots": self.dots, "line": self.line,
                "labels": list(self.labels),
                "codes": None if self.codes is None else smallest(self.codes)}
