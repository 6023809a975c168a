"""Emotions as Plotly figures. Pure functions; x is seconds where it is time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from hybridcore.emotion.classes import EMOTIONS, VALENCE_AROUSAL
from hybridcore.emotion.eating import Chewing
from hybridcore.emotion.group import HIGHEST
from hybridcore.emotion.hearing import SPEECH, VoiceTrack
from hybridcore.emotion.view import COLOURS
from hybridcore.figures import GREY, INK, PALETTE, every, lay_out, seconds_axis
from hybridcore.text import percent

_BELOW = ("angry", "sad")  # whose names stand below their place, as another lies above it


def plane(trail: np.ndarray) -> go.Figure:
    """The places of the emotions and the way ``[n, 2]`` that ends now; NaN where nothing is
    said."""
    figure = go.Figure()
    for k, name in enumerate(EMOTIONS):
        valence, arousal = VALENCE_AROUSAL[name]
        figure.add_scatter(
            x=[valence], y=[arousal], mode="markers+text", text=[name], name=name,
            textposition="bottom center" if name in _BELOW else "top center",
            marker={"color": COLOURS[k], "size": 9}, showlegend=False, hoverinfo="skip")
    if np.isfinite(trail).any():
        figure.add_scatter(x=trail[:, 0], y=trail[:, 1], mode="lines", name="trail",
                           line={"color": INK, "width": 2}, showlegend=False)
    if len(trail) and np.isfinite(trail[-1]).all():
        figure.add_scatter(
            x=trail[-1:, 0], y=trail[-1:, 1], mode="markers", name="now", showlegend=False,
            marker={"color": INK, "size": 14, "symbol": "circle-open", "line": {"width": 3}},
            hovertemplate="valence %{x:.2f}, arousal %{y:.2f}<extra>now</extra>")
    figure.update_xaxes(title="valence: unpleasant to pleasant", range=[-1.1, 1.1],
                        zeroline=True, zerolinecolor=GREY)
    figure.update_yaxes(title="arousal: calm to excited", range=[-0.8, 1.15], zeroline=True,
                        zerolinecolor=GREY)
    return lay_out(figure, height=340)


def lines(
    times: np.ndarray, values: np.ndarray, names: Sequence[str], colours: Sequence[str],
    duration: float, *, level: float, title: str = "probability",
) -> go.Figure:
    """A line for each column of ``values [T, n]``, gaps where they are NaN; dashed, a level."""
    shown, figure = every(len(times)), go.Figure()
    for k, name in enumerate(names):
        figure.add_scatter(
            x=times[shown], y=values[shown, k], name=name, line={"color": colours[k], "width": 2},
            mode="lines" if len(times) > 1 else "markers", connectgaps=False)
    figure.add_hline(y=level, line={"width": 1, "color": GREY, "dash": "dash"})
    figure.update_yaxes(title=title, rangemode="tozero")
    return lay_out(seconds_axis(figure, duration), height=260, over_time=True)


def evidence(crop: np.ndarray, added: np.ndarray, emotion: str) -> go.Figure:
    """A face ``[S, S]``, and what each of its places adds to an emotion ``[S, S]``, negative where
    it speaks against it."""
    figure = make_subplots(rows=1, cols=2, horizontal_spacing=0.04, subplot_titles=(
        "what the CNN sees", f"what speaks for {emotion}"))
    most = float(np.abs(added).max()) or 1.0
    figure.add_heatmap(row=1, col=1, z=crop, colorscale="gray", showscale=False, hoverinfo="skip")
    figure.add_heatmap(row=1, col=2, z=added, colorscale="RdBu_r", zmin=-most, zmax=most,
                       showscale=False, hovertemplate="%{z:.3f}<extra></extra>")
    return _upright(figure)


def covered(crop: np.ndarray, p: np.ndarray, emotion: str) -> go.Figure:
    """A face ``[S, S]``, and how probable an emotion is when a patch lies around each of so many
    places down and across, ``[n, n]``."""
    figure = make_subplots(rows=1, cols=2, horizontal_spacing=0.04, subplot_titles=(
        "what the CNN sees", f"{emotion}, when a patch lies here"))
    middles = np.linspace(0, 1, len(p))
    figure.add_heatmap(row=1, col=1, z=crop, colorscale="gray", showscale=False, hoverinfo="skip")
    figure.add_heatmap(
        row=1, col=2, x=middles, y=middles, z=p, zmin=0, zmax=1, colorscale="Blues",
        showscale=False, hovertemplate="%{z:.1%} when covered here<extra></extra>")
    return _upright(figure)


def group(
    names: Sequence[str], colours: Sequence[str], intensity: np.ndarray, weights: np.ndarray,
    together: Mapping[str, float],
) -> go.Figure:
    """Happiness 0..5 of each of n faces, how much each counts, and dashed what they come to
    ``together``."""
    figure = go.Figure()
    figure.add_bar(x=list(names), y=intensity, marker={"color": list(colours)}, showlegend=False,
                   text=[f"counts {percent(weight)}" for weight in weights],
                   hovertemplate="%{y:.2f} of 5, %{text}<extra>%{x}</extra>")
    for (name, value), dash in zip(together.items(), ("dot", "solid", "dash"), strict=True):
        figure.add_scatter(
            x=list(names), y=[value] * len(names), mode="lines", name=f"{name}: {value:.1f}",
            line={"color": INK, "width": 2, "dash": dash})
    figure.update_yaxes(title="happiness, 0 to 5", range=[0, HIGHEST])
    return lay_out(figure, height=300)


def mouth(
    times: np.ndarray, opening: np.ndarray, chewed: Chewing, duration: float
) -> go.Figure:
    """How far a mouth is open ``[n]`` at ``times``; shaded where it moves as in chewing."""
    shown, figure = every(len(times)), go.Figure()
    figure.add_scatter(x=times[shown], y=opening[shown], mode="lines", name="opening",
                       line={"color": PALETTE[0], "width": 2}, showlegend=False)
    for time, rate in zip(chewed.times[chewed.chews], chewed.rate[chewed.chews], strict=True):
        figure.add_vrect(x0=time - 0.5, x1=time + 0.5, fillcolor=PALETTE[1], opacity=0.25,
                         line_width=0)
        figure.add_scatter(x=[time], y=[0], mode="markers", marker={"color": PALETTE[1], "size": 6},
                           hovertemplate=f"{rate:.1f} a second<extra></extra>", showlegend=False)
    figure.update_yaxes(title="opening, in distances of the eyes", rangemode="tozero")
    return lay_out(seconds_axis(figure, duration), height=260, over_time=True)


def _upright(figure: go.Figure) -> go.Figure:
    figure.update_xaxes(visible=False, constrain="domain")
    figure.update_yaxes(visible=False, autorange="reversed", constrain="domain")
    for column in (1, 2):
        figure.update_yaxes(scaleanchor=f"x{'' if column == 1 else column}", row=1, col=column)
    figure = lay_out(figure, height=300)
    return figure.update_layout(margin={"t": 28})


def sound(track: VoiceTrack, duration: float) -> go.Figure:
    """Bands above, attention and voice activity below."""
    figure = make_subplots(rows=2, cols=1, shared_xaxes=True, vertical_spacing=0.05,
                           row_heights=[0.6, 0.4])
    shown = every(len(track.times))
    low, high = np.percentile(track.mel, (5, 99.5))
    levels = np.clip((track.mel[shown] - low) / max(float(high - low), 1e-3), 0, 1)
    figure.add_heatmap(
        row=1, col=1, x=track.times[shown], z=(255 * levels.T).astype(np.uint8), showscale=False,
        colorscale="Magma", hoverinfo="skip")
    for values, name, colour in ((track.attention, "attention", PALETTE[5]),
                                 (track.activity, "voice activity", PALETTE[2])):
        figure.add_scatter(row=2, col=1, x=track.times[shown], y=values[shown], name=name,
                           mode="lines", line={"color": colour, "width": 2})
    figure.add_hline(y=SPEECH, row=2, col=1, line={"width": 1, "color": GREY, "dash": "dash"})
    figure.update_yaxes(title="mel band", row=1)
    figure.update_yaxes(rangemode="tozero", row=2)
    seconds_axis(figure, duration)
    figure.update_xaxes(title="", row=1)
    return lay_out(figure, height=360, over_time=True)
