"""The onsets, which a person may change: on their curve, or in a table."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import partial
from typing import Any

import streamlit as st

from hybridcore.sound import editing
from hybridcore.sound.bank import Bank
from hybridcore.sound.events import UNSURE, Onset
from hybridcore.sound.figures import MADE, OWN, TWIN, material_colour
from hybridcore.sound.materials import ACTIONS, MATERIALS
from hybridcore.sound.predict import find_onsets
from hybridcore.sound.table import LOUDEST, NEAREST, SOFTEST, from_table, to_table
from hybridcore.sound.threshold import card_lateness, card_threshold
from hybridcore.studio.onset_editor import Curve, Doubt, Edit, Mark, onset_editor
from hybridcore.studio.page import Page
from hybridcore.studio.seeking import seek
from hybridcore.text import percent
from hybridcore.view import PlayerView
from pages.sound.hit import edit_hit

_BEFORE = 0.4  # s before a doubtful onset from which it is played


def edit_onsets(page: Page) -> dict[str, Any]:
    """The option ``onsets``: what the network predicts, as far as a person leaves it as it is."""
    row = st.container(horizontal=True, vertical_alignment="center")
    row.markdown("**Onsets** · edit, add or delete them; the sound follows at once")
    again = row.button("Reset to the network's onsets", icon=":material/undo:")
    basis = (page.source.digest, page.kind, page.options["threshold"])
    if again or st.session_state.get(page.name("basis")) != basis:
        st.session_state[page.name("basis")] = basis
        prediction = page.outputs.by_kind[page.kind]
        set_onsets(page, find_onsets(prediction, page.options["threshold"],
                                     card_lateness(page.kind)))
        st.session_state[page.name("edits")] = []
    chart = st.container(key=f"{page.system.key}-over-time-onsets")  # below the player's strips
    left, right = st.columns([3, 2])
    with left:
        onsets = _table(page, page.options["bank"])
    with chart:
        _chart(page, onsets)
    with right:
        edit_hit(page, onsets, set_onsets)
    return {"onsets": onsets}


def set_onsets(page: Page, onsets: Sequence[Onset]) -> None:
    """Put onsets into the table; a new key makes the editor start from them."""
    before = st.session_state.get(page.name("table"), {"round": 0})
    st.session_state[page.name("table")] = {
        "onsets": to_table(onsets), "round": before["round"] + 1}


def _chart(page: Page, onsets: Sequence[Onset]) -> None:
    """The probability of onsets with those that are heard, and where the twin disagrees."""
    by_kind, kind = page.outputs.by_kind, page.kind
    prediction, twin = by_kind[kind], _twin(page)
    title = {k.key: k.title for k in page.system.kinds}
    doubts = editing.disputes(prediction, by_kind[twin], (
        page.options["threshold"], card_threshold(twin)), (
            card_lateness(kind), card_lateness(twin)))
    edits: list[tuple[list[Onset], list[Onset], float | None]] = st.session_state.setdefault(
        page.name("edits"), [])
    onset_editor(
        prediction.times,
        [Curve(title[twin], by_kind[twin].onset, TWIN), Curve(title[kind], prediction.onset, MADE,
                                                              filled=True)],
        [Mark(o.time, o.confidence, f"{o.time:.3f} s, {o.material} {o.action}",
              material_colour(o.material)) for o in onsets],
        [Doubt(d.time, _said(d, title[kind], title[twin])) for d in doubts],
        key=page.name("editor.chart"), player=page.system.key,
        span=PlayerView(times=prediction.times).span, threshold=page.options["threshold"],
        own=page.outputs.own_onsets, own_colour=OWN,
        revision=hashlib.sha256(repr((page.source.digest, onsets, kind)).encode()).hexdigest(),
        undo=bool(edits) and edits[-1][1] == list(onsets),
        chosen=edits[-1][2] if edits and edits[-1][1] == list(onsets) else None,
        on_edit=partial(_edit, page, list(onsets)))
    _list_doubts(page, doubts, title[kind], title[twin])


def _edit(page: Page, onsets: list[Onset], edit: Edit) -> None:
    """Do what a person asked for in the chart."""
    edits = st.session_state[page.name("edits")]
    duration, prediction = page.outputs.duration, page.outputs.by_kind[page.kind]
    if edit.what == "play":
        _play(page, edit.time)
        return
    if edit.what == "undo":
        if edits and edits[-1][1] == onsets:
            set_onsets(page, edits.pop()[0])
        return
    if edit.what != "add" and not 0 <= edit.at < len(onsets):
        return
    if edit.what == "add":
        after = editing.add(onsets, edit.time, prediction, duration, card_lateness(page.kind))
    elif edit.what == "move":
        after = editing.move(onsets, edit.at, edit.time, duration)
    else:
        after = editing.delete(onsets, edit.at)
    changed = [o.time for o in after if o not in onsets]
    after = from_table(to_table(after))  # as the table gives them back
    edits.append((onsets, after, changed[0] if changed else None))
    if changed:  # it is the one that is looked at
        st.session_state[page.name("item")] = [o.time for o in after].index(changed[0])
    set_onsets(page, after)


def _list_doubts(
    page: Page, doubts: Sequence[editing.Dispute], first: str, second: str
) -> None:
    """The places where the networks disagree; a click plays one."""
    if not doubts:
        return
    with st.expander(f"{first} and {second} disagree at {len(doubts)} "
                     f"{'place' if len(doubts) == 1 else 'places'}", icon=":material/balance:"):
        row = st.container(horizontal=True)
        for k, doubt in enumerate(doubts):
            row.button(_said(doubt, first, second), icon=":material/play_arrow:",
                       key=page.name(f"doubt.{k}"), on_click=_play, args=(page, doubt.time))


def _said(doubt: editing.Dispute, first: str, second: str) -> str:
    one, other = doubt.probabilities
    return f"{doubt.time:.2f} s: {first} {percent(one)}, {second} {percent(other)}"


def _play(page: Page, time: float) -> None:
    seek(page.system.key, max(0.0, time - _BEFORE), play=True)


def _twin(page: Page) -> str:
    """The network to compare with: the one without memory; of itself, the first with one."""
    kinds = page.system.kinds
    memoryless = next(k.key for k in kinds if not k.memory)
    return memoryless if page.kind != memoryless else next(k.key for k in kinds if k.memory)


def _table(page: Page, bank: Bank) -> list[Onset]:
    """The onsets in the table, in order of time."""
    shown, duration = st.session_state[page.name("table")], page.outputs.duration
    names = [*sorted({*MATERIALS, *(e.material for e in bank.exemplars if e.material)}), UNSURE]
    edited = st.data_editor(
        shown["onsets"], key=page.name(f"editor.{shown['round']}"), num_rows="dynamic",
        hide_index=True, height=290, column_config={
            "time": st.column_config.NumberColumn(
                "time (s)", min_value=0.0, max_value=duration - editing.LAST,
                step=0.001, format="%.3f", required=True),
            "strength": st.column_config.NumberColumn(
                "strength (dB)", min_value=SOFTEST, max_value=LOUDEST, step=0.5, format="%.1f"),
            "action": st.column_config.SelectboxColumn("action", options=list(ACTIONS)),
            "material": st.column_config.SelectboxColumn("material", options=names),
            "sound": st.column_config.SelectboxColumn(
                "sound", options=[NEAREST, *(e.name for e in bank.exemplars)], default=NEAREST),
            "confidence": st.column_config.NumberColumn(
                "confidence", format="%.1f %%", disabled=True),
        })
    return [onset for onset in from_table(edited) if onset.time < duration]
