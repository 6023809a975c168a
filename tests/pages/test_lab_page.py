"""The lab: every view opens, a race is run, and bad input gets words."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from hybridcore.lab.raced import run_race
from tests.pages.pages import open_page, wait_for_charts

VIEWS = ("race", "hopfield", "counting", "maps", "future", "pattern")


def opened(view: str) -> AppTest:
    app = open_page("lab")
    app.segmented_control(key="view").set_value(view).run()
    assert not app.exception
    assert not app.error
    return app


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_shows_something(view: str) -> None:
    assert opened(view).get("plotly_chart")


def test_a_race_ends_with_a_table_and_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pages.lab.race.run_race", lambda task, racers, config, seconds, progress:
                        run_race(task, racers, config, 0.4, progress))
    app = opened("race")
    app.multiselect(key="networks").set_value(["lstm", "tcn"]).run()
    next(button for button in app.button if button.label == "Race").click().run()
    wait_for_charts(app)
    assert not app.exception
    table = app.dataframe[0].value
    assert table["network"].tolist() == ["LSTM", "TCN"]
    assert (table["new frame, µs"] > 0).all()
    assert any("A new frame of a stream costs" in text.value for text in app.markdown)
    app.multiselect(key="networks").set_value([]).run()
    assert not app.exception
    assert "at least one network" in app.info[0].value


def test_a_string_that_cannot_be_gets_words() -> None:
    app = opened("counting")
    app.text_input[0].set_value("(()))").run()
    assert "place 5 closes nothing" in app.error[0].value
    app.text_input[0].set_value("(" * 30 + ")" * 30).run()
    assert not app.error
    assert any("counts" in text.value for text in app.markdown)


def test_a_digit_rests_where_it_was_stored() -> None:
    app = opened("hopfield")
    assert any("it rests at **3**" in text.value for text in app.markdown)
    app.multiselect(key="stored").set_value([]).run()
    assert not app.exception
    assert app.info


def test_shapes_follow_the_reader_and_too_much_gets_words() -> None:
    app = opened("pattern")
    assert any("2,704 numbers reach the LSTM" in text.value for text in app.markdown)
    assert any("Expected 3136, got 2704" in code.value for code in app.code)
    app.button[-1].click().run()
    assert (app.dataframe[0].value["largest difference"] < 1e-5).all()
    app.number_input(key="height").set_value(512).run()
    app.number_input(key="batch").set_value(256).run()
    assert "fewer or smaller" in app.error[0].value
