"""Results along DNA as Plotly figures. Pure functions; positions are shown counted from 1."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from hybridcore.dna.glyphs import add_logo
from hybridcore.dna.letters import BASES
from hybridcore.dna.motifs import Firing, information
from hybridcore.dna.mutagenesis import MutationMap
from hybridcore.dna.result import STRANDS, Scanned
from hybridcore.figures import GREY, INK, MAX_POINTS, PALETTE, lay_out

STRAND_COLOURS = (PALETTE[0], PALETTE[5])
_CHANGES = ((0.0, "#B2182B"), (0.5, "#F7F7F7"), (1.0, "#2166AC"))  # lost, none, won
# A click is heard within 20 px of a marker, so these cover the track.
_CLICKS, _HEIGHTS = 400, (0.15, 0.5, 0.85)
_CLICKED = {"color": GREY, "size": 9, "opacity": 0}
_LETTERS = 12  # px, on a bench, so that a stage enlarges them enough
LETTER, BASE = "letter", "base"  # what a click on the bench names


def bench(
    sequence: Scanned, effects: MutationMap, threshold: float, title: str
) -> go.Figure:
    """The track of both strands along a whole sequence; below it a window of it, letter by letter:
    what each is worth, and what every change of one would do.

    What can be clicked carries as ``customdata`` (``letter``, position) or (``base``, position,
    base), positions counted from 0.
    """
    figure = make_subplots(rows=3, cols=1, row_heights=[0.3, 0.35, 0.35], vertical_spacing=0.1)
    _add_track(figure, sequence, threshold, title)
    length = len(effects.letters)
    places = np.arange(effects.start, effects.start + length)
    inside = (places >= 0) & (places < len(sequence.letters))
    places, letters = places[inside], effects.letters[inside]
    worth = effects.importance[inside]
    figure.add_vrect(
        x0=places[0] + 0.5, x1=places[-1] + 1.5, row=1, col=1, fillcolor=GREY, opacity=0.16,
        line_width=0)
    add_logo(figure, letters * worth[:, None], places + 1.0, row=2, hover=[
        f"{p + 1} {sequence.letters[p]}<br>worth {w:+.2f}"
        for p, w in zip(places, worth, strict=True)])
    changes = effects.effects[inside]
    _add_map(figure, sequence, places, changes)
    changed = [m.position for m in sequence.mutations if m.position in places]
    if changed:
        figure.add_scatter(
            x=np.array(changed) + 1, y=[0.0] * len(changed), row=2, col=1, mode="markers",
            marker={"symbol": "triangle-up", "size": 10, "color": INK}, name="changed letter",
            hovertemplate="%{x} changed<extra></extra>")
    ends = [float(places[0]) + 0.4, float(places[-1]) + 1.6]
    figure.update_xaxes(range=ends, showticklabels=False, row=2)
    figure.update_xaxes(range=ends, matches="x2", title="letter", row=3)
    figure.update_xaxes(range=[0.5, len(sequence.letters) + 0.5], row=1)
    figure.update_yaxes(range=[0, 1.04], title="probability", row=1)
    figure.update_yaxes(title="worth", row=2)
    figure.update_yaxes(title="instead", tickvals=list(BASES), row=3)
    for update in (figure.update_xaxes, figure.update_yaxes):
        update(tickfont={"size": _LETTERS})
    return lay_out(figure, height=430).update_layout(
        dragmode=False, legend={"font": {"size": _LETTERS}})


def _add_track(
    figure: go.Figure, sequence: Scanned, threshold: float, title: str
) -> None:
    count = len(sequence.letters)
    x = np.arange(count) + 1
    if count > MAX_POINTS:  # the highest of each stretch
        edges = np.linspace(0, count, MAX_POINTS + 1).astype(int)[:-1]
        x = edges + 1
        tracks = np.maximum.reduceat(sequence.probabilities, edges, axis=1)
    else:
        tracks = sequence.probabilities
    for strand, values, colour in zip(STRANDS, tracks, STRAND_COLOURS, strict=True):
        figure.add_scatter(
            x=x, y=values, row=1, col=1, mode="lines", name=f"{title}, strand {strand}",
            line={"color": colour, "width": 2}, hovertemplate="%{x}: %{y:.1%}")
    figure.add_hline(y=threshold, row=1, col=1, line={"color": GREY, "width": 1, "dash": "dot"})
    if sequence.sites:
        figure.add_scatter(
            x=[site.position + 1 for site in sequence.sites],
            y=[site.probability for site in sequence.sites], row=1, col=1,
            mode="markers", name="site", hovertemplate="%{x}: %{y:.1%}<extra>site</extra>",
            marker={"color": INK, "size": 8, "symbol": "diamond"})
    clicked = np.linspace(0, count - 1, min(count, _CLICKS)).round().astype(int)
    places, heights = (grid.ravel() for grid in np.meshgrid(clicked, _HEIGHTS))
    figure.add_scatter(
        x=places + 1, y=heights, row=1, col=1, mode="markers", marker=_CLICKED, hoverinfo="none",
        showlegend=False, customdata=[(LETTER, int(p)) for p in places],
        selected={"marker": {"opacity": 0}}, unselected={"marker": {"opacity": 0}})


def _add_map(
    figure: go.Figure, sequence: Scanned, places: np.ndarray, changes: np.ndarray
) -> None:
    most = max(1.0, float(np.nanmax(np.abs(changes), initial=0.0)))
    levels = np.where(np.isnan(changes), 0.0, changes) / most
    figure.add_heatmap(
        row=3, col=1, x=places + 1, y=list(BASES), z=np.round(127.5 + 127.5 * levels.T)
        .astype(np.uint8), zmin=0, zmax=255, colorscale=_CHANGES, showscale=False, xgap=1, ygap=1,
        hoverinfo="skip", text=[[base if sequence.letters[p] == base else "" for p in places]
                                for base in BASES],
        texttemplate="%{text}", textfont={"size": 12, "color": "#333333"})
    texts, data, xs, ys = [], [], [], []
    for p, row in zip(places, changes, strict=True):
        for base, change in zip(BASES, row, strict=True):
            same = sequence.letters[p] == base
            texts.append(f"{p + 1} {base}, as it is" if same else
                         f"{p + 1} {sequence.letters[p]} > {base}: {change:+.2f}")
            data.append((BASE, int(p), base))
            xs.append(p + 1)
            ys.append(base)
    figure.add_scatter(
        x=xs, y=ys, row=3, col=1, mode="markers", marker=_CLICKED, text=texts, customdata=data,
        showlegend=False, hovertemplate="%{text}<extra></extra>",
        selected={"marker": {"opacity": 0}}, unselected={"marker": {"opacity": 0}})


def networks(tracks: Mapping[str, np.ndarray]) -> go.Figure:
    """The likelier strand along a sequence under several networks: title -> ``[n]``."""
    figure = go.Figure()
    for (title, values), colour in zip(tracks.items(), PALETTE, strict=False):
        thin = max(1, -(-len(values) // MAX_POINTS))
        figure.add_scatter(x=np.arange(1, len(values) + 1, thin), y=values[::thin], name=title,
                           mode="lines", line={"color": colour, "width": 2},
                           hovertemplate="%{x}: %{y:.1%}")
    figure.update_yaxes(range=[0, 1.04], title="probability")
    figure.update_xaxes(title="letter")
    return lay_out(figure, height=260, over_time=True)


def apart(
    spacings: np.ndarray, found: Mapping[str, np.ndarray], halves: tuple[str, str], natural: int
) -> go.Figure:
    """Log-odds with two stretches of letters so far apart: title -> ``[spacings, tries]``; a line
    is the mean, its band two standard errors."""
    figure = go.Figure()
    for (title, values), colour in zip(found.items(), PALETTE, strict=False):
        mean, error = values.mean(1), 2 * values.std(1, ddof=1) / np.sqrt(values.shape[1])
        figure.add_scatter(
            x=np.concatenate([spacings, spacings[::-1]]),
            y=np.concatenate([mean + error, (mean - error)[::-1]]), fill="toself", mode="none",
            fillcolor=colour, opacity=0.18, showlegend=False, hoverinfo="skip")
        figure.add_scatter(x=spacings, y=mean, name=title, mode="lines",
                           line={"color": colour, "width": 2},
                           hovertemplate="%{x} letters: %{y:+.2f}")
    figure.add_vline(x=natural, line={"color": GREY, "width": 1, "dash": "dot"})
    figure.update_xaxes(title=f"letters between {halves[0]} and {halves[1]}")
    figure.update_yaxes(title="log-odds")
    return lay_out(figure, height=320, over_time=True)


def logos(firings: Sequence[Firing], shares: np.ndarray, titles: Sequence[str]) -> go.Figure:
    """The motif of each scanner as a logo, ``shares [motifs, kernel, 4]``, under its title."""
    figure = make_subplots(rows=len(firings), cols=1, vertical_spacing=0.3 / len(firings),
                           subplot_titles=list(titles))
    for k, firing in enumerate(firings):
        own = shares[firing.motif]
        add_logo(figure, own * information(own)[:, None], np.arange(len(own)) + 1.0, row=k + 1)
        figure.update_yaxes(range=[0, 2], row=k + 1, tickvals=[0, 1, 2])
    figure.update_xaxes(showticklabels=False)
    return lay_out(figure, height=60 + 110 * len(firings)).update_layout(margin={"t": 28})

