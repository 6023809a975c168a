"""A row of small pictures, one of them chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from hybridcore.studio.component import declare, serve

_component = declare("gallery", "gallery.js")


@dataclass(frozen=True)
class Thumb:
    """One entry: its name, a small JPEG file's bytes, and a line or two below."""

    name: str
    picture: bytes
    note: str = ""


def gallery(
    thumbs: Sequence[Thumb], *, key: str, selected: int | None,
    on_choose: Callable[[int], None],
) -> None:
    """Show the pictures; ``on_choose`` is called with the position of one that is clicked."""

    def chosen() -> None:
        choice = st.session_state[key]["choice"]
        if choice is not None:
            on_choose(int(choice))

    _component(
        key=key,
        data={
            "entries": [
                {"name": thumb.name, "note": thumb.note,
                 "picture": serve(thumb.picture, "image/jpeg", f"{key}.{number}")}
                for number, thumb in enumerate(thumbs)
            ],
            "selected": -1 if selected is None else selected,
        },
        on_choice_change=chosen,
    )
