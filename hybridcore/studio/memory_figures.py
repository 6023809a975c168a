"""Figures of what a memory did: which frames carried a label, and what another memory would say.

Pure functions to Plotly; x is seconds.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from hybridcore.figures import GREY, INK, PALETTE, every, lay_out
from hybridcore.layers.chain import runs
from hybridcore.why import Said

_ROW = 36  # px of a strip and of its title
_TITLE = 0.45  # of it
# Against, nothing, for: clear in the middle, so that it lies on a page of any colour.
_SIGNED = [[0, "rgba(0,114,178,1)"], [0.5, "rgba(127,127,127,0.08)"], [1, "rgba(213,94,0,1)"]]


def influence_strips(
    times: np.ndarray, contributions: Sequence[np.ndarray], titles: Sequence[str]
) -> go.Figure:
    """One row a network under its title: how much every frame at ``times [T]`` spoke for a label
    (orange) or against it (blue), float ``[T]`` each; every row by its own strongest frame."""
    shown = every(len(times)).step or 1
    figure = go.Figure()
    for k, (row, title) in enumerate(zip(contributions, titles, strict=True)):
        peaks = _strongest(row, shown)
        figure.add_heatmap(
            x=times[::shown], y0=k + (1 + _TITLE) / 2, dy=1 - _TITLE,
            z=peaks[None] / max(float(np.abs(peaks).max()), 1e-12),
            customdata=100 * peaks[None] / max(float(np.abs(row).sum()), 1e-12),
            zmin=-1, zmax=1, colorscale=_SIGNED, showscale=False,
            hovertemplate="%{x:.2f} s: %{customdata:.1f} %<extra></extra>")
        figure.add_annotation(
            xref="paper", x=0, y=k + _TITLE / 2, text=title, showarrow=False, xanchor="left",
            font={"size": 12, "color": INK})
    figure.update_yaxes(range=[len(titles), 0], visible=False)
    figure.update_xaxes(title="seconds", showgrid=False)
    return lay_out(figure, height=56 + _ROW * len(titles))


def changed_run(
    times: np.ndarray, before: np.ndarray, after: np.ndarray, label: int, labels: Sequence[str],
    said: Said, span: tuple[float, float],
) -> go.Figure:
    """What an LSTM said and what it says with its memory changed: a strip each, and the
    probability of a label.

    Args:
        times: ``[T]``, s.
        before, after: probabilities ``[T, C]`` of ``labels``.
        said: what is said of these.
        span: s, where the memory was changed.
    """
    figure = make_subplots(
        rows=2, cols=1, shared_xaxes=True, row_heights=[0.3, 0.7], vertical_spacing=0.04)
    step = float(np.median(np.diff(times))) if len(times) > 1 else 1 / 30
    edges = np.append(times, times[-1] + step)
    for title, p, opacity, colour in (
        ("changed", after, 1.0, "white"), ("as it was", before, 0.45, INK),
    ):
        stretches = [run for run in runs(said.of(p)) if run[2] >= 0]
        figure.add_bar(
            row=1, col=1, y=[title] * len(stretches), orientation="h",
            base=[edges[first] for first, _, _ in stretches],
            x=[edges[stop] - edges[first] for first, stop, _ in stretches],
            marker={"color": [said.colours[code] for *_, code in stretches], "line": {"width": 0},
                    "opacity": opacity},
            text=[said.names[code] for *_, code in stretches], textposition="inside",
            insidetextanchor="start", insidetextfont={"color": colour}, showlegend=False,
            hovertemplate="%{text}<extra>" + title + "</extra>")
    shown = every(len(times))
    for title, p, line in (
        ("as it was", before, {"color": GREY, "width": 1.5, "dash": "dot"}),
        ("changed", after, {"color": PALETTE[5], "width": 2.5}),
    ):
        figure.add_scatter(
            row=2, col=1, x=times[shown], y=p[shown, label], name=f"{labels[label]}, {title}",
            mode="lines", line=line)
    figure.add_vrect(x0=span[0], x1=max(span[1], span[0] + step), fillcolor=GREY, opacity=0.22,
                     line_width=0)
    figure.update_layout(barmode="overlay", bargap=0.15)
    figure.update_yaxes(showgrid=False, row=1)
    figure.update_yaxes(range=[0, 1.02], title="probability", row=2)
    figure.update_xaxes(title="seconds", row=2)
    return lay_out(figure, height=330, over_time=True)


def _strongest(values: np.ndarray, step: int) -> np.ndarray:
    """Of every ``step`` values ``[T]`` the one furthest from 0, so that no peak is lost."""
    padded = np.append(values, np.zeros(-len(values) % step, values.dtype)).reshape(-1, step)
    return np.asarray(padded[np.arange(len(padded)), np.abs(padded).argmax(1)])
