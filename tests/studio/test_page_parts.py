"""What every page is laid out with: head, problems in place, seeking, an LSTM from inside."""

from __future__ import annotations

import json

from streamlit.testing.v1 import AppTest

from hybridcore.system import System


def head_app() -> None:
    from dataclasses import replace

    from hybridcore.studio.header import about, head_row
    from hybridcore.systems import systems

    system = replace(systems()["brightness"], cards=("encoder", "missing"))
    with head_row(system):
        about(system)


def test_a_missing_card_leaves_the_page_standing(brightness: System) -> None:
    page = AppTest.from_function(head_app, default_timeout=20).run()
    assert not page.exception
    assert page.title[0].value == "Brightness"
    text = "\n".join(item.value for item in page.markdown)
    assert brightness.sentence in text
    assert brightness.papers[0] in text
    assert brightness.limits[0] in text
    assert len(page.subheader) == 1  # the card of the encoder
    assert "missing.json" in page.error[0].value


def problem_app(kind: str) -> None:
    import streamlit as st

    from hybridcore.errors import MediaError
    from hybridcore.studio.problems import stop_on_problem

    with stop_on_problem():
        if kind == "known":
            raise MediaError("This file is empty.")
        if kind == "unknown":
            raise ZeroDivisionError
    st.text("the rest of the page")


def test_a_known_problem_is_said_and_ends_the_page() -> None:
    page = AppTest.from_function(problem_app, args=("known",), default_timeout=20).run()
    assert not page.exception
    assert [error.value for error in page.error] == ["This file is empty."]
    assert not page.text
    page = AppTest.from_function(problem_app, args=("unknown",), default_timeout=20).run()
    assert page.exception
    assert AppTest.from_function(problem_app, args=("none",), default_timeout=20).run().text


def seek_app() -> None:
    from functools import partial

    import streamlit as st

    from hybridcore.studio.seeking import asked, forget_seeks, seek

    st.button("Go", on_click=partial(seek, "clip", 1.5))
    st.button("Nowhere", on_click=partial(seek, "clip", None))
    st.button("Another", on_click=partial(forget_seeks, "clip"))
    wish = asked("clip")
    st.text("nowhere" if wish is None else f"{wish.time} {wish.nonce}")


def test_a_wish_is_new_at_every_choice() -> None:
    page = AppTest.from_function(seek_app, default_timeout=20).run()
    go, nowhere, another = range(3)
    assert page.text[0].value == "nowhere"
    for button, wish in ((go, "1.5 1"), (nowhere, "1.5 1"), (go, "1.5 2"), (another, "nowhere")):
        assert page.button[button].click().run().text[0].value == wish
        assert page.run().text[0].value == wish


def states_app(units: int) -> None:
    import numpy as np

    from hybridcore.layers.recurrent import LSTMTrace
    from hybridcore.studio.states import gates_and_states
    from hybridcore.system import States

    arrays = {name: np.full((5, units), k, np.float32) for k, name in enumerate("ifgoch")}
    trace = LSTMTrace(**arrays)
    gates_and_states(
        States(trace, np.arange(5) / 10, np.arange(units)[::-1], "the last ones first"), key="lstm")


def test_a_slider_is_there_where_more_units_can_be_shown() -> None:
    page = AppTest.from_function(states_app, args=(100,), default_timeout=20).run()
    assert not page.exception
    assert page.selectbox(key="lstm.unit").value == 99
    lines = json.loads(page.get("plotly_chart")[0].proto.spec)
    assert [trace["name"] for trace in lines["data"]] == [f"{name}_t" for name in "ifogch"]
    assert lines["layout"]["meta"]["timeline"] == "lstm"
    assert page.slider(key="lstm.units").value == 32
    page = AppTest.from_function(states_app, args=(8,), default_timeout=20).run()
    assert not page.exception
    assert not page.slider
