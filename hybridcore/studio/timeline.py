"""Charts that run over the time of a player: its playhead moves in them, a click seeks, and their
time stands exactly below that of its strips."""

from __future__ import annotations

from typing import Literal

import plotly.graph_objects as go
import streamlit as st

from hybridcore.studio.address import presenting

AXIS = 56  # px left of the plot area, for the y axis; `--axis` of page.css
# Plotly's own tool bar lies over the legend; a double click still undoes a zoom.
CONFIG = {"displayModeBar": False}
# A stage is 400 px high before it is enlarged, so that no letter is too small; this is left of it.
_STAGE_HEIGHT = 300


def height_of(figure: go.Figure) -> int | Literal["content"]:
    """How high a figure is drawn: as it is, or as a stage allows."""
    own = figure.layout.height
    return _STAGE_HEIGHT if presenting() and (own is None or own > _STAGE_HEIGHT) else "content"


def timeline_layout(figure: go.Figure, key: str, x: Literal["time", "frame"] = "time") -> go.Figure:
    """Let a Plotly figure follow the player `key`: a moving line, and a click seeks.

    Args:
        figure: changed in place.
        key: the player's key.
        x: whether the x axes count seconds or frames.

    Returns:
        The same figure.
    """
    return figure.update_layout(meta={"timeline": key, "x": x})


def show_timeline(
    figure: go.Figure, key: str, name: str, alt: str, span: tuple[float, float] | None = None
) -> None:
    """Show a figure over seconds that follows the player `key`.

    Args:
        figure: changed in place, as in `timeline_layout`.
        name: unique among the figures of this player.
        alt: what the figure shows, for those who cannot see it.
        span: seconds at which the player's strips begin and end.
    """
    timeline_layout(figure, key)
    figure.update_layout(margin={"l": AXIS, "r": 0})
    figure.update_yaxes(automargin=False, title_standoff=4)
    figure.update_xaxes(automargin="height")
    if span is not None:
        figure.update_xaxes(range=list(span))
    with st.container(key=f"{key}-over-time-{name}"):
        st.plotly_chart(figure, key=f"{key}.{name}", alt=alt, config=CONFIG,
                        height=height_of(figure))
