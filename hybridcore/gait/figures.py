"""Gait results -> Plotly figures and pictures; pure functions.

The x axis of every figure over time is seconds, so a page can let it follow its player.
"""

from __future__ import annotations

import base64

import cv2
import numpy as np
import plotly.graph_objects as go

from hybridcore import figures as shared
from hybridcore.figures import PALETTE, lay_out, seconds_axis
from hybridcore.gait.align import HEIGHT, WIDTH
from hybridcore.gait.energy import energy_picture
from hybridcore.gait.gallery import Gallery
from hybridcore.gait.identification import distances
from hybridcore.gait.model import VIEWS, GaitConfig
from hybridcore.gait.result import GaitResult, Identity, Walk
from hybridcore.layers.recurrent import LSTMTrace

THUMBNAILS = 30  # silhouettes in a strip
MAX_CYCLES = 8  # energy images side by side
_GREY = PALETTE[7]


def colour_of(walk: Walk) -> str:
    """The colour of one walker on the whole page."""
    return PALETTE[(walk.id - 1) % len(PALETTE)]


def png(picture: np.ndarray) -> bytes:
    """uint8 ``[h, w]`` grey, or ``[h, w, 3]`` RGB, as the content of a PNG file."""
    bgr = picture if picture.ndim == 2 else cv2.cvtColor(picture, cv2.COLOR_RGB2BGR)
    return bytes(cv2.imencode(".png", bgr)[1])


def energy_sheet(result: GaitResult) -> np.ndarray:
    """The energy image of every walk side by side, uint8 ``[64, 44 * walks]``; one column of grey
    between them. Walks without a usable silhouette are black.
    """
    tiles: list[np.ndarray] = []
    for walk in result.walks:
        energy = walk.energy
        tiles += [
            np.full((HEIGHT, 1), 128, np.uint8),
            np.zeros((HEIGHT, WIDTH), np.uint8) if energy is None else energy_picture(energy),
        ]
    return np.concatenate(tiles[1:], 1) if tiles else np.zeros((HEIGHT, WIDTH), np.uint8)


def width_signal(walk: Walk, duration: float) -> go.Figure:
    """Width of the lower half over time; steps as dots, cycles as bands."""
    figure = go.Figure()
    times, width = walk.used_times, walk.rhythm.width
    figure.add_scatter(
        x=times, y=width, mode="lines", name="width of the lower half",
        line={"color": colour_of(walk), "width": 2}, hovertemplate="%{x:.2f} s, %{y:.3f}",
    )
    steps = list(walk.rhythm.steps)
    figure.add_scatter(
        x=times[steps], y=width[steps], mode="markers", name="step",
        marker={"color": PALETTE[5], "size": 9}, hovertemplate="step at %{x:.2f} s",
    )
    for k, cycle in enumerate(walk.rhythm.cycles):
        figure.add_vrect(
            x0=cycle.start, x1=cycle.end, line_width=0, layer="below", fillcolor=_GREY,
            opacity=0.10 + 0.10 * (k % 2), annotation_text=f"cycle {k + 1}",
            annotation_position="bottom left", annotation_font_size=11,
        )
    figure.update_yaxes(title="share of the height")
    seconds_axis(figure, duration)
    return lay_out(figure, height=240, over_time=True)


def silhouette_strip(walk: Walk, duration: float) -> go.Figure:
    """Silhouettes of one walk at their times."""
    sheet = np.zeros((HEIGHT, THUMBNAILS * WIDTH), np.uint8)
    slot = max(duration, 1e-3) / THUMBNAILS
    middles = (np.arange(THUMBNAILS) + 0.5) * slot
    nearest = np.abs(walk.times[None] - middles[:, None]).argmin(1)
    for k, at in enumerate(nearest):
        if abs(walk.times[at] - middles[k]) <= slot / 2:
            sheet[:, k * WIDTH : (k + 1) * WIDTH] = walk.silhouettes[at]
    figure = go.Figure()
    figure.add_layout_image(
        source=_data_url(sheet), xref="x", yref="y", x=0, y=1, sizex=THUMBNAILS * slot, sizey=1,
        sizing="stretch", layer="below",
    )
    # Something must be drawn for the axes to be there.
    figure.add_scatter(x=[0, duration], y=[0.5, 0.5], mode="lines", opacity=0, hoverinfo="skip",
                       showlegend=False)
    figure.update_yaxes(visible=False, range=[0, 1], fixedrange=True)
    seconds_axis(figure, duration)
    return lay_out(figure, height=120)


