"""What is made and heard as Plotly figures; pure functions of arrays.

The x axis of every figure over time is seconds, so that a page can let it follow its player.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.colors
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from hybridcore.figures import GREY, OTHER, lay_out, seconds_axis
from hybridcore.sound.cochleagram import DEFAULT, FRAME_RATE, RATE, Sound, loudness
from hybridcore.sound.events import Onset
from hybridcore.sound.materials import MATERIALS
from hybridcore.sound.networks import FramePrediction
from hybridcore.sound.result import SoundResult

MATERIAL_COLOURS = dict(zip(MATERIALS, (
    "#B58863", "#A84A4A", "#5B98A0", "#5C6BC0", "#86653F", "#2AA198", "#689F38", "#8D8D86",
    "#AD8618", "#62707C", "#9E8F5C", "#D55E00", "#A1887F", "#CC79A7", "#0072B2", "#BF8300",
), strict=True))
MADE, OWN, TWIN = "#1F8A9E", "#9A86C9", "#B0752A"  # no material has these

# Streamlit takes #000004, with which this scale begins, for a colour of its theme.
_MAGMA = ["#010006", *plotly.colors.sequential.Magma[1:]]
_COLUMNS = 1400  # of a figure over time; a screen does not resolve more


def material_colour(material: str) -> str:
    """The colour of a material, known or not."""
    return MATERIAL_COLOURS.get(material, OTHER)


def onset_timeline(
    prediction: FramePrediction, onsets: Sequence[Onset], threshold: float, duration: float,
    own: NDArray[np.floating] | None = None,
) -> go.Figure:
    """Probability of an onset over time, the threshold, what is heard, and where the clip's own
    sound has its onsets (``own``, s), if it has a sound."""
    figure = go.Figure()
    figure.add_scatter(
        x=prediction.times, y=prediction.onset, name="onset probability", mode="lines",
        line={"color": MADE, "width": 2}, fill="tozeroy", fillcolor="rgba(31,138,158,0.12)",
    )
    figure.add_hline(y=threshold, line={"width": 1, "dash": "dash", "color": GREY})
    if len(onsets):
        figure.add_scatter(
            x=[o.time for o in onsets], y=[max(o.confidence, 0.03) for o in onsets],
            name="predicted hit", mode="markers",
            text=[f"{o.material}, {o.action}" for o in onsets],
            customdata=[o.strength for o in onsets],
            hovertemplate="%{text}<br>%{x:.3f} s, %{customdata:.0f} dB<extra></extra>",
            marker={"size": 11, "line": {"width": 1, "color": "white"}, "color": [
                material_colour(o.material) for o in onsets]},
        )
    if own is not None:
        figure.add_scatter(
            x=own, y=np.full(len(own), 1.06), name="onset in the original sound", mode="markers",
            marker={"symbol": "triangle-down", "size": 10, "color": OWN},
            hovertemplate="%{x:.3f} s<extra></extra>",
        )
    figure.update_yaxes(range=[0, 1.14], title="probability")
    seconds_axis(figure, duration)
    return lay_out(figure, height=230, over_time=True)


def cochleagrams(result: SoundResult, own: NDArray[np.float32] | None) -> go.Figure:
    """What the network predicts, what was made and, if there is one, the clip's own, ``[T', 42]``
    each, on one clock; bright is loud, low bands at the bottom."""
    rows = {"predicted by the network": result.prediction.cochleagram,
            "generated sound": result.cochleagram}
    if own is not None:
        rows["original sound"] = own
    figure = make_subplots(
        rows=len(rows), cols=1, shared_xaxes=True, vertical_spacing=0.07,
        subplot_titles=list(rows))
    highest = max(float(values.max(initial=0)) for values in rows.values()) or 1.0
    names = [f"{hertz:.0f} Hz" for hertz in DEFAULT.filterbank.centres]
    for k, values in enumerate(rows.values()):
        values, times = _fewer(values)
        levels = np.clip(values / highest * 255, 0, 255).astype(np.uint8).T
        figure.add_heatmap(
            row=k + 1, col=1, z=levels, x=times, y=names, zmin=0, zmax=255, colorscale=_MAGMA,
            showscale=False, hovertemplate="%{y}, %{x:.2f} s<br>level %{z} of 255<extra></extra>")
    figure.update_yaxes(nticks=5)
    seconds_axis(figure, result.duration, row=len(rows))
    figure = lay_out(figure, height=90 + 130 * len(rows))
    return figure.update_layout(margin={"t": 28})


def waveforms(result: SoundResult, own: Sound | None) -> go.Figure:
    """The sound that was made and, mirrored below it, the clip's own: highest sample of each
    stretch."""
    figure = go.Figure()
    times, peaks = _peaks(result.sound)
    figure.add_scatter(x=times, y=peaks, name="generated", mode="lines", fill="tozeroy",
                       line={"color": MADE, "width": 1})
    if own is not None:
        times, peaks = _peaks(own)
        figure.add_scatter(x=times, y=-peaks, name="original", mode="lines",
                           fill="tozeroy", line={"color": OWN, "width": 1})
    figure.update_yaxes(range=[0 if own is None else -1, 1], title="peak")
    seconds_axis(figure, result.duration)
    return lay_out(figure, height=190, over_time=True)


def loudness_lines(result: SoundResult, own: NDArray[np.float32] | None) -> go.Figure:
    """Norm of the cochleagram over time: predicted, made and the clip's own."""
    figure = go.Figure()
    lines = [("predicted", result.prediction.cochleagram, GREY, "dot"),
             ("generated", result.cochleagram, MADE, "solid")]
    if own is not None:
        lines.append(("original", own, OWN, "solid"))
    for name, values, colour, dash in lines:
        thinned, times = _fewer(values)
        figure.add_scatter(x=times, y=loudness(thinned), name=name, mode="lines",
                           line={"color": colour, "width": 2, "dash": dash})
    figure.update_yaxes(title="loudness", rangemode="tozero")
    seconds_axis(figure, result.duration)
    return lay_out(figure, height=200, over_time=True)


