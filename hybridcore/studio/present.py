"""Presenting: the page as a stage for a hall, driven by keys, with a tour that goes by itself.

The address says all of it (:mod:`.address`), so that a reload, "back" and a link on a slide show
the same. The stage is made by style sheets: ``page.css`` hides what belongs to the page,
``stage.css`` lets player and sentence fill the screen.
"""

from __future__ import annotations

import streamlit as st

from hybridcore.studio.address import (
    CARD,
    PLAY,
    PRESENT,
    STAGE,
    address_of,
    card_of,
    go,
    open_tab,
    presenting,
    tabs,
    view_of,
)
from hybridcore.studio.component import declare
from hybridcore.studio.routing import page_of
from hybridcore.studio.sources import neighbour
from hybridcore.studio.widget_state import event
from hybridcore.system import System, TourCard
from hybridcore.systems import systems

CARD_SECONDS = 15  # that a card of the tour stands, unless the address says otherwise
_NEXT = "stage.next"  # the page and the card with which the tour goes on

_component = declare(
    "present", "mounts.js", "staging.js", "elements.js", "keys.js", "following.js", "shortcuts.js",
    "present.js")


def start(system: System) -> dict[str, str]:
    """The parameters with which the tour begins at a system; one without a tour shows its first
    sample."""
    if not system.tour:
        return {PRESENT: "1", "sample": system.samples[0].key}
    return _on_card(system.tour[0], str(CARD_SECONDS))


def present_button(system: System) -> None:
    """The way onto the stage for those who do not know the key."""
    st.button("Present", icon=":material/slideshow:", key=f"{system.key}.present", help="P",
              type="tertiary", on_click=_enter)


def stage(system: System) -> None:
    """Make the page a stage where the address says so, and obey the keys of it."""
    if (following := st.session_state.pop(_NEXT, None)) is not None:
        key, query = following
        st.switch_page(page_of(systems()[key]), query_params=query)
    name, card, tab = f"{system.key}.stage", card_of(system), open_tab(system)

    def obey() -> None:
        wish = event(name, "wish")
        if wish is not None:
            _obey(system, str(wish["what"]), int(wish["by"]))

    with st.container(key="stage"):
        _component(key=name, on_wish_change=obey, data={
            "present": presenting(),
            "tour": bool(system.tour),
            "card": None if card is None else {
                "key": f"{system.key} {card.key}", "title": card.title, "text": card.text,
                "place": f"{system.title} · {system.tour.index(card) + 1} of {len(system.tour)}"},
            "seconds": 0 if card is None else _seconds(),
            "tab": tabs(system)[tab] if presenting() and tab else None,
        })


def _seconds() -> float:
    """How long a card stands; 0: until somebody goes on."""
    try:
        return max(0.0, float(st.query_params.get(PLAY, 0)))
    except ValueError:
        return 0.0


def _obey(system: System, what: str, by: int) -> None:
    if what == "present":
        _enter()
    elif what == "leave":
        st.query_params.from_dict(
            {key: value for key, value in st.query_params.items() if key not in STAGE})
    elif what == "sample":
        _other_sample(system, by)
    elif what == "tab":
        _other_tab(system, by)
    elif what == "card":
        _other_card(system, by)
    elif what == "run" and system.tour:
        _run(system)


def _enter() -> None:
    st.query_params[PRESENT] = "1"


def _other_sample(system: System, by: int) -> None:
    """What was chosen inside the last sample is left behind; model and options stay."""
    source, view = neighbour(system, by), address_of(system, {})
    of_input = {option.key for option in system.options if option.of_input}
    kept = {key: view[key] for key in view
            if key not in {"frame", "item", "word", "unit", *of_input}}
    go(system, {**source, **kept, PRESENT: "1"})


def _other_tab(system: System, by: int) -> None:
    """From nothing through all tabs to nothing."""
    state, titles = st.session_state, tabs(system)
    keys = [None, *titles]
    key = keys[(keys.index(open_tab(system)) + by) % len(keys)]
    state[f"{system.key}.panel"] = key is not None
    if key is not None:
        state[f"{system.key}.tabs"] = titles[key]


def _other_card(system: System, by: int) -> None:
    """The next card, or the first of the next system; at the very end the tour stops."""
    cards, card, play = system.tour, card_of(system), st.query_params.get(PLAY, "")
    at = cards.index(card) + by if card is not None else 0
    if 0 <= at < len(cards):
        go(system, {**_on_card(cards[at], play), **view_of(system, cards[at])})
        return
    toured = [other for other in systems().values() if other.tour or other is system]
    there = toured.index(system) + by
    if 0 <= there < len(toured):
        other = toured[there]
        st.session_state[_NEXT] = other.key, _on_card(other.tour[0 if by > 0 else -1], play)
    else:
        st.query_params.pop(PLAY, None)


def _run(system: System) -> None:
    if PLAY in st.query_params:
        del st.query_params[PLAY]
    elif card_of(system) is None:
        go(system, {**start(system), **view_of(system, system.tour[0])})
    else:
        st.query_params[PLAY] = str(CARD_SECONDS)


def _on_card(card: TourCard, play: str) -> dict[str, str]:
    return {PRESENT: "1", CARD: card.key, **({PLAY: play} if play else {})}
