"""What a widget says when its state is gone or belongs to what was there before."""

from __future__ import annotations

import json

from streamlit.testing.v1 import AppTest


def app(value: object) -> None:
    import streamlit as st

    from hybridcore.studio.widget_state import choice, event, nearest_position, position

    if value is not None:
        st.session_state["chosen"] = value
    st.json({
        "position": position("chosen", 3), "nearest": nearest_position("chosen", 3),
        "choice": choice("chosen", ["a", 1]),
        "event": event("chosen", "rows") if not isinstance(value, (int, str)) else None,
    })


def said(value: object) -> dict[str, object]:
    page = AppTest.from_function(app, args=(value,), default_timeout=20).run()
    assert not page.exception
    read: dict[str, object] = json.loads(page.json[0].value)
    return read


def test_a_position_is_one_of_the_list() -> None:
    assert said(1) == {"position": 1, "nearest": 1, "choice": 1, "event": None}
    assert said(7) == {"position": None, "nearest": 2, "choice": None, "event": None}
    assert said(-1)["position"] is None
    assert said(-1)["nearest"] == 0


def test_what_is_gone_or_foreign_is_nothing() -> None:
    nothing = {"position": None, "nearest": 0, "choice": None, "event": None}
    assert said(None) == nothing
    assert said("an option that was here before") == nothing
    assert said("a")["choice"] == "a"
    assert said({}) == nothing
    assert said({"rows": [1]})["event"] == [1]


def parts_app(chosen: object) -> None:
    from types import SimpleNamespace

    import streamlit as st

    from hybridcore.studio import items
    from hybridcore.studio.seeking import asked
    from hybridcore.system import Item, Items

    if chosen is not None:
        st.session_state["toy.item"] = chosen
    parts = Items("Part", tuple(Item(f"part {k}", float(k)) for k in range(3)))
    items._go(SimpleNamespace(key="toy"), parts)
    wish = asked("toy")
    st.text("nowhere" if wish is None else str(wish.time))


def test_a_callback_without_its_state_seeks_nothing() -> None:
    for chosen, place in ((None, "nowhere"), ("part of another film", "nowhere"), (2, "2.0")):
        page = AppTest.from_function(parts_app, args=(chosen,), default_timeout=20).run()
        assert not page.exception
        assert page.text[0].value == place


def list_app(titles: list[str]) -> None:
    import streamlit as st

    from hybridcore.studio.widget_state import listed_choice

    st.session_state.setdefault("kept", 0)
    st.session_state.setdefault("times", 0)
    kept = min(st.session_state["kept"], len(titles) - 1)
    st.session_state["kept"] = kept

    def count() -> None:
        st.session_state["times"] += 1

    listed_choice("part", titles, key="part", kept="kept", then=count)


def test_what_is_said_of_another_list_chooses_nothing() -> None:
    first, second = ["a · 1 s", "b · 2 s", "c · 3 s"], ["x · 1 s", "c · 3 s", "d · 4 s"]
    page = AppTest.from_function(list_app, args=(first,), default_timeout=20).run()
    page.selectbox[0].set_value(2).run()
    assert (page.session_state["kept"], page.session_state["times"]) == (2, 1)
    late = page._tree.get_widget_states()
    page.args = (second,)
    page._run(widget_state=late)
    page._run(widget_state=late)  # a browser that has not seen the new list
    assert not page.exception
    assert page.selectbox[0].options == second
    assert (page.selectbox[0].value, page.session_state["kept"]) == (2, 2)
    assert page.session_state["times"] == 1
    page.selectbox[0].set_value(0).run()
    assert (page.session_state["kept"], page.session_state["times"]) == (0, 2)
