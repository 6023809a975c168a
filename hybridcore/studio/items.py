"""The parts of a result, one of them looked at: chosen from a list, or by the player."""

from __future__ import annotations

from functools import partial

import streamlit as st

from hybridcore.media.picture import jpeg
from hybridcore.studio.gallery import Thumb, gallery
from hybridcore.studio.seeking import seek
from hybridcore.studio.widget_state import listed_choice, nearest_position, position
from hybridcore.system import Items, System

_MOST_BUTTONS = 6  # more parts are chosen from a list
_LONGEST = 40  # letters on a button; longer parts are read from a list, one a line
_THUMB_SIDE = 320  # px


def item_before(system: System, items: Items | None) -> int:
    """The position of the part that was chosen so far."""
    return nearest_position(_key(system), len(items.entries) if items else 0)


def choose_item(system: System, items: Items | None, time: float | None) -> int:
    """Draw the choice.

    Args:
        time: where the player stands, s. If it has moved, and the parts follow it, the one that is
            on becomes the choice.

    Returns:
        The position of the part.
    """
    if items is None or not items.entries:
        return 0
    key, state = _key(system), st.session_state
    state[key] = item_before(system, items)
    if items.follow and time is not None and state.get(f"{system.key}.time") != time:
        state[f"{system.key}.time"] = time
        on = [k for k, entry in enumerate(items.entries)
              if entry.start is not None and entry.start <= time]
        state[key] = on[-1] if on else 0
    if len(items.entries) == 1:
        return 0
    titles = [entry.title for entry in items.entries]
    pictures = [entry.picture for entry in items.entries if entry.picture is not None]
    go = partial(_go, system, items)

    def choose(at: int) -> None:
        state[key] = at
        go()

    if len(pictures) == len(titles):
        gallery([Thumb(title, jpeg(picture, _THUMB_SIDE))
                 for title, picture in zip(titles, pictures, strict=True)],
                key=f"{key}s", selected=state[key], on_choose=choose)
    elif len(titles) > _MOST_BUTTONS:
        listed_choice(items.name, titles, key=f"{key}.list", kept=key, then=go)
    elif max(map(len, titles)) > _LONGEST:
        st.radio(items.name, range(len(titles)), format_func=titles.__getitem__, key=key,
                 on_change=go)
    else:
        st.segmented_control(items.name, range(len(titles)), format_func=titles.__getitem__,
                             key=key, required=True, on_change=go)
    return item_before(system, items)


def _go(system: System, items: Items) -> None:
    """Take the player to where the part that is chosen begins."""
    at = position(_key(system), len(items.entries))
    if at is not None:
        seek(system.key, items.entries[at].start)


def _key(system: System) -> str:
    return f"{system.key}.item"