def exemplar_figure(sound: Sound, cochleagram: NDArray[np.float32]) -> go.Figure:
    """One sound of a bank: its waveform above, its cochleagram below."""
    figure = make_subplots(rows=2, cols=1, shared_xaxes=True, vertical_spacing=0.05)
    times, peaks = _peaks(sound, 300)
    figure.add_scatter(row=1, col=1, x=times, y=peaks, mode="lines", fill="tozeroy",
                       line={"color": MADE, "width": 1}, showlegend=False, hoverinfo="skip")
    values, at = _fewer(cochleagram)
    levels = np.clip(values / max(float(values.max(initial=0)), 1e-6) * 255, 0, 255)
    figure.add_heatmap(row=2, col=1, z=levels.astype(np.uint8).T, x=at, colorscale=_MAGMA,
                       showscale=False, hoverinfo="skip")
    figure.update_yaxes(showticklabels=False)
    return lay_out(figure, height=170)


def _fewer(values: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
    """At most :data:`_COLUMNS` frames of ``[T', 42]``, the loudest of each stretch, and the times
    of their middles, s."""
    step = max(1, -(-len(values) // _COLUMNS))
    padded = np.pad(values, ((0, -len(values) % step), (0, 0)))
    thinned = padded.reshape(-1, step, values.shape[1]).max(1)
    return thinned, (np.arange(len(thinned)) + 0.5) * step / FRAME_RATE


def _peaks(
    sound: Sound, columns: int = _COLUMNS
) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
    """Highest magnitude of each stretch of a sound, and when the stretch begins, s."""
    step = max(1, -(-len(sound) // columns))
    padded = np.pad(np.abs(sound), (0, -len(sound) % step)).reshape(-1, step)
    return np.arange(len(padded)) * step / RATE, padded.max(1)
