"""A browser answers the page that it sees; the server may be at another file, model or page."""

from __future__ import annotations

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.testing.v1 import AppTest

from hybridcore.systems import systems
from tests.pages.pages import open_page, wait_for_charts


def answers(app: AppTest) -> WidgetStates:
    """What a browser would send of every widget on the page."""
    return app._tree.get_widget_states()


def foreign(app: AppTest) -> WidgetStates:
    """As :func:`answers`, but every choice is of something that is in no list."""
    states = answers(app)
    typed = {field.proto.id for field in (*app.text_input, *app.text_area)}  # no choices
    for state in states.widgets:
        if state.id in typed:
            continue
        if state.HasField("string_value"):
            state.string_value = "what was there before"
        elif state.HasField("string_array_value"):
            state.string_array_value.data[:] = ["what was there before"]
    return states


@pytest.fixture(params=list(systems()))
def page(request: pytest.FixtureRequest) -> AppTest:
    app = open_page(request.param)
    wait_for_charts(app)
    assert app.get("download_button")
    return app


def test_a_choice_that_is_not_in_the_list_is_none(page: AppTest) -> None:
    states = foreign(page)
    assert states != answers(page)
    page._run(widget_state=states)
    assert not page.exception
    assert page.get("download_button")


def test_an_answer_to_a_list_that_is_gone_is_none(page: AppTest) -> None:
    key = next(key for key in systems() if key in page.session_state["opened through app.py"]
               and f"{key}.source" in page.session_state)
    states = foreign(page)
    for name in (f"{key}.item", f"{key}.unit"):
        if name in page.session_state:
            del page.session_state[name]
    page._run(widget_state=states)
    assert not page.exception
