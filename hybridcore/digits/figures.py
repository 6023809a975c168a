"""Spoken digits as Plotly figures. Pure functions; x is seconds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from hybridcore.digits.heard import Digit
from hybridcore.digits.model import LABELS
from hybridcore.digits.result import STEP
from hybridcore.figures import INK, MAX_POINTS, PALETTE, lay_out, seconds_axis
from hybridcore.media.mel import centres

COLOURS = (*PALETTE[:7], "#A3722F", "#C2467A", "#5B7FB0")  # of the digits
_TICKS = (4, 12, 20, 28, 36)  # bands whose frequency is written


def probabilities(log_p: np.ndarray, duration: float) -> go.Figure:
    """Every label at every step: ``log_p [T, 11]``."""
    thin = _most(np.exp(log_p))
    figure = go.Figure()
    figure.add_heatmap(
        x=_middles(len(thin), duration), y=LABELS, z=thin.T, zmin=0, zmax=1,
        colorscale="Blues", showscale=False,
        hovertemplate="%{x:.2f} s %{y}: %{z:.1%}<extra></extra>")
    figure.update_yaxes(tickfont={"size": 11}, dtick=1)
    return lay_out(seconds_axis(figure, duration), height=230, over_time=True)


def lattice(
    bands: np.ndarray, shares: np.ndarray, digits: Sequence[Digit], duration: float
) -> go.Figure:
    """Above, the bands ``[F, 40]`` with the digits where the likeliest path says them; below, how
    likely each state of the lattice is, ``shares [T, 2 L + 1]``, blanks and digits in turn."""
    figure = make_subplots(rows=2, cols=1, shared_xaxes=True, vertical_spacing=0.05,
                           row_heights=[0.4, 0.6])
    loud = _most(bands)
    figure.add_heatmap(
        row=1, col=1, x=_middles(len(loud), duration), y=np.arange(bands.shape[1]), z=loud.T,
        colorscale="Magma", showscale=False, hoverinfo="skip")
    for digit in digits:
        figure.add_annotation(
            row=1, col=1, x=(digit.start + digit.end) / 2 * STEP, y=bands.shape[1] - 4,
            text=f"<b>{digit.digit}</b>", showarrow=False, font={"color": "#ffffff", "size": 16})
    thin = _most(shares)
    states = np.arange(shares.shape[1])
    names = ["·" if k % 2 == 0 else digits[k // 2].word for k in states.tolist()]
    figure.add_heatmap(
        row=2, col=1, x=_middles(len(thin), duration), y=states, z=thin.T, zmin=0, zmax=1,
        colorscale="Blues", showscale=False,
        hovertemplate="%{x:.2f} s, state %{y}: %{z:.1%}<extra></extra>")
    path = np.array([[(digit.start + digit.end) / 2 * STEP, 2 * k + 1]
                     for k, digit in enumerate(digits)])
    if len(path):
        figure.add_scatter(
            row=2, col=1, x=path[:, 0], y=path[:, 1], mode="lines+markers", name="best path",
            line={"color": INK, "width": 1, "dash": "dot"}, marker={"color": INK, "size": 5})
    figure.update_yaxes(tickvals=list(_TICKS), ticktext=[f"{centres()[k]:.0f} Hz" for k in _TICKS],
                        row=1)
    figure.update_yaxes(tickvals=states, ticktext=names, autorange="reversed", row=2)
    seconds_axis(figure, duration)
    figure.update_xaxes(title="", row=1)
    return lay_out(figure, height=200 + min(420, 60 + 18 * len(states)), over_time=True)


def _middles(count: int, duration: float) -> np.ndarray:
    middles: np.ndarray = (np.arange(count) + 0.5) * duration / count
    return middles


def _most(values: np.ndarray) -> np.ndarray:
    """``[T, n]``, or the highest of each stretch where a screen does not resolve all of them."""
    if len(values) <= MAX_POINTS:
        return values
    edges = np.linspace(0, len(values), MAX_POINTS + 1).astype(int)[:-1]
    highest: np.ndarray = np.maximum.reduceat(values, edges, axis=0)
    return highest
