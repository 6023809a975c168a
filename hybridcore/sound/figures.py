"""Sound results -> Plotly figures; pure functions.

The x axis of every figure over time is seconds, so that a page can let it follow its player.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.colors
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from hybridcore import figures as shared
from hybridcore.figures import PALETTE, lay_out, seconds_axis
from hybridcore.sound.cochleagram import DEFAULT, FRAME_RATE, RATE, Sound, loudness
from hybridcore.sound.events import Onset
from hybridcore.sound.features import APPEARANCE, CHANNELS, GRID, SIZE
from hybridcore.sound.materials import MATERIALS
from hybridcore.sound.model import BANDS, SUBSTEPS, SoundConfig
from hybridcore.sound.networks import FramePrediction
from hybridcore.sound.result import SoundResult
from hybridcore.sound.strokes import STATISTICS

MATERIAL_COLOURS = dict(zip(MATERIALS, (
    "#B58863", "#8C3B3B", "#7FB7BE", "#5C6BC0", "#7B5B3A", "#4DD0C4", "#6BA43A", "#8D8D86",
    "#C29A2E", "#56616B", "#CDBE8F", "#D55E00", "#A1887F", "#CC79A7", "#0072B2", "#E69F00",
), strict=True))
OTHER_COLOUR = "#B8B8B8"
MADE, REAL = PALETTE[0], PALETTE[1]

# Streamlit takes #000004, with which this scale begins, for a colour of its theme.
_MAGMA = ["#010006", *plotly.colors.sequential.Magma[1:]]
_COLUMNS = 1400  # of a figure over time; more cannot be told apart on a screen
_MARK = 0.06  # s that an onset lasts on the strip


def onset_timeline(
    prediction: FramePrediction, onsets: Sequence[Onset], threshold: float, duration: float,
    true: NDArray[np.floating] | None = None,
) -> go.Figure:
    """Probability of an onset over time, the threshold, what is heard, and where the clip's own
    sound has its onsets (``true``, s), if it has a sound."""
    figure = go.Figure()
    figure.add_scatter(
        x=prediction.times, y=prediction.onset, name="probability of an onset", mode="lines",
        line={"color": MADE, "width": 2}, fill="tozeroy", fillcolor="rgba(0,114,178,0.12)",
    )
    figure.add_hline(y=threshold, line={"width": 1, "dash": "dash", "color": "#999999"})
    if len(onsets):
        figure.add_scatter(
            x=[o.time for o in onsets], y=[max(o.confidence, 0.03) for o in onsets],
            name="made", mode="markers", text=[f"{o.material}, {o.action}" for o in onsets],
            customdata=[o.strength for o in onsets],
            hovertemplate="%{text}<br>%{x:.3f} s, %{customdata:.0f} dB<extra></extra>",
            marker={"size": 11, "line": {"width": 1, "color": "white"}, "color": [
                MATERIAL_COLOURS.get(o.material, OTHER_COLOUR) for o in onsets]},
        )
    if true is not None:
        figure.add_scatter(
            x=true, y=np.full(len(true), 1.06), name="in the clip's own sound", mode="markers",
            marker={"symbol": "triangle-down", "size": 10, "color": REAL},
            hovertemplate="%{x:.3f} s<extra></extra>",
        )
    figure.update_yaxes(range=[0, 1.14], title="probability")
    seconds_axis(figure, duration)
    return lay_out(figure, height=230, over_time=True)


def cochleagrams(result: SoundResult, real: NDArray[np.float32] | None) -> go.Figure:
    """What the network predicts, what was made and, if there is one, the clip's own, ``[T', 42]``
    each, on one clock; bright is loud, low bands at the bottom."""
    rows = {"predicted by the network": result.prediction.cochleagram,
            "of the sound that was made": result.cochleagram}
    if real is not None:
        rows["of the clip's own sound"] = real
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


def waveforms(result: SoundResult, real: Sound | None) -> go.Figure:
    """The sound that was made and, mirrored below it, the clip's own: highest sample of each
    stretch."""
    figure = go.Figure()
    times, peaks = _peaks(result.sound)
    figure.add_scatter(x=times, y=peaks, name="made", mode="lines", fill="tozeroy",
                       line={"color": MADE, "width": 1})
    if real is not None:
        times, peaks = _peaks(real)
        figure.add_scatter(x=times, y=-peaks, name="the clip's own", mode="lines",
                           fill="tozeroy", line={"color": REAL, "width": 1})
    figure.update_yaxes(range=[0 if real is None else -1, 1], title="peak")
    seconds_axis(figure, result.duration)
    return lay_out(figure, height=190, over_time=True)


def loudness_lines(result: SoundResult, real: NDArray[np.float32] | None) -> go.Figure:
    """Norm of the cochleagram over time: predicted, made and the clip's own."""
    figure = go.Figure()
    lines = [("predicted", result.prediction.cochleagram, "#7F7F7F", "dot"),
             ("made", result.cochleagram, MADE, "solid")]
    if real is not None:
        lines.append(("the clip's own", real, REAL, "solid"))
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


def strip_codes(
    times: NDArray[np.float64], onsets: Sequence[Onset], names: Sequence[str]
) -> NDArray[np.int64]:
    """Which material is struck at each frame, position in ``names``; -1 where nothing is."""
    codes = np.full(len(times), -1)
    places = {name: k for k, name in enumerate(names)}
    for onset in onsets:
        codes[_marked(times, onset.time)] = places.get(onset.material, -1)
    return codes


def true_codes(
    times: NDArray[np.float64], true: NDArray[np.floating]
) -> NDArray[np.int64]:
    """0 at the frames of an onset in the clip's own sound, otherwise -1."""
    codes = np.full(len(times), -1)
    for time in true:
        codes[_marked(times, float(time))] = 0
    return codes


def data_flow(prediction: FramePrediction, config: SoundConfig) -> go.Figure:
    """The way of this clip's tensors through the network, with their shapes."""
    frames = len(prediction.times)
    return shared.data_flow([
        ("video", f"{frames} frames<br>{SIZE[1]} x {SIZE[0]}"),
        ("optical flow", f"maps [{frames}, {len(CHANNELS)},<br>{GRID[0]}, {GRID[1]}]"),
        ("encoder", f"where it moves<br>[{frames}, {APPEARANCE}]"),
        ("strokes", f"{config.window} frames in a row<br>"
                    f"[{frames}, {config.window * len(STATISTICS)}]"),
        ("embedding", f"x_t [{frames}, {config.dim}]"),
        ("LSTM", f"h_t, c_t<br>[{frames}, {config.hidden}]"),
        ("heads", f"onset, strength,<br>action, material [{frames}, ...]"),
        ("cochleagram", f"[{frames}, {SUBSTEPS}, {BANDS}]"),
    ], given=3)


def _marked(times: NDArray[np.float64], time: float) -> slice:
    first = max(0, int(np.searchsorted(times, time, side="right")) - 1)
    return slice(first, max(first + 1, int(np.searchsorted(times, time + _MARK))))


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
