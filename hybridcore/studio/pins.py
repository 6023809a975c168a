"""Answers that are set aside to be compared: their strips under the current ones, facts in columns.

A pin keeps what is shown of an answer, not the answer: a strip, and a few texts. Pins belong to a
session and a system, and stay when another file, model or option is chosen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from weakref import WeakKeyDictionary

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from hybridcore.studio.fingerprint import fingerprint
from hybridcore.system import Answer, At, System
from hybridcore.view import PinnedStrip, PlayerView, Strip, beside

_MOST = 4  # pins at a time

_views: WeakKeyDictionary[PlayerView, dict[tuple[str, ...], PlayerView]] = WeakKeyDictionary()


@dataclass(frozen=True, eq=False)
class Pin:
    """What is kept of an answer. key: tells pins apart; title: its model, item and input; rows:
    what is said of it, by name; strip: None where nothing is played."""

    key: str
    title: str
    rows: dict[str, str]
    strip: PinnedStrip | None


def pins(system: System) -> list[Pin]:
    """Those of this session, in the order in which they were pinned."""
    kept: list[Pin] = st.session_state.setdefault(f"{system.key}.pins", [])
    return kept


def pin_of(answer: Answer[Any, Any], at: At, view: PlayerView | None) -> Pin:
    """What would be kept of an answer at a place."""
    system, source = answer.system, answer.source
    items = system.items(answer)
    item = items.entries[at.item].title if items and at.item < len(items.entries) else ""
    kind = system.kind(answer.kind).title
    rows = {"Input": source.name, "Model": kind}
    if items and item:
        rows[items.name] = item
    rows["Answer"] = system.headline(answer)
    rows |= _settings(answer)
    rows |= {fact.title: f"{fact.value} {fact.note}".strip()
             for fact in system.facts(answer, replace(at, frame=0))}
    title = " · ".join(part for part in (kind, item, source.name) if part)
    strip = None if view is None else strip_of(view, item)
    key = fingerprint([source.digest, answer.kind, at.item, dict(answer.options)])
    return Pin(key, title, rows, None if strip is None or view is None else PinnedStrip(
        replace(strip, name=kind if strip.name == kind else f"{kind}, {strip.name}"),
        view.times, source.digest))


def _settings(answer: Answer[Any, Any]) -> dict[str, str]:
    """The options with a plain value, as the page names them."""
    values = answer.options
    return {
        option.title: option.shown(values[option.key])
        for option in answer.system.options
        if option.applies(values, answer.kind)
        and isinstance(values.get(option.key), (str, int, float, list))
        and values[option.key] not in ("", [])
    }


def strip_of(view: PlayerView, item: str) -> Strip | None:
    """The strip that is named like the item that is looked at, otherwise the first one."""
    named = [strip for strip in view.strips if strip.name == item]
    return next(iter([*named, *view.strips]), None)


def with_pins(view: PlayerView, answer: Answer[Any, Any]) -> PlayerView:
    """The view with the pinned strips under its own; the same object while both stay the same."""
    kept = pins(answer.system)
    strips = [
        replace(pin.strip, strip=replace(pin.strip.strip, name=f"{k}: {pin.strip.strip.name}"))
        for k, pin in enumerate(kept, 1) if pin.strip is not None]
    made, keys = _views.setdefault(view, {}), tuple(pin.key for pin in kept)
    if not strips:
        return view
    if keys not in made:
        made.clear()
        made[keys] = beside(view, answer.source.digest, strips)
    return made[keys]


def compare(
    answer: Answer[Any, Any], at: At, view: PlayerView | None, row: DeltaGenerator
) -> None:
    """A button in ``row`` to pin what is shown; what is pinned beside it."""
    system = answer.system
    here, kept = pin_of(answer, at, view), pins(system)
    known = any(pin.key == here.key for pin in kept)

    def unpin(key: str) -> None:
        kept[:] = [pin for pin in kept if pin.key != key]

    with row:
        st.button("Pin this", icon=":material/push_pin:", key=f"{system.key}.pin",
                  disabled=known or len(kept) >= _MOST, on_click=kept.append, args=(here,),
                  help="Keep this result here, then choose another model, option or file to "
                       "compare.")
    if not kept:
        return
    with st.container(horizontal=True):
        for k, pin in enumerate(kept, 1):
            st.button(f"{k}: {pin.title}", icon=":material/close:", help="Unpin",
                      key=f"{system.key}.unpin.{pin.key}", on_click=unpin, args=(pin.key,))
    st.table(side_by_side(here, kept))


def side_by_side(here: Pin, kept: Sequence[Pin]) -> pd.DataFrame:
    """One column for what is shown now, and one a pin, numbered; one row for everything that any of
    them says."""
    columns = {"Shown now": here, **{f"Pinned {k}": pin for k, pin in enumerate(kept, 1)
                                     if pin.key != here.key}}
    rows = dict.fromkeys(name for pin in columns.values() for name in pin.rows)
    return pd.DataFrame(
        {title: [pin.rows.get(name, "") for name in rows] for title, pin in columns.items()},
        index=pd.Index(list(rows), name="compared"))
