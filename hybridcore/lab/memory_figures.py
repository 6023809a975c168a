"""What memories hold, as Plotly figures. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from hybridcore.figures import GREY, INK, PALETTE, lay_out
from hybridcore.lab.counters import Counted
from hybridcore.lab.future import TITLES, Heard
from hybridcore.lab.recall import SIDE, Recall

_STAGES = 6  # states of a recall that are drawn
_HEIGHT = 430  # px of what is alone on its page
# White is nothing and the colour of letters is all, on the light page and on the dark one.
_CELLS = [[0, "rgba(127,127,127,0.12)"], [1, INK]]
_SIGNED = [[0, "rgba(0,114,178,1)"], [0.5, "rgba(127,127,127,0.08)"], [1, "rgba(213,94,0,1)"]]
COLOURS = {"forwards": PALETTE[0], "backwards": PALETTE[5], "both": PALETTE[2]}


def recall(found: Recall, at: int) -> go.Figure:
    """The first state, whose cells can be clicked; some of the states on the way to rest; and the
    energy after every unit that changed. at: a unit that is pointed out on the way."""
    last = len(found.states) - 1
    stages = sorted({round(place) for place in np.linspace(0, last, _STAGES)} | {at})
    columns = len(stages)
    figure = make_subplots(
        rows=2, cols=columns + 3, row_heights=[0.42, 0.58], horizontal_spacing=0.015,
        vertical_spacing=0.13,
        specs=[[{"rowspan": 2, "colspan": 3}, None, None, *[{}] * columns],
               [None, None, None, {"colspan": columns}, *[None] * (columns - 1)]],
        subplot_titles=["click a cell to turn it", *(
            f"<b>{stage}</b>" if stage == at else str(stage) for stage in stages), "energy"])
    _cells(figure, found.states[0], 1)
    rows, across = np.divmod(np.arange(SIDE**2), SIDE)
    figure.add_scatter(  # heat maps do not answer clicks, markers do
        x=across, y=rows, mode="markers", marker={"size": 30, "symbol": "square", "opacity": 0},
        customdata=np.arange(SIDE**2)[:, None], hoverinfo="none", showlegend=False, row=1, col=1)
    for place, stage in enumerate(stages):
        _cells(figure, found.states[stage], 4 + place)
    figure.add_scatter(
        x=np.arange(last + 1), y=found.energies, mode="lines+markers", showlegend=False,
        line={"color": PALETTE[0], "width": 2}, marker={"size": 5},
        hovertemplate="%{y:.2f}", row=2, col=4)
    figure.add_scatter(
        x=[at], y=[found.energies[at]], mode="markers", showlegend=False, hoverinfo="skip",
        marker={"color": PALETTE[5], "size": 12}, row=2, col=4)
    figure.update_xaxes(title="units that changed", row=2, col=4)
    figure.update_layout(dragmode=False, clickmode="event+select")
    figure.update_annotations(font={"size": 12, "color": INK})
    return lay_out(figure, height=_HEIGHT).update_layout(margin={"t": 30})


def _cells(figure: go.Figure, state: np.ndarray, column: int) -> None:
    figure.add_heatmap(
        z=state.reshape(SIDE, SIDE), zmin=-1, zmax=1, showscale=False, xgap=1, ygap=1,
        colorscale=_CELLS, hoverinfo="skip", row=1, col=column)
    axis = figure.data[-1].xaxis or "x"
    figure.update_yaxes(autorange="reversed", visible=False, scaleanchor=axis, row=1, col=column)
    figure.update_xaxes(visible=False, constrain="domain", row=1, col=column)


def counted(found: Counted, unit: int, names: Sequence[str]) -> go.Figure:
    """How many are open, the cell state of one unit, and that of all as a map; red crosses are
    wrong answers. names: of the answers."""
    places = np.arange(len(found.text))
    order = np.argsort(-np.abs(found.goes_with))
    figure = make_subplots(rows=2, cols=1, shared_xaxes=True, row_heights=[0.45, 0.55],
                           vertical_spacing=0.06, specs=[[{"secondary_y": True}], [{}]])
    figure.add_scatter(x=places, y=found.depth, name="open", mode="lines", row=1, col=1,
                       line={"color": GREY, "width": 6, "shape": "hv"}, opacity=0.5)
    figure.add_scatter(
        x=places, y=found.trace.c[:, unit], name=f"cell state of unit {unit}", mode="lines+markers",
        line={"color": PALETTE[0], "width": 2}, row=1, col=1, secondary_y=True)
    wrong = np.flatnonzero(found.said != found.answers)
    if len(wrong):
        figure.add_scatter(
            x=wrong, y=found.depth[wrong], mode="markers", name="wrong answer", row=1, col=1,
            marker={"color": PALETTE[5], "symbol": "x", "size": 11},
            text=[f"says {names[found.said[k]]}, is {names[found.answers[k]]}" for k in wrong],
            hovertemplate="%{text}<extra></extra>")
    most = float(np.abs(found.trace.c).max()) or 1.0
    figure.add_heatmap(
        x=places, y=[f"unit {k}" for k in order], z=found.trace.c[:, order].T, zmin=-most,
        zmax=most, colorscale=_SIGNED, showscale=False, row=2, col=1,
        hovertemplate="%{y}: %{z:.2f}<extra></extra>")
    figure.update_yaxes(autorange="reversed", row=2)
    figure.update_yaxes(title="open", rangemode="tozero", row=1, secondary_y=False)
    figure.update_yaxes(title="cell state", showgrid=False, row=1, secondary_y=True)
    figure.update_xaxes(showticklabels=False, row=1)
    figure.update_xaxes(tickvals=places, ticktext=list(found.text), tickangle=0, row=2)
    return lay_out(figure, height=_HEIGHT, over_time=True)


def heard(found: Heard) -> go.Figure:
    """A sine with noise and without, and what each network says of it."""
    figure = go.Figure()
    times = np.arange(len(found.clean))
    figure.add_scatter(x=times, y=found.noisy, name="with noise", mode="markers",
                       marker={"color": GREY, "size": 5})
    figure.add_scatter(x=times, y=found.clean, name="without", mode="lines",
                       line={"color": GREY, "width": 7}, opacity=0.35)
    for key, said in found.said.items():
        figure.add_scatter(x=times, y=said, name=TITLES[key], mode="lines",
                           line={"color": COLOURS[key], "width": 2})
    figure.update_xaxes(title="step")
    return lay_out(figure, height=270, over_time=True)


def error_steps(errors: Mapping[str, np.ndarray]) -> go.Figure:
    """The mean squared error of each network at every step."""
    figure = go.Figure()
    for key, values in errors.items():
        figure.add_scatter(x=np.arange(len(values)), y=values, name=TITLES[key], mode="lines",
                           line={"color": COLOURS[key], "width": 2}, hovertemplate="%{y:.4f}")
    figure.update_yaxes(type="log", title="squared error", exponentformat="power", dtick="D2")
    figure.update_xaxes(title="step")
    return lay_out(figure.update_layout(showlegend=False), height=210, over_time=True)


def film(rows: Mapping[str, np.ndarray], first: int, frame: int) -> go.Figure:
    """Films ``[T, h, w]`` in 0..1 by their titles, one below the other, from frame ``first`` on;
    ``frame`` is pointed out."""
    count = len(next(iter(rows.values())))
    figure = make_subplots(rows=len(rows), cols=count, horizontal_spacing=0.004,
                           vertical_spacing=0.02, column_titles=[
                               f"<b>{at}</b>" if at == frame else str(at)
                               for at in range(first, first + count)])
    for row, (title, frames) in enumerate(rows.items(), 1):
        for column, picture in enumerate(frames, 1):
            _picture(figure, picture, row, column, _CELLS, 0.0, 1.0)
        figure.update_yaxes(title={"text": title, "font": {"size": 11, "color": INK}}, row=row,
                            col=1)
    figure.update_annotations(font={"size": 12, "color": INK})
    return lay_out(figure, height=24 + 74 * len(rows)).update_layout(margin={"t": 22})


def maps(pictures: np.ndarray, *, height: int) -> go.Figure:
    """Maps ``[C, h, w]`` side by side, blue below zero and orange above it."""
    figure = make_subplots(rows=1, cols=len(pictures), horizontal_spacing=0.008)
    most = float(np.abs(pictures).max()) or 1.0
    for column, picture in enumerate(pictures, 1):
        _picture(figure, picture, 1, column, _SIGNED, -most, most)
    return lay_out(figure, height=height)


def vector(values: np.ndarray) -> go.Figure:
    """A state ``[H]`` as one row of cells, which have no place in the picture."""
    figure = go.Figure(go.Heatmap(z=values[None], zmin=-1, zmax=1, colorscale=_SIGNED, xgap=1,
                                  showscale=False,
                                  hovertemplate="unit %{x}: %{z:.2f}<extra></extra>"))
    figure.update_yaxes(visible=False)
    figure.update_xaxes(visible=False)
    return lay_out(figure, height=56)


def _picture(
    figure: go.Figure, picture: np.ndarray, row: int, column: int, scale: list[list[object]],
    low: float, high: float,
) -> None:
    figure.add_heatmap(z=picture, zmin=low, zmax=high, colorscale=scale, showscale=False,
                       hovertemplate="%{z:.2f}<extra></extra>", row=row, col=column)
    axis = figure.data[-1].xaxis or "x"
    figure.update_yaxes(autorange="reversed", showticklabels=False, ticks="", showgrid=False,
                        scaleanchor=axis, constrain="domain", row=row, col=column)
    figure.update_xaxes(visible=False, constrain="domain", row=row, col=column)
