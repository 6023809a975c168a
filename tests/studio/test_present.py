"""The stage: what of a page it leaves out, and where the tour leads."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from hybridcore.studio import present
from hybridcore.system import System
from hybridcore.systems import systems
from tests.pages.pages import ROOT as PROJECT
from tests.pages.pages import WAIT_SECONDS, open_page


def open_stage(key: str) -> AppTest:
    app = open_page(key)
    app.query_params["present"] = "1"
    app.run()
    assert not app.exception
    return app


def test_a_system_without_a_tour_has_a_stage(brightness: System) -> None:
    assert present.start(brightness) == {"present": "1", "sample": "tour"}
    app = open_stage("brightness")
    assert not app.get("download_button")
    assert not app.get("plotly_chart")


def wish_app(key: str, what: str, by: int, query: dict[str, str]) -> None:
    import streamlit as st

    from hybridcore.studio import address, present
    from hybridcore.systems import systems

    system = systems()[key]
    if "asked" not in st.session_state:
        st.query_params.from_dict(query)
        address._set_view(system, address.wanted(system))
        st.session_state["asked"] = True
        present._obey(system, what, by)
    st.json({"query": st.query_params.to_dict(), "next": st.session_state.get("stage.next"),
             "tab": address.open_tab(system)})


def after(key: str, what: str, by: int, **query: str) -> dict[str, Any]:
    """The address after a wish, where the tour leads, and the tab that is open."""
    import json

    app = AppTest.from_function(wish_app, args=(key, what, by, query),
                                default_timeout=WAIT_SECONDS).run()
    assert not app.exception
    found: dict[str, Any] = json.loads(app.json[0].value)
    return found


def test_the_tour_goes_through_all_systems_and_stops_at_the_end() -> None:
    toured = [system for system in systems().values() if system.tour]
    for system, follower in zip(toured, [*toured[1:], None], strict=True):
        for card, next_card in zip(system.tour, system.tour[1:], strict=False):
            found = after(system.key, "card", 1, present="1", card=card.key, play="9")["query"]
            assert found["card"] == next_card.key
            assert found["sample"] == next_card.sample
            assert found["play"] == "9"
        found = after(system.key, "card", 1, present="1", card=system.tour[-1].key, play="9")
        if follower is None:
            assert found["next"] is None
            assert "play" not in found["query"]
        else:
            assert found["next"] == [
                follower.key, {"present": "1", "card": follower.tour[0].key, "play": "9"}]


def test_back_leads_to_the_last_card_of_the_system_before() -> None:
    first, second, *_ = (system for system in systems().values() if system.tour)
    found = after(second.key, "card", -1, present="1", card=second.tour[0].key)
    assert found["next"] == [first.key, {"present": "1", "card": first.tour[-1].key}]


def test_the_tour_runs_and_is_held() -> None:
    query = {"present": "1", "card": systems()["scene"].tour[0].key}
    assert after("scene", "run", 1, **query)["query"]["play"] == str(present.CARD_SECONDS)
    assert "play" not in after("scene", "run", 1, **query, play="9")["query"]


def test_another_sample_leaves_the_tour_and_keeps_the_model() -> None:
    found = after("scene", "sample", -1, present="1", card="covered", model="tcn", sample="x")
    assert found["query"] == {
        "present": "1", "model": "tcn", "sample": systems()["scene"].samples[-1].key}


@pytest.mark.parametrize("by", [1, -1])
def test_tabs_go_round(by: int) -> None:
    from hybridcore.studio.address import tabs

    keys = [None, *tabs(systems()["scene"])]
    opened = [{} if key is None else {"tab": key} for key in keys]
    found = [after("scene", "tab", by, present="1", **tab)["tab"] for tab in opened]
    assert found == keys[by:] + keys[:by]


def test_leaving_takes_the_stage_from_the_address() -> None:
    found = after("scene", "leave", 1, present="1", card="covered", play="9", sample="photographs")
    assert found["query"] == {"sample": "photographs"}


def test_nothing_that_the_application_serves_names_another_host() -> None:
    from hybridcore.studio.routing import icon

    for path in (PROJECT / "hybridcore" / "studio").glob("*.[jhc]*s*"):
        assert "://" not in path.read_text(encoding="utf-8"), path.name
    assert icon().startswith("<svg")
