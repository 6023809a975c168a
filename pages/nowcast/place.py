"""The map that a click chooses a point on."""

from __future__ import annotations

import streamlit as st

from hybridcore.media.radar import RadarSequence
from hybridcore.nowcast.colours import rain_ramp
from hybridcore.nowcast.figures import motion
from hybridcore.nowcast.place import written
from hybridcore.nowcast.result import NowcastResult
from hybridcore.studio.address import presenting
from hybridcore.studio.page import Page
from hybridcore.studio.problems import stop_on_problem
from hybridcore.studio.timeline import CONFIG
from hybridcore.studio.widget_state import event

_HEIGHT = 380  # px


def choose_place(page: Page) -> None:
    """The rain now with its motion; a click sets the option ``point``."""
    if presenting():
        return
    assert isinstance(page.source, RadarSequence)
    source, option = page.source, page.name("point")
    with stop_on_problem():
        result: NowcastResult = page.model.finish(page.outputs, source, page.kind, **{
            key: value for key, value in page.options.items() if not page.system.option(key).rerun})
    row = st.container(horizontal=True, vertical_alignment="center")
    row.markdown("**Choose a point**")
    row.caption(f"Click the map: it is {result.place.text} now. Arrows: the way of 20 minutes.")
    row.button("Where most rain comes by", icon=":material/restart_alt:", on_click=_set,
               args=(option, ""), disabled=not page.options["point"])
    # Another chart after each click, in which nothing is selected yet.
    key = page.name(f"map.{page.options['point']}.{page.kind}")

    def click() -> None:
        points = (event(key, "selection") or {}).get("points", [])
        named = [point["customdata"] for point in points if point.get("customdata")]
        if named:
            at = named[0].values() if isinstance(named[0], dict) else named[0]
            at_row, at_column = map(int, at)
            _set(option, written(source, at_row, at_column))

    st.plotly_chart(
        motion(result, rain_ramp(result.colours), height=_HEIGHT, clicks=True), key=key,
        on_select=click, config=CONFIG, selection_mode="points",
        alt=f"The rain at {result.clock(result.now)} with its motion, and the point, "
            f"{result.place.text}")


def _set(option: str, value: str) -> None:
    st.session_state[option] = value
