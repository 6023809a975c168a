"""Scene results -> Plotly figures; pure functions.

The x axis of every figure over time is seconds, so a page can let it follow its player.
"""

from __future__ import annotations

import cv2
import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from hybridcore.layers.recurrent import LSTMTrace
from hybridcore.scene.groups import GROUPS
from hybridcore.scene.model import Kind, SceneConfig
from hybridcore.scene.result import SceneResult

# Okabe & Ito's palette, told apart by colour-blind people too.
PALETTE = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#7F7F7F")
GROUP_COLOURS = ("#CC79A7", "#009E73", "#56B4E9")
MODEL_NAMES: dict[Kind, str] = {
    "lstm": "LSTM", "tcn": "TCN", "frame": "Frame only",
}
MODEL_COLOURS: dict[Kind, str] = {"lstm": "#0072B2", "tcn": "#E69F00", "frame": "#7F7F7F"}
MAX_POINTS = 1200  # columns of a figure over time; more cannot be told apart on a screen


def _base(figure: go.Figure, *, height: int, over_time: bool = False) -> go.Figure:
    figure.update_layout(
        height=height, margin={"l": 8, "r": 8, "t": 8, "b": 8},
        legend={"orientation": "h", "yanchor": "bottom", "y": 1.0, "x": 0},
        hovermode="x" if over_time else "closest",
    )
    return figure


