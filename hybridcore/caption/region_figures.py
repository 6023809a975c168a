"""Regions of words -> what is drawn of them: over the picture of a sentence, and as a chart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from hybridcore.caption.word_regions import WordRegion, enlarged
from hybridcore.contrast import ink_on
from hybridcore.figures import PALETTE, lay_out
from hybridcore.text import percent
from hybridcore.view import Outlines

BOXES = "Boxes of the things seen"
_SIDES = ((0, 1), (1, 2), (2, 3), (3, 0))
_ALL = "all boxes"


def region_overlay(regions: Sequence[WordRegion], words: int) -> list[Outlines]:
    """The boxes with their phrases, the same beside each of so many words; none where there are no
    regions."""
    if not regions:
        return []
    corners = np.array([_corners(region) for region in regions], np.float32)  # [N, 4, 2]
    return [Outlines(
        BOXES, np.tile(corners, (words, 1, 1, 1)), _SIDES,
        [region.phrase for region in regions], colours(len(regions)), dots=False,
        codes=np.full((words, len(regions)), -1))]


def regions_picture(
    picture: np.ndarray, regions: Sequence[WordRegion],
    maps: Mapping[str, NDArray[np.floating]],
) -> go.Figure:
    """The picture (uint8 ``[h, w, 3]``) with a box and a phrase for each region; a list to choose
    one region by, which is then alone under the map of its word, ``[7, 7]``."""
    height, width = picture.shape[:2]
    figure = go.Figure(go.Image(z=picture, hoverinfo="skip"))
    paints, names = colours(len(regions)), []
    for number, (region, paint) in enumerate(zip(regions, paints, strict=True), 1):
        corners = np.array([*_corners(region), _corners(region)[0]]) * (width, height)
        names.append(f"{number} {region.phrase} · {percent(region.probability)}")
        figure.add_scatter(
            x=corners[:, 0], y=corners[:, 1], mode="lines", line={"color": paint, "width": 4},
            name=names[-1], hoverinfo="name", showlegend=False)
    for region in regions:
        fine = enlarged(maps[region.word])
        places = (np.arange(len(fine)) + 0.5) / len(fine)
        figure.add_heatmap(
            z=np.rint(255 * fine / fine.max()).astype(np.uint8), x=places * width,
            y=places * height, colorscale="Inferno", opacity=0.55, showscale=False, zsmooth="best",
            hoverinfo="skip", visible=False)
    notes = [
        {"x": region.box[0] * width, "y": region.box[1] * height, "text": region.phrase,
         "bgcolor": paint, "font": {"color": ink_on(paint), "size": 13}, "showarrow": False,
         "xanchor": "left", "yanchor": "top", "borderpad": 3}
        for region, paint in zip(regions, paints, strict=True)]
    count = len(regions)
    every = [True, *[True] * count, *[False] * count]
    buttons = [{"label": _ALL, "method": "update",
                "args": [{"visible": every}, {"annotations": notes}]}]
    for k, name in enumerate(names):
        alone = [at == k for at in range(count)]
        buttons.append({"label": name, "method": "update", "args": [
            {"visible": [True, *alone, *alone]}, {"annotations": [notes[k]]}]})
    figure.update_xaxes(visible=False, range=[0, width])
    figure.update_yaxes(visible=False, range=[height, 0], scaleanchor="x")
    figure = lay_out(figure, height=480)
    return figure.update_layout(annotations=notes, margin={"t": 48}, updatemenus=[{
        "buttons": buttons, "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom"}])


def colours(count: int) -> list[str]:
    """One a region."""
    return [PALETTE[k % (len(PALETTE) - 1)] for k in range(count)]


def _corners(region: WordRegion) -> list[tuple[float, float]]:
    x0, y0, x1, y1 = region.box
    return [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]
