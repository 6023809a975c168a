"""The address of a view: what it names is set, and what is set it names."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from hybridcore.options import Choice, Choices, Number, Option
from hybridcore.studio.address import RESERVED, tabs
from hybridcore.system import TourCard
from hybridcore.systems import systems


def app(key: str) -> None:
    import streamlit as st

    from hybridcore.studio import address, routing
    from hybridcore.studio.options import choose_kind, option_widgets
    from hybridcore.systems import systems

    system = systems()[key]
    st.session_state.setdefault(routing._ARRIVED, True)
    address.restore(system)
    kind = choose_kind(system)
    values = {name: value for rerun in (True, False)
              for name, value in option_widgets(system, kind, rerun=rerun).items()}
    st.tabs(list(address.tabs(system).values()), key=f"{key}.tabs", on_change="rerun")
    st.json({"named": address.address_of(system, {"sample": "a"}), "values": values})


def open_link(key: str, link: dict[str, str]) -> AppTest:
    page = AppTest.from_function(app, args=(key,), default_timeout=20)
    for name, value in link.items():
        page.query_params[name] = value
    page.run()
    assert not page.exception
    return page


def named(page: AppTest) -> dict[str, str]:
    import json

    found: dict[str, str] = json.loads(page.json[0].value)["named"]
    return found


def other_value(option: Option, kind: str) -> str:
    default = option.default_for(kind)
    if isinstance(option, Choice):
        return next(choice for choice in option.choices if choice != default)
    if isinstance(option, Choices):
        return ",".join(list(option.choices)[1:])
    if isinstance(option, Number):
        return f"{option.high:g}" if default != option.high else f"{option.low:g}"
    return "a dog"


@pytest.mark.parametrize("at", [0, -1])
@pytest.mark.parametrize("key", sorted(systems()))
def test_what_a_link_names_is_set(key: str, at: int) -> None:
    system = systems()[key]
    kind = system.kinds[at].key
    link = {"sample": "a", "item": "2", "word": "3", "tab": list(tabs(system))[1]}
    if kind != system.kinds[0].key:  # the first needs no name
        link["model"] = kind
    link |= {option.key: other_value(option, kind) for option in system.options
             if option.widget and option.only is None and option.applies({}, kind)}
    shown = open_link(key, link)
    found = named(shown)
    # An option that only matters beside another value of one of these is not named.
    assert {name: found.get(name) for name in link} == link
    assert named(shown.run()) == found


@pytest.mark.parametrize("card", [
    pytest.param((system.key, card), id=f"{system.key}-{card.key}")
    for system in systems().values() for card in system.tour if card.tab or card.word])
def test_a_link_to_a_card_shows_what_it_does(card: tuple[str, TourCard]) -> None:
    key, shown = card
    found = named(open_link(key, {"present": "1", "card": shown.key}))
    default = systems()[key].kinds[0].key
    assert found.get("model", default) == shown.kind
    assert found.get("tab", "") == shown.tab
    assert found.get("word") == (None if shown.word is None else str(shown.word))


def test_a_stage_names_the_tab_that_is_open_and_no_other() -> None:
    first = next(iter(tabs(systems()["scene"])))
    assert "tab" not in named(open_link("scene", {"sample": "a", "present": "1"}))
    assert named(open_link("scene", {"sample": "a", "present": "1", "tab": first}))["tab"] == first
    assert "tab" not in named(open_link("scene", {"sample": "a", "tab": first}))


@pytest.mark.parametrize("key", sorted(systems()))
def test_nonsense_is_the_default(key: str) -> None:
    system = systems()[key]
    link = {"sample": "a", "model": "none", "item": "-1", "word": "²", "frame": "x", "tab": "none",
            "unit": "9" * 30 + "x"}
    link |= {option.key: "" for option in system.options
             if option.widget and isinstance(option, (Choice, Choices, Number))}
    assert named(open_link(key, link)) == {"sample": "a"}


@pytest.mark.parametrize("key", sorted(systems()))
def test_names_are_told_apart(key: str) -> None:
    assert not {option.key for option in systems()[key].options} & set(RESERVED)
    assert len(set(tabs(systems()[key]))) == len(tabs(systems()[key]))
