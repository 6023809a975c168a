"""Onsets over the time of a player, edited by click, drag and keys on the curve of their
probability."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from hybridcore.packing import pack
from hybridcore.studio.component import declare, serve

_component = declare(
    "onset_editor", "mounts.js", "payload.js", "elements.js", "clock.js", "following.js",
    "onset_editor.js",
)


@dataclass(frozen=True)
class Mark:
    """An onset that is shown. time: s; height: 0..1, where on the plot; title: what it is, for a
    person; colour: hexadecimal."""

    time: float
    height: float
    title: str
    colour: str


@dataclass(frozen=True)
class Doubt:
    """A place where networks disagree. time: s; title: how, for a person."""

    time: float
    title: str


@dataclass(frozen=True)
class Curve:
    """A probability over time. values: float32 ``[T]``, 0..1; filled: the one that is edited."""

    name: str
    values: NDArray[np.float32]
    colour: str
    filled: bool = False


@dataclass(frozen=True)
class Edit:
    """What a person did. what: "add" or "play" at ``time`` s; "move" the onset at position ``at``
    to ``time``; "delete" the one at ``at``; "undo"."""

    what: str
    time: float = 0.0
    at: int = 0


def onset_editor(
    times: NDArray[np.float64], curves: Sequence[Curve], marks: Sequence[Mark],
    doubts: Sequence[Doubt], *, key: str, player: str, span: tuple[float, float], threshold: float,
    own: NDArray[np.floating] | None, own_colour: str, revision: str, undo: bool,
    chosen: float | None, on_edit: Callable[[Edit], None],
) -> None:
    """Show the editor.

    Args:
        times: float64 ``[T]``, s, of the curves.
        marks: in order of time; a position in an :class:`Edit` is one of theirs.
        key: unique on the page. player: key of the player to follow.
        span: first and last time shown, s.
        own: times of onsets in the clip's own sound, s, if it has one.
        revision: differs whenever the marks do; an edit of others than these is forgotten.
        undo: whether there is something to undo. chosen: time of the onset that was just edited.
        on_edit: called before the page is drawn anew, with what a person did.
    """
    block = pack({
        "times": np.asarray(times, np.float64), "threshold": float(threshold),
        "lines": [{"name": c.name, "values": np.asarray(c.values, np.float32),
                   "colour": c.colour, "filled": c.filled} for c in curves],
        "own": {"times": np.asarray([] if own is None else own, np.float64),
                "colour": own_colour},
    })

    def edited() -> None:
        told: dict[str, Any] | None = st.session_state.get(key, {}).get("edit")
        if told is not None and told["seen"] == revision:
            on_edit(Edit(told["what"], float(told.get("time", 0.0)), int(told.get("at", 0))))

    _component(
        key=key,
        data={
            "curves": serve(block, "application/octet-stream", f"{key}.curves"),
            "onsets": [asdict(mark) for mark in marks],
            "disputes": [asdict(doubt) for doubt in doubts],
            "player": player, "span": list(span), "revision": revision, "undo": undo,
            "chosen": chosen, "step": float(np.median(np.diff(times))) if len(times) > 1 else 0.04,
        },
        default={"edit": None},
        on_edit_change=edited,
    )
