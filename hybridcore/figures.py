"""Figures that several systems draw: attention over pictures, an LSTM from inside, data flow.

Pure functions to Plotly. Where x runs over time or words, a page may let it follow its player.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from hybridcore.layers.dot_product import DotProduct
from hybridcore.layers.flow import Step
from hybridcore.layers.recurrent import LSTMTrace

# After Okabe & Ito, distinct for colour-blind people too. The same on the light and the dark page,
# in strips and in films, so all are of a lightness that stands out from both (contrast.py).
PALETTE = ("#0072B2", "#BF8300", "#009E73", "#CC79A7", "#3A96D0", "#D55E00", "#A855C7", "#7F7F7F")
GREY = PALETTE[7]  # lines that say where or how much: cuts, thresholds
OTHER = "#8F8F8F"  # what has no colour of its own
INK = "#000037"  # Streamlit puts the text colour of the page in its place
GATE_NAMES = {
    "i": "input gate i", "f": "forget gate f", "o": "output gate o",
    "g": "candidate g", "c": "cell state c", "h": "hidden state h",
}
MAX_POINTS = 1200  # columns of a figure over time; a screen does not resolve more
_GAP = 4  # pixels between pictures of a strip
_LEGIBLE = 100  # cells of a grid that have space for their numbers
_PAGE = 1150  # pixels that a strip has on a wide page


def lay_out(figure: go.Figure, *, height: int, over_time: bool = False) -> go.Figure:
    """Height in pixels, narrow margins, the legend above; ``over_time``: hover reads off an x."""
    for update in (figure.update_xaxes, figure.update_yaxes):  # by themselves they are too faint
        update(tickfont={"color": INK}, title={"font": {"color": INK}})
    return figure.update_layout(
        height=height, margin={"l": 8, "r": 8, "t": 8, "b": 8},
        legend={"orientation": "h", "yanchor": "bottom", "y": 1.0, "x": 0},
        hovermode="x" if over_time else "closest",
    )


def seconds_axis(figure: go.Figure, duration: float, *, row: int | None = None) -> go.Figure:
    """x runs over a clip of ``duration`` s; ``row``: on the axes of this row alone."""
    return figure.update_xaxes(title="seconds", range=[0, max(duration, 1e-3)], row=row)


def attention_bytes(maps: np.ndarray) -> np.ndarray:
    """Attention ``[T, h, w]`` -> uint8, each map stretched so that its highest cell is 255."""
    highest = maps.max((1, 2), keepdims=True)
    lowest = maps.min((1, 2), keepdims=True)
    return ((maps - lowest) / np.maximum(highest - lowest, 1e-8) * 255).astype(np.uint8)


def heat_overlay(picture: np.ndarray, weights: np.ndarray, strength: float = 0.55) -> np.ndarray:
    """``picture`` uint8 ``[h, w, 3]`` under its attention map ``[gh, gw]``, as a heat map."""
    height, width = picture.shape[:2]
    heat = cv2.resize(weights.astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
    heat = np.clip(heat / max(float(heat.max()), 1e-8), 0, 1)
    colours = cv2.applyColorMap((heat * 255).astype(np.uint8), cv2.COLORMAP_INFERNO)[..., ::-1]
    alpha = (strength * heat)[..., None]
    return (picture * (1 - alpha) + colours * alpha).astype(np.uint8)


def attention_strip(
    pictures: Sequence[np.ndarray], maps: np.ndarray, captions: Sequence[str],
    *, a_row: int = 10, lines: int = 1,
) -> go.Figure:
    """Pictures, each under its attention map and over its caption of at most ``lines`` lines.

    ``pictures``: n of uint8 ``[h, w, 3]``, alike in size; ``maps [n, gh, gw]``; captions may hold
    ``<br>``.
    """
    height, width = pictures[0].shape[:2]
    columns = min(a_row, len(pictures))
    rows = -(-len(pictures) // columns)
    scale = min(1.0, _PAGE / (columns * (width + _GAP)))  # of the sheet on the page
    below = round((6 + 16 * lines) / scale)  # under a picture, for its caption
    shape = (rows * (height + below), columns * (width + _GAP) - _GAP)
    sheet = np.zeros((*shape, 4), np.uint8)  # clear, so that it lies on a page of any colour
    figure = go.Figure()
    for k, (picture, weights, caption) in enumerate(zip(pictures, maps, captions, strict=True)):
        y, x = k // columns * (height + below), k % columns * (width + _GAP)
        sheet[y : y + height, x : x + width, :3] = heat_overlay(picture, weights)
        sheet[y : y + height, x : x + width, 3] = 255
        figure.add_annotation(
            x=x + width / 2, y=y + height + 2, yanchor="top", showarrow=False, text=caption,
            font={"size": 12 if lines == 1 else 11},
        )
    figure.add_trace(go.Image(z=sheet, colormodel="rgba", hoverinfo="skip"))
    figure.update_xaxes(visible=False, range=[0, shape[1]])
    figure.update_yaxes(visible=False, range=[shape[0], 0], scaleanchor="x")
    return lay_out(figure, height=16 + round(shape[0] * scale))


def every(length: int) -> slice:
    """Thins what has ``length`` columns to at most :data:`MAX_POINTS`."""
    return slice(None, None, max(1, -(-length // MAX_POINTS)))


def unit_lines(trace: LSTMTrace, x: np.ndarray | Sequence[str], unit: int) -> go.Figure:
    """Gates and states of one unit over ``x [T]`` (numbers, or words): gates above, states below.
    """
    figure = make_subplots(rows=2, cols=1, shared_xaxes=True, vertical_spacing=0.08)
    places, ticks, thin = _along(x)
    for k, name in enumerate(GATE_NAMES):
        figure.add_scatter(
            row=1 if k < 3 else 2, col=1, x=places,
            y=getattr(trace, name)[thin, unit], name=f"{name}_t",
            mode="lines" if isinstance(x, np.ndarray) else "lines+markers",
            line={"color": PALETTE[k], "width": 2},
        )
    figure.update_yaxes(title="gates", range=[0, 1.02], row=1)
    figure.update_yaxes(title="states", row=2)
    figure.update_xaxes(**ticks, row=2)
    return lay_out(figure, height=360, over_time=True)


def _along(x: np.ndarray | Sequence[str]) -> tuple[np.ndarray, dict[str, Any], slice]:
    """Places on the x axis, how it is labelled, and which of ``x`` they are; words may repeat, so
    they are labels of their positions."""
    if isinstance(x, np.ndarray):
        thin = every(len(x))
        return x[thin], {"title": "seconds"}, thin
    places = np.arange(len(x))
    return places, {"tickvals": places, "ticktext": list(x), "tickangle": -35}, slice(None)


def data_flow(steps: Sequence[Step]) -> go.Figure:
    """Boxes from left to right, each a name and the shape of what leaves it; blue ones hold weights
    that this project trained."""
    figure = go.Figure()
    for k, step in enumerate(steps):
        figure.add_shape(
            type="rect", x0=k, x1=k + 0.82, y0=0, y1=1, layer="below",
            line={"color": PALETTE[0] if step.trained else GREY, "width": 1.5},
            fillcolor="rgba(0,114,178,0.10)" if step.trained else "rgba(128,128,128,0.10)",
        )
        sides = [f"{side:,}" for side in step.shape]
        lines = [", ".join(sides[at : at + 2]) for at in range(0, len(sides), 2)]
        shape = f"[{',<br>'.join(lines)}]" if sides else "one number"
        figure.add_annotation(x=k + 0.41, y=0.76, text=f"<b>{step.name}</b>", showarrow=False)
        figure.add_annotation(
            x=k + 0.41, y=0.34, text=f"{step.symbol}<br>{shape}" if step.symbol else shape,
            showarrow=False, font={"size": 11})
        if k:
            figure.add_annotation(
                x=k, y=0.5, ax=k - 0.18, ay=0.5, xref="x", yref="y", axref="x", ayref="y",
                showarrow=True, arrowhead=2, arrowwidth=1.5, arrowcolor=GREY, text="",
            )
    figure.update_xaxes(visible=False, range=[-0.05, max(len(steps), 1) - 0.1])
    figure.update_yaxes(visible=False, range=[-0.05, 1.05])
    return lay_out(figure, height=130)


def dot_product(product: DotProduct) -> go.Figure:
    """Picture under its map, the map and the feature cell by cell, and what each cell adds."""
    grids = (*zip(product.names, (product.weights, product.values), strict=True),
             ("what each cell adds", product.terms))
    figure = make_subplots(rows=1, cols=4, horizontal_spacing=0.03, subplot_titles=[
        "picture under the map", *(name for name, _ in grids)])
    figure.add_image(z=heat_overlay(product.picture, product.weights), row=1, col=1,
                     hoverinfo="skip")
    for column, (name, grid) in enumerate(grids, 2):
        most = float(np.abs(grid).max()) or 1.0
        figure.add_heatmap(
            z=grid, row=1, col=column, colorscale="RdBu_r", zmin=-most, zmax=most,
            showscale=False, textfont={"size": 10},
            texttemplate="%{z:.2f}" if grid.size <= _LEGIBLE else None,
            hovertemplate=f"row %{{y}}, column %{{x}}: %{{z:.4f}}<extra>{name}</extra>")
    figure.update_xaxes(visible=False, constrain="domain")
    figure.update_yaxes(visible=False, autorange="reversed")
    figure = lay_out(figure, height=300)
    return figure.update_layout(margin={"t": 28})
