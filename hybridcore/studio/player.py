"""The synced player: a video, what the models say of every frame, and one playhead for the page.

Everything that moves with the video is drawn by the browser from arrays that it fetches once, so
playing costs no Python. Python hears of a new frame only when the video pauses, a seek ends or a
frame step is made. Put the call into an `st.fragment` together with the elements that need the
frame, and only those run again.

Both the video and the arrays travel through Streamlit's media files: their names are content
hashes, the browser caches them, byte ranges are answered, and a rerun sends only two addresses.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import streamlit as st

from hybridcore.studio.component import SHOWN, declare, nothing, serve
from hybridcore.studio.seeking import Seek
from hybridcore.view import NEWS, Event, Part, Parts, PlayerView, uncertain_frames

_component = declare(
    "player", *SHOWN, "clock.js", "events.js", "extras.js", "keys.js", "following.js", "label.js",
    "loop.js", "shortcuts.js", "strips.js", "charts.js", "player.js",
)

_parts: WeakKeyDictionary[PlayerView, Parts] = WeakKeyDictionary()
_NARROW = "player.narrow"  # of the session


def narrow() -> bool:
    """Whether the browser's window is narrow, as that of a phone, as far as a player said so."""
    return bool(st.session_state.get(_NARROW, False))


def synced_player(
    view: PlayerView, *, key: str, video: str | Path | None = None, seek: Seek | None = None,
    film: str | None = None, parts: Parts | None = None, events: Sequence[Event] = (),
    start: int | None = None,
) -> int:
    """Show the player and say which frame it stands on.

    Args:
        view: what to show. A new view of the same video (another model) keeps the position.
        key: unique on the page; the name under which charts follow (:mod:`.timeline`).
        video: played in place of the view's own: what a browser can play of the input, with the
            view's `track` in it.
        film: what is seen in the video: another copy of the same film, or one with another sound,
            goes on where the last one is. None: each video is a film of its own.
        parts: those of a view that grows; it may come before its video.
        seek: moves the video when its `nonce` differs from the last one.
        events: in order of time; the viewer steps from one to the next.
        start: the frame on which a video begins that is not shown yet; None: that of the view.

    Returns:
        The frame index in [0, T) at the last pause, seek or step; the start before any. It survives
        page switches.

    Raises:
        ValueError: there is no video to play.
    """
    video = view.video if video is None else video
    if video is None and parts is None:
        raise ValueError("neither the view nor the page says what to play")
    if parts is None:
        if view not in _parts:
            _parts[view] = Parts.of(view.to_bytes())
        parts = _parts[view]
    if isinstance(video, Path):
        video = serve(str(video), "video/mp4", f"{key}.video")
    film = film or video
    poster = None
    if view.poster is not None:
        content = str(view.poster) if isinstance(view.poster, Path) else view.poster
        poster = serve(content, "image/jpeg", f"{key}.poster")

    subtitles = None
    if view.subtitles is not None:
        subtitles = serve(view.subtitles.encode(), "text/vtt", f"{key}.subtitles")

    # A component's own state is dropped when its page is left, hence this copy.
    memory_key = f"{key}.position"
    memory = st.session_state.get(memory_key)
    if memory is None or memory["film"] != film or start is not None:
        begin = view.start if start is None else start
        memory = {"film": film, "frame": begin, "nonce": None}

    state = _component(
        key=key,
        data={
            "key": key,
            "video": video,
            "film": film,
            "payload": _addresses(parts, key),
            "poster": poster,
            "subtitles": subtitles,
            "alt": view.alt,
            "sound": view.sound or view.track is not None,
            "size": view.size,
            "rows": len(view.strips),
            "start": memory,
            "seek": None if seek is None else asdict(seek),
            "events": [asdict(event) for event in events],
            "uncertain": uncertain_frames(view),
            "narrow": narrow(),
        },
        default={"position": None, "narrow": narrow()},
        on_position_change=nothing,
        on_narrow_change=nothing,
    )
    if state["narrow"] != narrow():
        st.session_state[_NARROW] = state["narrow"]
        st.rerun()  # charts of the whole page are drawn for it

    position: dict[str, Any] | None = state["position"]
    if position is not None and position["film"] == film:
        nonce = None if seek is None else seek.nonce
        memory = {"film": film, "frame": int(position["frame"]), "nonce": nonce}
    st.session_state[memory_key] = {**memory, "start": view.start}
    return max(0, min(memory["frame"], len(view.times) - 1))


def _addresses(parts: Parts, key: str) -> dict[str, Any]:
    """Where a browser finds the parts of a view, as payload.js reads it."""

    def address(part: Part, place: str) -> str:
        return serve(part.block, "application/octet-stream", f"{key}.{place}", part.digest)

    return {
        "name": parts.name,
        "revision": parts.whole.revision,
        "whole": address(parts.whole, "payload"),
        "news": [
            {"revision": part.revision,
             "address": address(part, f"news {part.revision % NEWS}")}
            for part in parts.news
        ],
    }


def position(key: str) -> int:
    """The frame that the player of that key stood on when it was last drawn; 0 before."""
    return int(st.session_state.get(f"{key}.position", {"frame": 0})["frame"])


def begun(key: str, film: str) -> bool:
    """Whether the player of that key left the first frame of a film, or began elsewhere; true also
    where it has not shown that film yet, as it then begins where its view says."""
    memory = st.session_state.get(f"{key}.position")
    return memory is None or memory["film"] != film or bool(memory["frame"] or memory["start"])