def _every(result_length: int) -> slice:
    """Thins a long clip to at most :data:`MAX_POINTS` columns."""
    return slice(None, None, max(1, -(-result_length // MAX_POINTS)))


def main_scenes(result: SceneResult, kind: Kind, count: int = 7) -> np.ndarray:
    """The scenes worth a colour: those that lead a segment, longest first, then the likeliest."""
    led = np.zeros(len(result.scene_names))
    for segment in result.segments(kind):
        led[segment.label] += segment.end - segment.start
    return np.argsort(-(led * 1e3 + result.tracks[kind].probabilities.mean(0)))[:count]


def scene_colours(result: SceneResult, kind: Kind) -> list[str]:
    """A colour for each of the 100 scenes: the main ones stand out, the others are grey."""
    colours = ["#B8B8B8"] * len(result.scene_names)
    for k, scene in enumerate(main_scenes(result, kind)):
        colours[scene] = PALETTE[k]
    return colours


def timeline(result: SceneResult, kind: Kind) -> go.Figure:
    """Probability of the main scenes over time; the frame-only model dotted, cuts as lines."""
    figure = go.Figure()
    every = _every(len(result))
    times = result.times[every]
    colours = scene_colours(result, kind)
    for scene in main_scenes(result, kind, 5):
        name = result.scene_names[scene]
        figure.add_scatter(
            x=times, y=result.tracks[kind].probabilities[every, scene].astype(np.float32),
            name=name, mode="lines", line={"color": colours[scene], "width": 2.5},
        )
        if kind != "frame" and "frame" in result.tracks:
            figure.add_scatter(
                x=times, y=result.tracks["frame"].probabilities[every, scene].astype(np.float32),
                name=f"{name}, frame only", mode="lines", showlegend=False, opacity=0.55,
                line={"color": colours[scene], "width": 1, "dash": "dot"},
            )
    for cut in result.cut_frames(kind):
        figure.add_vline(x=float(result.times[cut]), line={"width": 1, "color": "#999999"})
    figure.update_yaxes(range=[0, 1.02], title="probability")
    figure.update_xaxes(title="seconds", range=[0, max(result.duration, 1e-3)])
    return _base(figure, height=300, over_time=True)


def comparison(result: SceneResult) -> go.Figure:
    """How sure each model is of the scene that the LSTM's segments name, over time."""
    lead: Kind = "lstm" if "lstm" in result.tracks else next(iter(result.tracks))
    label = np.zeros(len(result), np.int64)
    for segment in result.segments(lead):
        label[segment.first : segment.last + 1] = segment.label
    figure = go.Figure()
    every = _every(len(result))
    rows = np.arange(len(result))
    for kind, track in reversed(result.tracks.items()):
        figure.add_scatter(
            x=result.times[every], y=track.probabilities[rows, label][every].astype(np.float32),
            name=MODEL_NAMES[kind], mode="lines",
            text=[result.scene_names[i] for i in label[every]],
            hovertemplate="%{text} %{y:.2f}", line={
                "color": MODEL_COLOURS[kind], "width": 2.5 if kind == lead else 1.5,
                "dash": "dot" if kind == "frame" else "solid"},
        )
    figure.update_yaxes(range=[0, 1.02], title="probability of the segment's scene")
    figure.update_xaxes(title="seconds", range=[0, max(result.duration, 1e-3)])
    return _base(figure, height=280, over_time=True)


def group_areas(result: SceneResult) -> go.Figure:
    """Share of each group over time, as voted by the objects."""
    figure = go.Figure()
    every = _every(len(result))
    for k, name in enumerate(GROUPS):
        figure.add_scatter(
            x=result.times[every], y=result.groups[every, k].astype(np.float32), name=name,
            mode="lines", stackgroup="one", line={"width": 0, "color": GROUP_COLOURS[k]},
        )
    figure.update_yaxes(range=[0, 1], title="share of the vote")
    figure.update_xaxes(title="seconds", range=[0, max(result.duration, 1e-3)])
    return _base(figure, height=240, over_time=True)


def object_votes(result: SceneResult, frame: int) -> go.Figure:
    """What each of the five likeliest objects of one frame spoke for."""
    figure = go.Figure()
    names = [result.object_names[i] for i in result.objects[frame]][::-1]
    for k, group in enumerate(GROUPS):
        figure.add_bar(
            y=names, x=result.voices[frame, ::-1, k].astype(np.float32), name=group,
            orientation="h", marker={"color": GROUP_COLOURS[k]},
        )
    figure.update_layout(barmode="stack")
    figure.update_xaxes(title="probability, split by group")
    figure.update_yaxes(automargin=True)
    return _base(figure, height=240)


def units_by_cuts(trace: LSTMTrace, cuts: np.ndarray) -> np.ndarray:
    """LSTM units, those first whose cell state changes most where a new shot begins.

    Without a cut, those first whose cell state varies most over the clip.
    """
    inside = cuts[cuts > 0]
    if len(inside):
        after = np.minimum(inside + 2, len(trace.c) - 1)
        change = np.abs(trace.c[after] - trace.c[inside - 1]).mean(0)
    else:
        change = trace.c.std(0)
    return np.argsort(-change)


def unit_name(unit: int, result: SceneResult) -> str:
    """The first units sum the evidence for one scene each; the others are free."""
    names = result.scene_names
    return f"unit {unit}: {names[unit]}" if unit < len(names) else f"unit {unit}, free"


def gate_maps(trace: LSTMTrace, result: SceneResult, units: np.ndarray) -> go.Figure:
    """Heat maps of i, f, o, g, c and h over time for ``units``, one row of the map a unit."""
    every = _every(len(result))
    names = {
        "i": "input gate i", "f": "forget gate f", "o": "output gate o",
        "g": "candidate g", "c": "cell state c", "h": "hidden state h",
    }
    figure = make_subplots(
        rows=3, cols=2, shared_xaxes=True, vertical_spacing=0.06, horizontal_spacing=0.06,
        subplot_titles=list(names.values()),
    )
    labels = [unit_name(int(u), result) for u in units]
    for k, name in enumerate(names):
        values = getattr(trace, name)[every][:, units].T  # [units, columns]
        if name in "ifo":
            low, high, scale = 0.0, 1.0, "Viridis"
        else:
            high = 1.0 if name in "gh" else float(np.abs(values).max()) or 1.0
            low, scale = -high, "RdBu"
        # One byte a cell: a tenth of what floats cost on the way to the browser.
        levels = np.clip((values - low) / (high - low) * 255, 0, 255).astype(np.uint8)
        figure.add_heatmap(
            row=k // 2 + 1, col=k % 2 + 1, z=levels, x=result.times[every], y=labels,
            zmin=0, zmax=255, colorscale=scale, showscale=False, name=names[name],
            hovertemplate=f"%{{y}}, %{{x:.2f}} s<br>level %{{z}} of 255 from {low:.2g} to "
                          f"{high:.2g}<extra></extra>",
        )
    figure.update_yaxes(autorange="reversed", showticklabels=False)
    figure.update_xaxes(title="seconds", row=3)
    figure = _base(figure, height=620, over_time=True)
    return figure.update_layout(margin={"t": 28}, hovermode="closest")


def unit_lines(trace: LSTMTrace, result: SceneResult, unit: int) -> go.Figure:
    """Gates and states of one unit over time: gates above, states below."""
    every = _every(len(result))
    figure = make_subplots(rows=2, cols=1, shared_xaxes=True, vertical_spacing=0.08)
    for k, name in enumerate(("i", "f", "o", "g", "c", "h")):
        figure.add_scatter(
            row=1 if k < 3 else 2, col=1, x=result.times[every],
            y=getattr(trace, name)[every, unit], name=f"{name}_t", mode="lines",
            line={"color": PALETTE[k], "width": 2},
        )
    figure.update_yaxes(title="gates", range=[0, 1.02], row=1)
    figure.update_yaxes(title="states", row=2)
    figure.update_xaxes(title="seconds", row=2)
    return _base(figure, height=360, over_time=True)


def segment_table(result: SceneResult, kind: Kind) -> pd.DataFrame:
    """The segments as a table: start, end (seconds), scene, probability, what was seen."""
    rows = [
        {
            "start": round(s.start, 2), "end": round(s.end, 2),
            "scene": result.scene_names[s.label], "sure": f"{s.probability:.0%}",
            "seen": result.seen(s),
        }
        for s in result.segments(kind)
    ]
    return pd.DataFrame(rows)


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
    pictures: list[np.ndarray], maps: np.ndarray, times: np.ndarray, captions: list[str]
) -> go.Figure:
    """Some frames of the clip with where the model looked, in order of time.

    ``pictures``: n of uint8 ``[h, w, 3]``, alike in size; ``maps [n, gh, gw]``; ``times [n]``.
    """
    height, width = pictures[0].shape[:2]
    gap = np.full((height, 4, 3), 255, np.uint8)
    tiles: list[np.ndarray] = []
    for picture, weights in zip(pictures, maps, strict=True):
        tiles += [heat_overlay(picture, weights), gap]
    strip = np.concatenate(tiles[:-1], 1)
    figure = go.Figure(go.Image(z=strip, hoverinfo="skip"))
    for k, (time, caption) in enumerate(zip(times, captions, strict=True)):
        figure.add_annotation(
            x=k * (width + 4) + width / 2, y=height + 2, yanchor="top", showarrow=False,
            text=f"{time:.1f} s<br>{caption}", font={"size": 11},
        )
    figure.update_xaxes(visible=False, range=[0, strip.shape[1]])
    figure.update_yaxes(visible=False, range=[height + 44, 0], scaleanchor="x")
    return _base(figure, height=190)


def data_flow(result: SceneResult, kind: Kind, config: SceneConfig) -> go.Figure:
    """The way of this clip's tensors through the network, with their shapes."""
    frames = len(result)
    grid = result.tracks[kind].attention.shape[1:]
    cells = grid[0] * grid[1]
    memory = {
        "lstm": ("LSTM", f"h_t, c_t<br>[{frames}, {config.hidden}]"),
        "tcn": ("causal TCN", f"[{frames}, {config.hidden}]"),
        "frame": ("no memory", f"[{frames}, {config.dim}]"),
    }[kind]
    steps = [
        ("video", f"{frames} frames<br>{result.width} x {result.height}"),
        ("resize", f"uint8 [{frames},<br>160, 160, 3]"),
        ("Lite0 trunk", f"[{frames}, 112,<br>{2 * grid[0]}, {2 * grid[1]}]"),
        ("scene top", f"[{frames}, {config.cell_dim},<br>{grid[0]}, {grid[1]}]"),
        ("soft attention", f"a [{frames}, {cells}]<br>y [{frames}, {config.cell_dim}]"),
        ("embedding", f"x_t [{frames}, {config.dim}]"),
        memory,
        ("softmax", f"p_t [{frames}, {config.classes}]"),
    ]
    figure = go.Figure()
    for k, (name, shape) in enumerate(steps):
        learned = 3 <= k < len(steps)
        figure.add_shape(
            type="rect", x0=k, x1=k + 0.82, y0=0, y1=1, layer="below",
            line={"color": PALETTE[0] if learned else "#999999", "width": 1.5},
            fillcolor="rgba(0,114,178,0.10)" if learned else "rgba(128,128,128,0.10)",
        )
        figure.add_annotation(x=k + 0.41, y=0.70, text=f"<b>{name}</b>", showarrow=False)
        figure.add_annotation(x=k + 0.41, y=0.30, text=shape, showarrow=False, font={"size": 11})
        if k:
            figure.add_annotation(
                x=k, y=0.5, ax=k - 0.18, ay=0.5, xref="x", yref="y", axref="x", ayref="y",
                showarrow=True, arrowhead=2, arrowwidth=1.5, arrowcolor="#999999", text="",
            )
    figure.update_xaxes(visible=False, range=[-0.05, len(steps) - 0.1])
    figure.update_yaxes(visible=False, range=[-0.05, 1.05])
    return _base(figure, height=130)
