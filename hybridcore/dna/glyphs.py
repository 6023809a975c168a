"""Letters as outlines, so that a logo can stretch them.

A logo draws a base as high as what it tells (Schneider & Stephens 1990); a font cannot be stretched
in a figure, an outline can.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import plotly.graph_objects as go

from hybridcore.dna.letters import BASES
from hybridcore.figures import PALETTE

# A green, C blue, G ochre, T red, as most browsers of genomes draw them.
BASE_COLOURS = (PALETTE[2], PALETTE[0], PALETTE[1], PALETTE[5])
_WIDTH = 0.92  # of the space of a letter
_STROKE = 0.2


@cache
def outline(base: str) -> np.ndarray:
    """The outline of a base as one closed line, float ``[k, 2]`` within 0..1."""
    points = np.array({"A": _a, "C": _c, "G": _g, "T": _t}[base](), float)
    scaled: np.ndarray = (points - points.min(0)) / np.ptp(points, axis=0)
    return scaled


def add_logo(
    figure: go.Figure, heights: np.ndarray, x: np.ndarray, *, row: int, hover: list[str] | None =
    None
) -> None:
    """Draw stacked letters into a row of a figure.

    Args:
        heights: ``[n, 4]``; above the line the smallest lie lowest, negative ones hang below it.
        x: ``[n]``, middles of the letters.
        hover: what is said of each of the n places.
    """
    for base, colour in zip(BASES, BASE_COLOURS, strict=True):
        lines = _lines(heights, x, BASES.index(base))
        figure.add_scatter(
            x=lines[:, 0], y=lines[:, 1], row=row, col=1, mode="lines", fill="toself",
            fillcolor=colour, line={"width": 0, "color": colour}, hoverinfo="skip",
            showlegend=False)
    if hover is not None:
        figure.add_scatter(
            x=x, y=np.maximum(heights, 0).sum(1) / 2, row=row, col=1, mode="markers",
            marker={"opacity": 0, "size": 10}, text=hover, showlegend=False,
            hovertemplate="%{text}<extra></extra>")


def _lines(heights: np.ndarray, x: np.ndarray, base: int) -> np.ndarray:
    """The outlines of one base in every place, with a gap after each, ``[k, 2]``."""
    parts = [np.full((1, 2), np.nan)]
    for place, own in zip(x, heights, strict=True):
        height = own[base]
        if abs(height) < 1e-6:
            continue
        lower = (np.sign(own) == np.sign(height)) & (np.abs(own) < abs(height))
        lower[:base] |= own[:base] == height  # of equals, the first base is the lower one
        below = own[lower].sum()
        glyph = outline(BASES[base])
        parts.append(np.stack([place + (glyph[:, 0] - 0.5) * _WIDTH,
                               below + glyph[:, 1] * height], 1))
        parts.append(np.full((1, 2), np.nan))
    return np.concatenate(parts)


def _a() -> list[tuple[float, float]]:
    outer = [(0.0, 0.0), (0.4, 1.0), (0.6, 1.0), (1.0, 0.0), (0.78, 0.0), (0.7, 0.22)]
    hole = [(0.64, 0.38), (0.5, 0.8), (0.36, 0.38), (0.64, 0.38)]
    return [*outer, *hole, (0.7, 0.22), (0.3, 0.22), (0.22, 0.0), (0.0, 0.0)]


def _c(start: float = 0.75, end: float = 5.53) -> list[tuple[float, float]]:
    angles = np.linspace(start, end, 24)
    outer = [(0.5 + 0.5 * np.cos(a), 0.5 + 0.5 * np.sin(a)) for a in angles]
    inner = [(0.5 + (0.5 - _STROKE) * np.cos(a), 0.5 + (0.5 - _STROKE * 0.8) * np.sin(a))
             for a in angles[::-1]]
    return [*outer, *inner, outer[0]]


def _g() -> list[tuple[float, float]]:
    bow = _c(0.75, 5.6)
    bar = [(1.0, 0.16), (1.0, 0.5), (0.55, 0.5), (0.55, 0.34), (0.8, 0.34), (0.8, 0.22)]
    return [*bow[:24], *bar, *bow[24:]]


def _t() -> list[tuple[float, float]]:
    return [(0.0, 1.0), (1.0, 1.0), (1.0, 0.84), (0.6, 0.84), (0.6, 0.0), (0.4, 0.0), (0.4, 0.84),
            (0.0, 0.84), (0.0, 1.0)]
