"""The address of a page names everything that one sees there, so that a reload, the browser's
"back", a second tab and a link on a slide show the same.

==========================  =======================================================================
sample                      key of a sample
file                        a visitor's own file: how the SHA-256 of its content begins. It opens
                            nothing; :mod:`hybridcore.studio.sources` says why
model                       key of the kind
frame, item, word           where somebody looks, counted from 0
tab, unit, units            what is open in "Look inside"
the key of an option        its value
present, card, play         1 on a stage; the card of the tour that is shown there, and how many
                            seconds each one is, if the tour goes on by itself
==========================  =======================================================================

Only what differs from the default is named, except for the input; on a stage, what is open inside.
An address that names a card and no input shows what the card does. What the page does not know,
such as ``embed``, stays as it is. Another input, model or card is a new entry of the browser's
history, which "back" undoes; everything else replaces the last one, without a message to the
server.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from hybridcore.errors import OptionError
from hybridcore.options import Option
from hybridcore.studio.component import declare
from hybridcore.studio.options import widget_key
from hybridcore.studio.routing import arrived
from hybridcore.studio.seeking import forget_seeks
from hybridcore.system import System, TourCard

PLACES = ("frame", "item", "word")
INSIDE = ("unit", "units")
WHY, SURGERY, STATES, FLOW = "why", "surgery", "states", "flow"  # tabs that are no charts
PRESENT, CARD, PLAY = STAGE = ("present", "card", "play")
_VIEW = ("sample", "file", "model", *PLACES, "tab", *INSIDE)
RESERVED = (*_VIEW, *STAGE)

_component = declare("address", "address.js")


def tabs(system: System) -> dict[str, str]:
    """The tabs of "Look inside": title by key."""
    found = {chart.key: chart.title for chart in system.charts if chart.inside}
    if system.why is not None:
        found[WHY] = "Why this label, now?"
        found[SURGERY] = "Memory surgery"
    if system.states is not None:
        found[STATES] = "Gates and states"
    if system.flow is not None:
        found[FLOW] = "Data flow"
    return found


def presenting() -> bool:
    """Whether the address asks for a stage."""
    return st.query_params.get(PRESENT) == "1"


def card_of(system: System) -> TourCard | None:
    """The card of the tour that the address names."""
    key = st.query_params.get(CARD) if presenting() else None
    return next((card for card in system.tour if card.key == key), None)


def wanted(system: System) -> dict[str, str]:
    """What the address asks for: what it names, or what its card shows."""
    query, card = st.query_params.to_dict(), card_of(system)
    if card is None or not query.keys().isdisjoint(("sample", "file")):
        return query
    return {**view_of(system, card), **query}


def view_of(system: System, card: TourCard) -> dict[str, str]:
    """The parameters that name what a card shows."""
    named = {"sample": card.sample, "frame": str(card.frame)}
    if card.kind:
        named["model"] = card.kind
    if card.tab:
        named["tab"] = card.tab
    named |= {name: str(number) for name, number in [
        ("item", card.item), ("word", card.word), ("unit", card.unit)] if number is not None}
    return named | {key: system.option(key).text(value)
                    for key, value in card.options.items()}


def restore(system: System) -> None:
    """Set what the address says, if somebody has just come by it: by a link, or by "back"."""
    query, context = st.query_params, get_script_run_ctx()
    back = context is not None and context.is_history_navigation
    linked = arrived() and any(name in query for name in (*_names(system), CARD))
    if back or linked:
        _set_view(system, wanted(system))


def go(system: System, query: Mapping[str, str]) -> None:
    """Show what these parameters name, as a new entry of the browser's history. For callbacks."""
    state, others = st.session_state, _others(system)
    st.query_params.from_dict({**{key: value for key, value in others.items()
                                  if key not in STAGE}, **query})
    _set_view(system, query)
    state[f"{system.key}.entry"] = _entry(
        system, {key: query[key] for key in ("sample", "file") if key in query})


