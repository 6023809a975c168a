"""The synced player: a video, what the models say of every frame, and one playhead for the page.

Everything that moves with the video is drawn by the browser from arrays that it fetches once, so
playing costs no Python. Python hears of a new frame only when the video pauses, a seek ends or a
frame step is made. Put the call into an `st.fragment` together with the elements that need the
frame, and only those run again.

Both the video and the arrays travel through Streamlit's media files: their names are content
hashes, the browser caches them, byte ranges are answered, and a rerun sends only two addresses.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, TypeVar
from weakref import WeakKeyDictionary

import streamlit as st

from hybridcore.studio.component import SHOWN, declare, nothing, serve
from hybridcore.studio.seeking import Seek
from hybridcore.view import PlayerView

Figure = TypeVar("Figure")

_component = declare(
    "player", *SHOWN, "clock.js", "extras.js", "keys.js", "strips.js", "charts.js", "player.js",
)

_payloads: WeakKeyDictionary[PlayerView, bytes] = WeakKeyDictionary()


def synced_player(
    view: PlayerView, *, key: str, video: str | Path | None = None, seek: Seek | None = None
) -> int:
    """Show the player and say which frame it stands on.

    Args:
        view: what to show. A new view of the same video (another model) keeps the position.
        key: unique on the page; the name under which charts follow (`timeline_layout`).
        video: played in place of the view's own: what a browser can play of the input, with the
            view's `track` in it.
        seek: moves the video when its `nonce` differs from the last one.

    Returns:
        The frame index in [0, T) at the last pause, seek or step; 0 before any. It survives page
        switches.

    Raises:
        ValueError: there is no video to play.
    """
    video = view.video if video is None else video
    if video is None:
        raise ValueError("neither the view nor the page says what to play")
    if view not in _payloads:
        _payloads[view] = view.to_bytes()
    if isinstance(video, Path):
        video = serve(str(video), "video/mp4", f"{key}.video")
    poster = None
    if view.poster is not None:
        poster = serve(str(view.poster), "image/jpeg", f"{key}.poster")

    subtitles = None
    if view.subtitles is not None:
        subtitles = serve(view.subtitles.encode(), "text/vtt", f"{key}.subtitles")

    # A component's own state is dropped when its page is left, hence this copy.
    memory_key = f"{key}.position"
    memory = st.session_state.get(memory_key, {"video": video, "frame": 0, "nonce": None})
    if memory["video"] != video:
        memory = {"video": video, "frame": 0, "nonce": None}

    state = _component(
        key=key,
        data={
            "key": key,
            "video": video,
            "payload": serve(_payloads[view], "application/octet-stream", f"{key}.payload"),
            "poster": poster,
            "subtitles": subtitles,
            "alt": view.alt,
            "sound": view.sound or view.track is not None,
            "size": view.size,
            "rows": len(view.strips),
            "start": memory,
            "seek": None if seek is None else {"time": seek.time, "nonce": seek.nonce},
        },
        default={"position": None},
        on_position_change=nothing,
    )

    position: dict[str, Any] | None = state["position"]
    if position is not None and position["video"] == video:
        nonce = None if seek is None else seek.nonce
        memory = {"video": video, "frame": int(position["frame"]), "nonce": nonce}
    st.session_state[memory_key] = memory
    return min(memory["frame"], len(view.times) - 1)


def timeline_layout(figure: Figure, key: str, x: Literal["time", "frame"] = "time") -> Figure:
    """Let a Plotly figure follow the player `key`: a moving line, and a click seeks.

    Args:
        figure: a `plotly.graph_objects.Figure`, changed in place.
        key: the player's key.
        x: whether the x axes count seconds or frames.

    Returns:
        The same figure.
    """
    update: Callable[..., Any] = figure.update_layout  # type: ignore[attr-defined]
    update(meta={"timeline": key, "x": x})
    return figure


def show_timeline(figure: Figure, key: str, name: str, alt: str) -> None:
    """Show a Plotly figure over time that follows the player `key`.

    Args:
        figure: changed in place, as in `timeline_layout`.
        name: unique among the figures of this player.
        alt: what the figure shows, for those who cannot see it.
    """
    st.plotly_chart(timeline_layout(figure, key), key=f"{key}.{name}", alt=alt)
