"""A row of small pictures, one of them chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from hybridcore.studio.component import declare, serve
from hybridcore.studio.widget_state import event

_component = declare("gallery", "following.js", "gallery.js")


@dataclass(frozen=True)
class Thumb:
    """One entry: its name, a small JPEG file's bytes, and a line or two below.

    time: s, where the player goes when it is clicked.
    """

    name: str
    picture: bytes
    note: str = ""
    time: float | None = None


def gallery(
    thumbs: Sequence[Thumb], *, key: str, selected: int | None = None,
    on_choose: Callable[[int], None] | None = None, slim: bool = False,
    label: str = "Samples and files", player: str | None = None,
) -> None:
    """Show the pictures; ``on_choose`` is called with the position of one that is clicked.

    label: what they are, for those who cannot see them. player: key of the one that goes to the
    time of a picture, without Python.
    ``slim``: as chips, of which only the chosen one has its name beside it.
    """

    def chosen() -> None:
        choice = event(key, "choice")
        if on_choose is not None and choice is not None and 0 <= int(choice) < len(thumbs):
            on_choose(int(choice))

    _component(
        key=key,
        data={
            "entries": [
                {"name": thumb.name, "note": thumb.note, "time": thumb.time,
                 "picture": serve(thumb.picture, "image/jpeg", f"{key}.{number}")}
                for number, thumb in enumerate(thumbs)
            ],
            "selected": -1 if selected is None else selected,
            "player": player,
            "slim": slim,
            "label": f"{label}, in short" if slim else label,
        },
        on_choice_change=chosen,
    )
