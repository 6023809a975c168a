"""Figures of the nowcasting room. Pure functions to Plotly; maps have north at the top."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import cv2
import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from hybridcore.figures import GREY, INK, PALETTE, lay_out
from hybridcore.nowcast.bins import EDGES
from hybridcore.nowcast.colours import colour_scale, rain_codes, signed_codes
from hybridcore.nowcast.place import Place
from hybridcore.nowcast.result import FORECAST, OBSERVED, NowcastResult
from hybridcore.nowcast.view import WALL
from hybridcore.view import Ramp

METHODS = {"corrector": PALETTE[5], "single": PALETTE[3], "plain": PALETTE[1],
           "lagrangian": PALETTE[2], "persistence": GREY}
_MOST = 160  # px a side of a map in a figure
_PHONE, _TITLE, _HIGHEST = 340, 30, 280  # px: of a phone's width; of a title; of a map there
_ARROWS = 10  # along the longer side of the map
_FAN = "rgba(213,94,0,0.22)"
_LAND = "rgba(127,127,127,0.10)"  # behind a map, where it is dry
_SIGNED = [[0, "rgba(0,114,178,1)"], [0.5, "rgba(127,127,127,0.08)"], [1, "rgba(213,94,0,1)"]]
_GATE = [[0, "rgba(127,127,127,0.08)"], [1, INK]]


def point(result: NowcastResult, film: np.ndarray) -> go.Figure:
    """The rain at the place: observed up to now, then the forecast with its spread, and what fell
    later where that is known. film: s, when every frame of the player begins, ``[F]``."""
    middle = film + (film[1] - film[0]) / 2  # a point stands in the middle of its frame
    now, ahead = result.now, slice(result.now + 1, None)
    low, median, high = result.spread.T
    said = [result.label(frame) for frame in range(len(film))]
    figure = go.Figure()
    if result.has_chances:
        figure.add_scatter(x=middle[ahead], y=high[ahead], mode="lines", line={"width": 0},
                           showlegend=False, hoverinfo="skip")
        figure.add_scatter(x=middle[ahead], y=low[ahead], mode="lines", line={"width": 0},
                           fill="tonexty", fillcolor=_FAN, name="forecast, 10 to 90 %",
                           hoverinfo="skip")
        figure.add_scatter(x=middle[ahead], y=median[ahead], mode="lines", name="forecast, median",
                           line={"color": WALL[FORECAST], "width": 1.5, "dash": "dot"},
                           hovertemplate="%{y:.1f} mm/h")
    _line(figure, middle[ahead], result.curve[ahead], said[now + 1 :],
          "forecast, mean" if result.has_chances else "forecast", FORECAST)
    _line(figure, middle[: now + 1], result.curve[: now + 1], said[: now + 1], "observed", OBSERVED)
    if len(result.fell):
        figure.add_scatter(
            x=middle[now + 1 : now + 1 + len(result.fell)], y=result.fell, mode="markers",
            name="observed later", marker={"color": WALL[OBSERVED], "size": 7,
                                           "symbol": "circle-open", "line": {"width": 1.5}},
            hovertemplate="%{y:.1f} mm/h")
    wall = float(film[now + 1])
    end = float(film[-1] + film[1] - film[0])
    figure.add_vrect(x0=wall, x1=end, fillcolor=WALL[FORECAST], opacity=0.06, line_width=0)
    figure.add_vline(x=wall, line={"color": INK, "width": 2})
    for text, place in ((OBSERVED, float(film[0])), (FORECAST, wall)):  # the playhead passes both
        figure.add_annotation(
            x=place, y=1, xshift=6, yref="paper", xanchor="left", yanchor="top", text=text,
            showarrow=False, font={"color": WALL[text], "size": 13})
    ticks = _ticks(result)
    figure.update_xaxes(tickvals=middle[ticks], ticktext=[result.clock(k) for k in ticks],
                        range=[float(film[0]), end])
    figure.update_yaxes(title="mm/h", rangemode="tozero")
    return lay_out(figure, height=250, over_time=True)


def _line(figure: go.Figure, x: np.ndarray, y: np.ndarray, texts: Sequence[str], name: str,
          what: str) -> None:
    figure.add_scatter(x=x, y=y, text=texts, mode="lines+markers", name=name,
                       line={"color": WALL[what], "width": 2.5}, marker={"size": 4},
                       hovertemplate="%{text}: %{y:.1f} mm/h<extra></extra>")


def _ticks(result: NowcastResult) -> list[int]:
    """Frames with a label below: now, and every half hour around it, or what has space."""
    count, now = len(result.minutes), result.now
    apart = max(1, round(30 / result.source.step), count // 9)
    return sorted({*range(now, -1, -apart), *range(now, count, apart)})


def maps(
    fields: Mapping[str, tuple[np.ndarray | None, Ramp, bool]], place: Place, *, height: int,
    narrow: bool,
) -> go.Figure:
    """Maps side by side, each below its title, the place marked.

    fields: by title, ``[H, W]`` in mm/h, or None where there is none; its scale; and whether it is
    a difference. height: px, of all in a row; narrow: two in a row, as high as a phone makes them.
    """
    shape = next(field for field, _, _ in fields.values() if field is not None).shape
    columns = 2 if narrow else len(fields)
    rows = -(-len(fields) // columns)
    if narrow:
        height = rows * (_TITLE + min(_HIGHEST, round(_PHONE / 2 * shape[0] / shape[1])))
    figure = make_subplots(rows=rows, cols=columns, horizontal_spacing=0.012,
                           vertical_spacing=_TITLE / height, subplot_titles=list(fields))
    for at, (field, ramp, signed) in enumerate(fields.values()):
        row, column = at // columns + 1, at % columns + 1
        if field is None:
            field = np.zeros(shape, np.float32)  # dry: nothing is drawn
        draw_map(figure, field, ramp, signed=signed, row=row, column=column)
        figure.add_scatter(x=[place.column], y=[place.row], mode="markers", showlegend=False,
                           hoverinfo="skip", row=row, col=column,
                           marker={"symbol": "cross-thin", "size": 13,
                                   "line": {"width": 2, "color": INK}})
    figure.update_annotations(font={"size": 13, "color": INK})
    figure.update_layout(plot_bgcolor=_LAND)
    return lay_out(figure, height=height).update_layout(margin={"t": 30}, showlegend=False)


def named(figure: go.Figure, text: str) -> go.Figure:
    """A figure with a line of text above all that is in it."""
    margin = figure.layout.margin.t or 0
    return figure.update_layout(
        height=figure.layout.height + 22, margin={"t": margin + 22},
        title={"text": text, "font": {"size": 13, "color": INK}, "x": 0, "xanchor": "left",
               "xref": "paper", "y": 1, "yanchor": "top", "pad": {"t": 4}})


def draw_map(
    figure: go.Figure, field: np.ndarray, ramp: Ramp, *, signed: bool, row: int | None = None,
    column: int | None = None,
) -> None:
    """One map ``[H, W]``, mm/h, in the colours of the player; clear where it is dry."""
    part = max(1, -(-max(field.shape) // _MOST))
    field = field[::part, ::part]
    figure.add_heatmap(
        x=np.arange(field.shape[1]) * part, y=np.arange(field.shape[0]) * part,
        z=(signed_codes if signed else rain_codes)(field), zmin=0, zmax=255,
        colorscale=colour_scale(ramp), showscale=False, customdata=np.round(field, 2),
        hovertemplate="%{customdata:.1f} mm/h<extra></extra>", row=row, col=column)
    axis = figure.data[-1].xaxis or "x"
    figure.update_yaxes(autorange="reversed", visible=False, scaleanchor=axis,
                        constrain="domain", row=row, col=column)
    figure.update_xaxes(visible=False, constrain="domain", row=row, col=column)


def motion(result: NowcastResult, ramp: Ramp, *, height: int, clicks: bool = False) -> go.Figure:
    """The rain now, the way it moves in 20 minutes, and the place. clicks: with markers that nobody
    sees, as heat maps do not answer clicks; each holds its row and column."""
    figure = go.Figure()
    draw_map(figure, result.observed[-1], ramp, signed=False)
    rows, columns = _grid(result.velocity.shape[1:], _ARROWS)
    across, down = 20 * result.velocity[:, rows, columns]  # px
    long = np.hypot(across, down) > 0.5
    heads, stems = _arrows(columns[long], rows[long], across[long], down[long])
    for x, y in (stems, heads):
        figure.add_scatter(x=x, y=y, mode="lines", showlegend=False, hoverinfo="skip",
                           line={"color": INK, "width": 1.5})
    figure.add_scatter(
        x=[result.place.column], y=[result.place.row], mode="markers", showlegend=False,
        hovertemplate=f"{result.place.text}<extra></extra>",
        marker={"symbol": "circle-open", "size": 16, "color": PALETTE[5], "line": {"width": 4}})
    if clicks:
        rows, columns = _grid(result.velocity.shape[1:], 48)
        figure.add_scatter(
            x=columns, y=rows, mode="markers", showlegend=False, hoverinfo="none",
            customdata=np.stack([rows, columns], 1),
            marker={"size": 12, "symbol": "square", "opacity": 0})
        figure.update_layout(dragmode=False, clickmode="event+select")
    high, wide = result.velocity.shape[1:]
    figure.update_xaxes(range=[-0.5, wide - 0.5])
    figure.update_yaxes(range=[high - 0.5, -0.5], autorange=None)
    figure.update_layout(plot_bgcolor=_LAND)
    return lay_out(figure, height=height)


def _grid(shape: tuple[int, ...], along: int) -> tuple[np.ndarray, np.ndarray]:
    """Rows and columns of pixels in even distances, ``along`` the longer side, one array each."""
    apart = max(1, max(shape) // along)
    rows, columns = np.mgrid[apart // 2 : shape[0] : apart, apart // 2 : shape[1] : apart]
    return rows.ravel(), columns.ravel()


def _arrows(
    x: np.ndarray, y: np.ndarray, across: np.ndarray, down: np.ndarray
) -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """Heads and stems of arrows as lines with gaps, each x and y."""
    gap = np.full_like(across, np.nan)
    tip_x, tip_y = x + across, y + down
    stems = (np.stack([x, tip_x, gap], 1).ravel(), np.stack([y, tip_y, gap], 1).ravel())
    back = 0.3
    sides = [(tip_x - back * (across + side * down), tip_y - back * (down - side * across))
             for side in (0.6, -0.6)]
    heads = (np.stack([sides[0][0], tip_x, sides[1][0], gap], 1).ravel(),
             np.stack([sides[0][1], tip_y, sides[1][1], gap], 1).ravel())
    return heads, stems


def skill(
    leads: np.ndarray, scores: Mapping[str, Mapping[str, np.ndarray]], titles: Mapping[str, str]
) -> go.Figure:
    """Scores by lead: by their title, of each method ``[S]``."""
    figure = make_subplots(rows=1, cols=len(scores), horizontal_spacing=0.09,
                           subplot_titles=list(scores))
    for column, methods in enumerate(scores.values(), 1):
        for key, values in methods.items():
            figure.add_scatter(
                x=leads, y=values, name=titles[key], mode="lines+markers", row=1, col=column,
                legendgroup=key, showlegend=column == 1,
                line={"color": METHODS[key], "width": 3 if key == "corrector" else 1.8,
                      "dash": "dot" if key == "persistence" else None},
                hovertemplate=f"{titles[key]}, +%{{x:.0f}} min: %{{y:.2f}}<extra></extra>")
    figure.update_xaxes(title="minutes after now", rangemode="tozero")
    figure.update_yaxes(rangemode="tozero")
    figure.update_annotations(font={"size": 13, "color": INK}, yshift=-2)
    figure = lay_out(figure, height=300)
    return figure.update_layout(margin={"t": 64}, legend={"y": 1.12})


def growth(
    leads: np.ndarray, grown: np.ndarray, decayed: np.ndarray, lead: int
) -> go.Figure:
    """Means over the map of what grows and what decays at every lead, mm/h, ``[S]`` each; one lead
    is pointed out."""
    figure = go.Figure()
    for name, values, colour in (("grows", grown, PALETTE[5]), ("decays", decayed, PALETTE[0])):
        figure.add_bar(x=leads, y=values, name=name, marker={
            "color": colour, "opacity": [1.0 if k == lead else 0.5 for k in range(len(leads))]},
            hovertemplate=f"{name}, +%{{x:.0f}} min: %{{y:.3f}} mm/h<extra></extra>")
    figure.update_xaxes(title="minutes after now")
    figure.update_yaxes(title="mm/h, mean of the map")
    return lay_out(figure.update_layout(barmode="relative"), height=260)


def became(table: np.ndarray) -> go.Figure:
    """How likely rain of every bin, a row each, is of every bin later, ``[9, 9]`` in 0..1."""
    names = ["dry", *(f"{low:g} to {high:g}" for low, high in pairwise(EDGES)),
             f"over {EDGES[-1]:g}"]
    figure = go.Figure(go.Heatmap(
        x=names, y=names, z=table, zmin=0, zmax=1, colorscale=_GATE, showscale=False, xgap=1,
        ygap=1, hovertemplate="%{y} mm/h becomes %{x} mm/h: %{z:.0%}<extra></extra>"))
    figure.update_yaxes(title="mm/h now", autorange="reversed")
    figure.update_xaxes(title="mm/h then")
    return lay_out(figure, height=330)


def reliability(said: np.ndarray, came: np.ndarray, counts: np.ndarray) -> go.Figure:
    """How often it came where a chance was said: ``[B]`` each, in 0..1, and of how many pixels."""
    figure = go.Figure()
    figure.add_scatter(x=[0, 1], y=[0, 1], mode="lines", showlegend=False, hoverinfo="skip",
                       line={"color": GREY, "dash": "dash"})
    figure.add_scatter(
        x=said, y=came, mode="lines+markers", name="this clip", customdata=counts,
        line={"color": PALETTE[5], "width": 2},
        marker={"size": 6 + 14 * np.sqrt(counts / max(int(counts.max()), 1))},
        hovertemplate="said %{x:.0%}, came %{y:.0%} (%{customdata:,} pixels)<extra></extra>")
    figure.update_xaxes(title="chance that was said", tickformat=".0%", range=[-0.03, 1.03])
    figure.update_yaxes(title="share where it came", tickformat=".0%", range=[-0.03, 1.03])
    return lay_out(figure.update_layout(showlegend=False), height=340)


def sheet(rows: Mapping[str, np.ndarray], columns: Sequence[str], *, signed: Sequence[str],
          width: int) -> go.Figure:
    """Small maps ``[steps, h, w]``, a row each by its name, a column a step. Those named in
    ``signed`` run from blue over clear to orange, by the largest of the row; the others from 0 to
    1. width: px that a row has."""
    high, wide = next(iter(rows.values())).shape[1:]
    gap = 2
    figure = make_subplots(rows=len(rows), cols=1, vertical_spacing=0.012)
    for at, (name, films) in enumerate(rows.items(), 1):
        most = float(np.abs(films).max()) or 1.0 if name in signed else 1.0
        whole = np.full((high, len(columns) * (wide + gap) - gap), np.nan, np.float32)
        for k, film in enumerate(films):
            whole[:, k * (wide + gap) : k * (wide + gap) + wide] = film
        figure.add_heatmap(
            z=whole, zmin=-most if name in signed else 0, zmax=most, showscale=False,
            colorscale=_SIGNED if name in signed else _GATE, row=at, col=1,
            hovertemplate=f"{name}: %{{z:.2f}}<extra></extra>")
        figure.update_yaxes(
            autorange="reversed", showticklabels=False, ticks="", showgrid=False, zeroline=False,
            title={"text": name.replace(" ", "<br>", 1), "font": {"size": 12, "color": INK}},
            row=at, col=1)
    figure.update_xaxes(showticklabels=False, showgrid=False, zeroline=False)
    figure.update_xaxes(
        side="top", showticklabels=True, row=1, ticktext=list(columns),
        tickvals=[k * (wide + gap) + wide / 2 for k in range(len(columns))])
    figure = lay_out(figure, height=40 + len(rows) * min(104, round(width / len(columns) * high
                                                                    / wide)))
    return figure.update_layout(margin={"t": 30, "l": 60})


def enlarged(picture: np.ndarray, factor: int) -> np.ndarray:
    """A picture with every pixel a square of so many."""
    height, width = picture.shape[:2]
    large: np.ndarray = cv2.resize(picture, (width * factor, height * factor),
                                   interpolation=cv2.INTER_NEAREST)
    return large
