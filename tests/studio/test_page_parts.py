"""What every page is laid out with: head, problems in place, seeking, an LSTM from inside."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def head_app() -> None:
    from hybridcore.errors import WeightsError
    from hybridcore.studio.header import page_header

    def card(name: str) -> dict[str, str]:
        if name == "missing":
            raise WeightsError("The model card missing.json is missing or damaged.")
        return {"name": name}

    page_header("Sounds", "What is struck.", map(card, ["one", "missing", "two"]))


def test_a_missing_card_leaves_the_page_standing() -> None:
    page = AppTest.from_function(head_app, default_timeout=20).run()
    assert not page.exception
    assert not page.error
    assert page.title[0].value == "Sounds"
    assert [head.value for head in page.subheader] == ["one"]


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

    from hybridcore.studio.seeking import count_seek, forget_seeks, seek_to

    st.button("Go", on_click=partial(count_seek, "clip"))
    st.button("Another", on_click=partial(forget_seeks, "clip"))
    wish = seek_to("clip", 1.5)
    assert seek_to("clip", None) is None
    st.text("nowhere" if wish is None else f"{wish.time} {wish.nonce}")


def test_a_wish_is_new_at_every_choice() -> None:
    page = AppTest.from_function(seek_app, default_timeout=20).run()
    go, another = page.button
    assert page.text[0].value == "nowhere"
    assert go.click().run().text[0].value == "1.5 1"
    assert page.run().text[0].value == "1.5 1"
    assert go.click().run().text[0].value == "1.5 2"
    assert another.click().run().text[0].value == "nowhere"


def states_app(most: int) -> None:
    import numpy as np
    import plotly.graph_objects as go
    import streamlit as st

    from hybridcore.studio.states import gates_and_states

    def maps(units: np.ndarray) -> go.Figure:
        st.text(f"{len(units)} units")
        return go.Figure()

    gates_and_states(np.arange(100)[::-1], lambda unit: go.Figure(), maps, key="lstm",
                     label="Unit", shown=16, most=most)


def test_a_slider_is_there_where_more_units_can_be_shown() -> None:
    page = AppTest.from_function(states_app, args=(64,), default_timeout=20).run()
    assert not page.exception
    assert page.selectbox(key="lstm.unit").value == 99
    assert page.text[0].value == "16 units"
    assert page.slider(key="lstm.units").set_value(64).run().text[0].value == "64 units"
    page = AppTest.from_function(states_app, args=(16,), default_timeout=20).run()
    assert not page.exception
    assert not page.slider