def energies(walk: Walk) -> go.Figure:
    """The energy image of the walk, its entropy image, and the energy image of each cycle."""
    found: list[tuple[str, np.ndarray]] = []
    if (energy := walk.energy) is not None and (entropy := walk.entropy) is not None:
        found = [("<b>energy</b>", energy), ("<b>entropy</b>", entropy)]
        for k, each in enumerate(walk.cycle_energies[:MAX_CYCLES]):
            found.append((f"cycle {k + 1}", each))
    return _pictures([(name, np.repeat(energy_picture(p)[..., None], 3, 2)) for name, p in found])


def compare(one: Walk, other: Walk) -> go.Figure:
    """Two energy images side by side, and their difference: orange where the first has more."""
    first, second = one.energy, other.energy
    if first is None or second is None:
        return _pictures([])
    difference = first - second
    more, less = np.clip(difference, 0, 1), np.clip(-difference, 0, 1)
    colour = np.stack([1 - less, 1 - 0.5 * more - 0.4 * less, 1 - more], -1)
    return _pictures([
        (one.name, np.repeat(energy_picture(first)[..., None], 3, 2)),
        (other.name, np.repeat(energy_picture(second)[..., None], 3, 2)),
        ("difference", energy_picture(colour)),
    ])


def stance(walk: Walk, duration: float) -> go.Figure:
    """Where feet touch the ground over time: level streaks are stances, slopes are swings."""
    every = max(1, len(walk.times) // 1200)
    times = walk.times[::every]
    lefts = np.round(walk.boxes[::every, 0] * walk.feet_width).astype(int)
    first = int(lefts.min())
    last = max(
        int(left) + len(feet) for left, feet in zip(lefts, walk.feet[::every], strict=True))
    floor = np.zeros((last - first, len(times)), np.uint8)
    for k, (left, feet) in enumerate(zip(lefts, walk.feet[::every], strict=True)):
        floor[left - first : left - first + len(feet), k] = feet
    share = (np.arange(first, last) + 0.5) / walk.feet_width
    figure = go.Figure(go.Heatmap(
        z=floor, x=times, y=share, zmin=0, zmax=1, showscale=False,
        colorscale=[[0, "rgba(0,0,0,0)"], [1, colour_of(walk)]],
        hovertemplate="%{x:.2f} s, %{y:.2f} of the width<extra></extra>",
    ))
    figure.update_yaxes(title="place across the picture")
    seconds_axis(figure, duration)
    return lay_out(figure, height=260)


def sure_from(apart: np.ndarray, threshold: float) -> int | None:
    """The silhouette from which the decision (nearest name, accepted or not) changes no more.

    apart: distances float ``[m, names]``. None where nothing is compared.
    """
    if apart.size == 0:
        return None
    decision = np.where(apart.min(1) <= threshold, apart.argmin(1), -1)
    changes = np.flatnonzero(decision != decision[-1])
    return int(changes[-1]) + 1 if len(changes) else 0


def distances_to(identity: Identity, gallery: Gallery) -> tuple[list[str], np.ndarray]:
    """Names, and float32 ``[m, names]``: how far the evidence is from each name's nearest walk."""
    enrolled, known = gallery.embeddings()
    names = sorted(set(enrolled))
    if not names or known.shape[1] != identity.evidence.shape[1]:
        return [], np.empty((len(identity.at), 0), np.float32)
    each = distances(identity.evidence, known)
    column = np.array(enrolled)
    return names, np.stack([each[:, column == name].min(1) for name in names], 1)


def evidence(walk: Walk, gallery: Gallery, duration: float) -> go.Figure:
    """How far the walk so far is from the nearest enrolled names, at every silhouette.

    Before anybody is enrolled: how far it is from what the whole walk will say.
    """
    figure = go.Figure()
    identity = walk.identity
    if identity is not None:
        times = walk.used_times[identity.at]
        names, apart = distances_to(identity, gallery)
        if names:
            for k, column in enumerate(np.argsort(apart[-1])[:5]):
                figure.add_scatter(
                    x=times, y=apart[:, column], name=names[column], mode="lines",
                    line={"color": PALETTE[k], "width": 2.5 if k == 0 else 1.5},
                    hovertemplate="%{y:.3f}",
                )
            figure.add_hline(
                y=gallery.threshold, line={"dash": "dash", "color": _GREY},
                annotation_text="accepted up to here", annotation_position="bottom right")
            sure = sure_from(apart, gallery.threshold)
            if sure is not None:
                figure.add_vline(
                    x=float(times[sure]), line={"dash": "dot", "color": _GREY},
                    annotation_text=f"sure from silhouette {sure + 1}")
        else:
            still_to_go = distances(identity.evidence, identity.embedding[None])[:, 0]
            figure.add_scatter(
                x=times, y=still_to_go, mode="lines",
                name="distance to the whole walk", line={"color": colour_of(walk), "width": 2},
                hovertemplate="%{y:.3f}",
            )
    figure.update_yaxes(title="distance of embeddings", rangemode="tozero")
    seconds_axis(figure, duration)
    return lay_out(figure, height=280, over_time=True)


def embedding_map(result: GaitResult, gallery: Gallery) -> go.Figure:
    """Enrolled walks and those of this clip in the plane that shows most of their spread (PCA)."""
    enrolled, known = gallery.embeddings()
    walks = [walk for walk in result.walks if walk.identity is not None]
    probes = np.array([walk.identity.embedding for walk in walks if walk.identity is not None])
    points = np.concatenate([p for p in (known, probes) if p.size]) if known.size or probes.size \
        else np.empty((0, 2), np.float32)
    figure = go.Figure()
    if len(points) >= 2:
        centred = points - points.mean(0)
        _, _, axes = np.linalg.svd(centred, full_matrices=False)
        plane = centred @ axes[:2].T
        plane = np.pad(plane, ((0, 0), (0, 2 - plane.shape[1])))
        for k, name in enumerate(sorted(set(enrolled))):
            mine = np.flatnonzero(np.array(enrolled) == name)
            figure.add_scatter(
                x=plane[mine, 0], y=plane[mine, 1], mode="markers", name=name,
                marker={"color": PALETTE[k % len(PALETTE)], "size": 9},
            )
        for walk, (x, y) in zip(walks, plane[len(enrolled):], strict=True):
            figure.add_scatter(
                x=[x], y=[y], mode="markers+text", name=walk.name, text=[walk.name],
                textposition="top center", showlegend=False,
                marker={"symbol": "star", "size": 14, "color": colour_of(walk),
                        "line": {"width": 1, "color": _GREY}},
            )
    figure.update_xaxes(showticklabels=False, zeroline=False)
    figure.update_yaxes(showticklabels=False, zeroline=False, scaleanchor="x")
    return lay_out(figure, height=360)


def view_bars(walk: Walk) -> go.Figure:
    """Probability of each angle between the walk and the camera."""
    identity = walk.identity
    chance = np.zeros(len(VIEWS)) if identity is None else identity.views[-1]
    figure = go.Figure(go.Bar(
        x=[f"{v}°" for v in VIEWS], y=chance, marker={"color": colour_of(walk)},
        hovertemplate="%{x}: %{y:.0%}<extra></extra>"))
    figure.update_yaxes(title="probability", range=[0, 1])
    figure.update_xaxes(title="0° towards the camera, 90° across, 180° away")
    return lay_out(figure, height=220)


def busiest_units(trace: LSTMTrace) -> np.ndarray:
    """LSTM units, those first whose hidden state swings most with the walk."""
    return np.argsort(-trace.h.std(0))


def gate_maps(trace: LSTMTrace, times: np.ndarray, units: np.ndarray) -> go.Figure:
    """Heat maps of gates and states over time, one row a unit."""
    figure = shared.gate_maps(
        trace, times, units, [f"unit {unit}" for unit in units], where="%{x:.2f} s")
    return figure.update_xaxes(title="seconds", row=3)


def data_flow(walk: Walk, config: GaitConfig) -> go.Figure:
    """The way of this walk's tensors through the network, with their shapes."""
    n, m = len(walk.frames), 0 if walk.identity is None else len(walk.identity.at)
    third = config.channels[-1]
    return shared.data_flow([
        ("boxes", f"{n} frames"),
        ("align", f"uint8 [{n},<br>64, 44]"),
        ("CNN", f"[{m}, {third},<br>16, 11]"),
        ("strips", f"x_t [{m},<br>{config.strips * config.strip_dim}]"),
        ("LSTM", f"h_t, c_t<br>[{m}, {config.hidden}]"),
        ("mean so far", f"[{m}, {config.hidden}]"),
        ("embedding", f"e_t [{m}, {config.dim}]"),
        ("view", f"[{m}, {len(VIEWS)}]"),
    ], given=2)


def _pictures(found: list[tuple[str, np.ndarray]]) -> go.Figure:
    """Small RGB pictures uint8 ``[64, 44, 3]`` in a row, each over its name."""
    figure = go.Figure()
    gap = 6
    for k, (name, picture) in enumerate(found):
        x = k * (WIDTH + gap)
        figure.add_layout_image(
            source=_data_url(picture), xref="x", yref="y", x=x, y=0, sizex=WIDTH, sizey=HEIGHT,
            sizing="stretch", layer="above")
        figure.add_annotation(
            x=x + WIDTH / 2, y=HEIGHT + 1, yanchor="top", showarrow=False, text=name)
    figure.update_xaxes(visible=False, range=[0, max(len(found), 6) * (WIDTH + gap)])
    figure.update_yaxes(visible=False, range=[HEIGHT + 12, 0], scaleanchor="x")
    return lay_out(figure, height=230)


def _data_url(picture: np.ndarray) -> str:
    return "data:image/png;base64," + base64.b64encode(png(picture)).decode()
