"""Pinning an answer and looking at another beside it."""

from __future__ import annotations

import numpy as np
from streamlit.testing.v1 import AppTest

from hybridcore.scene.view import player_view
from hybridcore.studio.pins import pin_of, side_by_side
from hybridcore.system import At
from hybridcore.view import beside
from tests.scene.made_up import MadeUpClip, answer_of, made_up_result


class Clip(MadeUpClip):
    digest = "one"


def test_the_pinned_strip_is_that_of_the_other_kind() -> None:
    result, clip = made_up_result(), Clip()
    frame, lstm = (answer_of(result, kind, clip) for kind in ("frame", "lstm"))
    pin = pin_of(frame, At(), player_view(frame, 0))
    assert pin.strip is not None
    strips = beside(player_view(lstm, 0), clip.digest, [pin.strip]).strips
    np.testing.assert_array_equal(strips[-1].codes, player_view(frame, 0).strips[0].codes)
    assert list(strips[-1].codes) != list(strips[0].codes)
    assert strips[-1].name.endswith("Frame only")


def test_what_is_said_stands_side_by_side() -> None:
    result, clip = made_up_result(), Clip()
    columns = [pin_of(answer, At(), None) for answer in (
        answer_of(result, "lstm", clip), answer_of(result, "tcn", clip))]
    table = side_by_side(columns[0], columns[1:])
    assert table.loc["Model"].tolist() == ["LSTM", "TCN"]
    assert table.loc["Input"].tolist() == ["made-up.mp4"] * 2
    assert table.loc["Answer"].tolist() == [pin.rows["Answer"] for pin in columns]


def app(kind: str) -> None:
    import streamlit as st

    from hybridcore.scene.view import player_view
    from hybridcore.studio.pins import compare, with_pins
    from hybridcore.system import At
    from tests.scene.made_up import answer_of, made_up_result
    from tests.studio.test_pins import Clip

    answer = answer_of(made_up_result(), kind, Clip())
    view = player_view(answer, 0)
    st.text(" | ".join(strip.name for strip in with_pins(view, answer).strips))
    compare(answer, At(), view, st.container())


def test_a_pin_stays_while_another_model_is_looked_at_and_goes_when_unpinned() -> None:
    page = AppTest.from_function(app, args=("frame",), default_timeout=20).run()
    assert page.text[0].value == "Frame only | LSTM | TCN | Group"
    page.button(key="scene.pin").click().run()
    assert not page.exception
    assert page.text[0].value.endswith("1: Frame only")
    assert page.button(key="scene.pin").disabled
    kept = page.session_state["scene.pins"]
    page = AppTest.from_function(app, args=("lstm",), default_timeout=20)
    page.session_state["scene.pins"] = kept
    page.run()
    assert page.text[0].value == "LSTM | TCN | Frame only | Group | 1: Frame only"
    assert list(page.table[0].value.loc["Model"]) == ["LSTM", "Frame only"]
    page.button(key=f"scene.unpin.{kept[0].key}").click().run()
    assert page.text[0].value == "LSTM | TCN | Frame only | Group"
    assert not page.table
