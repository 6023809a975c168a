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