def _set_view(system: System, query: Mapping[str, str]) -> None:
    state, card = st.session_state, card_of(system)
    kind = next((kind.key for kind in system.kinds if kind.key == query.get("model")),
                system.kinds[0].key)
    state[f"{system.key}.kind"] = kind
    for option in _shown_options(system):
        state[widget_key(system, option, kind)] = _value(option, kind, query.get(option.key))
    for place in (*PLACES, *INSIDE):
        name = f"{system.key}.{place}"
        if (number := _whole(query.get(place))) is not None:
            state[name] = number
        else:
            state.pop(name, None)
    state[f"{system.key}.until"] = None if card is None else card.until
    forget_seeks(system.key)
    titles = tabs(system)
    if titles:
        state[f"{system.key}.tabs"] = titles.get(query.get("tab", ""), next(iter(titles.values())))
        state[f"{system.key}.panel"] = query.get("tab") in titles
    for name in ("source", "place"):  # the input is opened anew, by the address
        state.pop(f"{system.key}.{name}", None)


def address_of(system: System, source: Mapping[str, str]) -> dict[str, str]:
    """The parameters that name the view of this session; ``source``: those of the input."""
    state, default = st.session_state, system.kinds[0].key
    kind = str(state.get(f"{system.key}.kind") or default)
    named = dict(source)
    if kind != default:
        named["model"] = kind
    values = {option.key: state.get(widget_key(system, option, kind), option.default_for(kind))
              for option in _shown_options(system)}
    for option in _shown_options(system):
        value = values[option.key]
        if option.applies(values, kind) and value != option.default_for(kind):
            named[option.key] = option.text(value)
    position = state.get(f"{system.key}.position", {})
    frame, start = position.get("frame", 0), position.get("start", 0)
    named |= {place: str(number) for place, number in [
        ("frame", None if frame == start else frame),
        ("item", state.get(f"{system.key}.item") or None),
        ("word", state.get(f"{system.key}.word"))] if number is not None}
    tab = open_tab(system)
    if tab is not None and (presenting() or tab != next(iter(tabs(system)))):
        named["tab"] = tab
    if tab == STATES:
        first = state.get(f"{system.key}.inside", {})
        named |= {name: str(number) for name in INSIDE
                  if (number := state.get(f"{system.key}.{name}")) not in (None, first.get(name))}
    return named


def open_tab(system: System) -> str | None:
    """The key of what is open of "Look inside"; on a stage that may be nothing."""
    state = st.session_state
    if presenting() and not state.get(f"{system.key}.panel"):
        return None
    keys = {title: key for key, title in tabs(system).items()}
    return keys.get(str(state.get(f"{system.key}.tabs")))


def begin(system: System, source: Mapping[str, str]) -> None:
    """Make another input or model a new entry of the browser's history."""
    state, name = st.session_state, f"{system.key}.entry"
    entry = _entry(system, source)
    context = get_script_run_ctx()
    back = context is not None and context.is_history_navigation
    if name in state and state[name] != entry and not back:
        st.query_params.from_dict({**address_of(system, source), **_others(system)})
    state[name] = entry


def write(system: System, source: Mapping[str, str], place: str) -> None:
    """Let the browser's address follow; ``place``: unique on the page."""
    _component(key=f"{system.key}.address.{place}", data={
        "page": system.key, "names": _names(system),
        "values": address_of(system, source)})


def _entry(system: System, source: Mapping[str, str]) -> tuple[dict[str, str], str | None]:
    return dict(source), st.session_state.get(f"{system.key}.kind")


def _others(system: System) -> dict[str, str]:
    """What the address names beside the view."""
    names = _names(system)
    return {key: value for key, value in st.query_params.items() if key not in names}


def _names(system: System) -> list[str]:
    return [*_VIEW, *(option.key for option in _shown_options(system))]


def _shown_options(system: System) -> list[Option]:
    return [option for option in system.options if option.widget]


def _value(option: Option, kind: str, text: str | None) -> Any:
    if text is not None:
        with suppress(OptionError):
            return option.parse(text)
    return option.default_for(kind)


def _whole(text: str | None) -> int | None:
    return int(text) if text is not None and text.isascii() and text.isdigit() else None
