"""Gait results -> Plotly figures and pictures; pure functions.

The x axis of every figure over time is seconds, so a page can let it follow its player.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence

import cv2
import numpy as np
import plotly.graph_objects as go

from hybridcore.figures import GREY, PALETTE, every, lay_out, seconds_axis
from hybridcore.gait.align import HEIGHT, WIDTH
from hybridcore.gait.energy import energy_picture
from hybridcore.gait.identification import KnownWalks, distances
from hybridcore.gait.model import VIEWS
from hybridcore.gait.result import GaitResult
from hybridcore.gait.seen_before import similarities
from hybridcore.gait.walk import Walk
from hybridcore.media.redraw import put_text
from hybridcore.text import percent

THUMBNAILS = 30  # silhouettes in a strip
MAX_CYCLES = 8  # energy images side by side
_LEGIBLE = 12  # walks whose similarities have space for their numbers
ENLARGED, LABEL = 8, 40  # px of the energy sheet: a pixel of an energy image; a walk's name


def colour_of(walk: Walk) -> str:
    """The colour of one walker on the whole page."""
    return PALETTE[(walk.id - 1) % len(PALETTE)]


def png(picture: np.ndarray) -> bytes:
    """uint8 ``[h, w]`` grey, or ``[h, w, 3]`` RGB, as the content of a PNG file."""
    bgr = picture if picture.ndim == 2 else cv2.cvtColor(picture, cv2.COLOR_RGB2BGR)
    return bytes(cv2.imencode(".png", bgr)[1])


def energy_sheet(result: GaitResult) -> np.ndarray:
    """The energy image of every walk, side by side under their names, uint8 grey.

    Every pixel is a square of 8 x 8, so that the picture can be looked at and is still exact; a
    column of grey stands between two walks. Walks without a usable silhouette are black.
    """
    tiles: list[np.ndarray] = []
    for walk in result.walks:
        energy = np.zeros((HEIGHT, WIDTH)) if walk.energy is None else walk.energy
        tile = np.kron(energy_picture(energy), np.ones((ENLARGED, ENLARGED), np.uint8))
        label = np.zeros((LABEL, tile.shape[1]), np.uint8)
        put_text(label, walk.name, (8, round(0.7 * LABEL)), LABEL // 2)
        tiles += [np.full((LABEL + len(tile), ENLARGED), 128, np.uint8),
                  np.concatenate([label, tile])]
    return np.concatenate(tiles[1:], 1) if tiles else np.zeros(
        (LABEL + ENLARGED * HEIGHT, ENLARGED * WIDTH), np.uint8)


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
        marker={"color": "white", "size": 9, "line": {"color": colour_of(walk), "width": 2}},
        hovertemplate="step at %{x:.2f} s",
    )
    for k, cycle in enumerate(walk.rhythm.cycles):
        figure.add_vrect(
            x0=cycle.start, x1=cycle.end, line_width=0, layer="below", fillcolor=GREY,
            opacity=0.10 + 0.10 * (k % 2), annotation_text=f"cycle {k + 1}",
            annotation_position="bottom left", annotation_font_size=11,
        )
    figure.update_yaxes(title="share of body height")
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
    images: list[tuple[str, np.ndarray]] = []
    if (energy := walk.energy) is not None and (entropy := walk.entropy) is not None:
        images = [("<b>energy</b>", energy), ("<b>entropy</b>", entropy)]
        for k, each in enumerate(walk.cycle_energies[:MAX_CYCLES]):
            images.append((f"cycle {k + 1}", each))
    return _pictures([(name, _grey(image)) for name, image in images])


def compare(walk: Walk, others: Sequence[Walk]) -> go.Figure:
    """The energy image of a walk, and beside it each of others with the difference: orange where
    the walk has more, blue where the other has."""
    energy = walk.energy
    pictures: list[tuple[str, np.ndarray]] = []
    if energy is not None:
        pictures.append((f"<b>{walk.name}</b>", _grey(energy)))
        for other in others:
            if other.energy is not None:
                pictures += [(other.name, _grey(other.energy)),
                             ("difference", _difference(energy - other.energy))]
    return _pictures(pictures)


def stance(walk: Walk, duration: float) -> go.Figure:
    """Where feet touch the ground over time: level streaks are stances, slopes are swings."""
    thin = every(len(walk.times))
    feet = walk.feet[thin]
    touched = np.flatnonzero(feet.any(0))
    first, last = (touched[0], touched[-1] + 1) if len(touched) else (0, feet.shape[1])
    share = (np.arange(first, last) + 0.5) / feet.shape[1]
    figure = go.Figure(go.Heatmap(
        z=feet[:, first:last].T.astype(np.uint8), x=walk.times[thin], y=share, zmin=0, zmax=1,
        showscale=False,
        colorscale=[[0, "rgba(0,0,0,0)"], [1, colour_of(walk)]],
        hovertemplate="%{x:.2f} s, %{y:.2f} of the width<extra></extra>",
    ))
    figure.update_yaxes(title="position across the picture")
    seconds_axis(figure, duration)
    return lay_out(figure, height=260)


def decided_from(apart: np.ndarray, threshold: float) -> int | None:
    """The silhouette from which the decision (nearest name, accepted or not) changes no more.

    apart: distances float ``[m, names]``. None where nothing is compared.
    """
    if apart.size == 0:
        return None
    decision = np.where(apart.min(1) <= threshold, apart.argmin(1), -1)
    changes = np.flatnonzero(decision != decision[-1])
    return int(changes[-1]) + 1 if len(changes) else 0


def evidence(walk: Walk, known: KnownWalks, duration: float) -> go.Figure:
    """How far the walk so far is from the nearest enrolled names, at every silhouette.

    Before anybody is enrolled: how far it is from what the whole walk will say.
    """
    figure = go.Figure()
    identity = walk.identity
    if identity is not None:
        times = walk.used_times[identity.at]
        names, apart = known.distances_to(identity.evidence)
        if names:
            for k, column in enumerate(np.argsort(apart[-1])[:5]):
                figure.add_scatter(
                    x=times, y=apart[:, column], name=names[column], mode="lines",
                    line={"color": PALETTE[k], "width": 2.5 if k == 0 else 1.5},
                    hovertemplate="%{y:.3f}",
                )
            figure.add_hline(
                y=known.threshold, line={"dash": "dash", "color": GREY},
                annotation_text="accepted below this line", annotation_position="bottom right")
            decided = decided_from(apart, known.threshold)
            if decided is not None:
                figure.add_vline(
                    x=float(times[decided]), line={"dash": "dot", "color": GREY},
                    annotation_text=f"decided from silhouette {decided + 1}")
        else:
            still_to_go = distances(identity.evidence, identity.embedding[None])[:, 0]
            figure.add_scatter(
                x=times, y=still_to_go, mode="lines",
                name="distance to the whole walk's embedding",
                line={"color": colour_of(walk), "width": 2},
                hovertemplate="%{y:.3f}",
            )
    figure.update_yaxes(title="embedding distance", rangemode="tozero")
    seconds_axis(figure, duration)
    return lay_out(figure, height=280, over_time=True)


def embedding_map(result: GaitResult) -> go.Figure:
    """Enrolled walks and those of this clip, at least two, in the plane that shows most of their
    spread (PCA)."""
    known = result.known
    walks = [walk for walk in result.walks if walk.identity is not None]
    probes = [walk.identity.embedding for walk in walks if walk.identity is not None]
    points = np.array([*known.embeddings, *probes])
    figure = go.Figure()
    centred = points - points.mean(0)
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    plane = centred @ axes[:2].T
    plane = np.pad(plane, ((0, 0), (0, 2 - plane.shape[1])))
    for k, name in enumerate(sorted(set(known.names))):
        mine = np.flatnonzero(np.array(known.names) == name)
        figure.add_scatter(
            x=plane[mine, 0], y=plane[mine, 1], mode="markers", name=name,
            marker={"color": PALETTE[k % len(PALETTE)], "size": 9},
        )
    for walk, (x, y) in zip(walks, plane[len(known.names):], strict=True):
        figure.add_scatter(
            x=[x], y=[y], mode="markers+text", name=walk.name, text=[walk.name],
            textposition="top center", showlegend=False,
            marker={"symbol": "star", "size": 14, "color": colour_of(walk),
                    "line": {"width": 1, "color": GREY}},
        )
    figure.update_xaxes(showticklabels=False, zeroline=False)
    figure.update_yaxes(showticklabels=False, zeroline=False, scaleanchor="x")
    return lay_out(figure, height=360)


def alike(walks: Sequence[Walk]) -> go.Figure:
    """How alike the clothes of walks are, each against each; all of them have some."""
    matrix = similarities([walk.clothes for walk in walks if walk.clothes is not None])
    names = [walk.name for walk in walks]
    figure = go.Figure(go.Heatmap(
        z=matrix, x=names, y=names, zmin=0, zmax=1, colorscale="Blues",
        text=matrix.round(2), texttemplate="%{text}" if len(names) <= _LEGIBLE else None,
        colorbar={"title": "similarity"},
        hovertemplate="%{y} and %{x}: %{z:.2f}<extra></extra>"))
    figure.update_yaxes(autorange="reversed")
    return lay_out(figure, height=80 + 36 * min(len(names), 12))


def view_bars(walk: Walk) -> go.Figure:
    """Probability of each angle between the walk and the camera."""
    identity = walk.identity
    chance = np.zeros(len(VIEWS)) if identity is None else identity.views[-1]
    figure = go.Figure(go.Bar(
        x=[f"{v}°" for v in VIEWS], y=chance, marker={"color": colour_of(walk)},
        customdata=[percent(p) for p in chance],
        hovertemplate="%{x}: %{customdata}<extra></extra>"))
    figure.update_yaxes(title="probability", range=[0, 1])
    figure.update_xaxes(title="0° towards the camera, 90° across, 180° away")
    return lay_out(figure, height=220)


def _grey(energy: np.ndarray) -> np.ndarray:
    """Levels 0..1 ``[64, 44]`` as a grey picture."""
    return np.repeat(energy_picture(energy)[..., None], 3, 2)


def _difference(difference: np.ndarray) -> np.ndarray:
    """Levels -1..1 ``[64, 44]`` as a picture: orange where positive, blue where negative."""
    more, less = np.clip(difference, 0, 1), np.clip(-difference, 0, 1)
    return energy_picture(np.stack([1 - less, 1 - 0.5 * more - 0.4 * less, 1 - more], -1))


def _pictures(pictures: list[tuple[str, np.ndarray]]) -> go.Figure:
    """Small RGB pictures uint8 ``[64, 44, 3]`` in a row, each over its name."""
    figure = go.Figure()
    gap = 6
    for k, (name, picture) in enumerate(pictures):
        x = k * (WIDTH + gap)
        figure.add_layout_image(
            source=_data_url(picture), xref="x", yref="y", x=x, y=0, sizex=WIDTH, sizey=HEIGHT,
            sizing="stretch", layer="above")
        figure.add_annotation(
            x=x + WIDTH / 2, y=HEIGHT + 1, yanchor="top", showarrow=False, text=name)
    figure.update_xaxes(visible=False, range=[0, max(len(pictures), 6) * (WIDTH + gap)])
    figure.update_yaxes(visible=False, range=[HEIGHT + 12, 0], scaleanchor="x")
    return lay_out(figure, height=230)


def _data_url(picture: np.ndarray) -> str:
    return "data:image/png;base64," + base64.b64encode(png(picture)).decode()
