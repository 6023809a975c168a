"""Scene results -> Plotly figures; pure functions.

The x axis of every figure over time is seconds, so a page can let it follow its player.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from hybridcore import figures as shared
from hybridcore.figures import PALETTE, lay_out, seconds_axis
from hybridcore.layers.recurrent import LSTMTrace
from hybridcore.scene.groups import GROUPS
from hybridcore.scene.model import Kind, SceneConfig
from hybridcore.scene.result import SceneResult

GROUP_COLOURS = ("#CC79A7", "#009E73", "#56B4E9")
MODEL_NAMES: dict[Kind, str] = {
    "lstm": "LSTM", "tcn": "TCN", "frame": "Frame only",
}
MODEL_COLOURS: dict[Kind, str] = {"lstm": "#0072B2", "tcn": "#E69F00", "frame": "#7F7F7F"}
MAX_POINTS = 1200  # columns of a figure over time; more cannot be told apart on a screen


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
    seconds_axis(figure, result.duration)
    return lay_out(figure, height=300, over_time=True)


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
    seconds_axis(figure, result.duration)
    return lay_out(figure, height=280, over_time=True)


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
    seconds_axis(figure, result.duration)
    return lay_out(figure, height=240, over_time=True)


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
    return lay_out(figure, height=240)


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
    figure = shared.gate_maps(
        _thin(trace, every), result.times[every], units,
        [unit_name(int(u), result) for u in units], where="%{x:.2f} s",
    )
    return figure.update_xaxes(title="seconds", row=3)


def unit_lines(trace: LSTMTrace, result: SceneResult, unit: int) -> go.Figure:
    """Gates and states of one unit over time: gates above, states below."""
    every = _every(len(result))
    figure = shared.unit_lines(_thin(trace, every), result.times[every], unit)
    return figure.update_xaxes(title="seconds", row=2)


def _thin(trace: LSTMTrace, every: slice) -> LSTMTrace:
    return LSTMTrace(**{name: values[every] for name, values in vars(trace).items()})


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


def attention_strip(
    pictures: list[np.ndarray], maps: np.ndarray, times: np.ndarray, captions: list[str]
) -> go.Figure:
    """Some frames of the clip with where the model looked, in order of time.

    ``pictures``: n of uint8 ``[h, w, 3]``, alike in size; ``maps [n, gh, gw]``; ``times [n]``.
    """
    texts = [f"{t:.1f} s<br>{caption}" for t, caption in zip(times, captions, strict=True)]
    return shared.attention_strip(pictures, maps, texts, lines=2)


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
    return shared.data_flow(steps, given=3)
