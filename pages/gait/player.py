"""The video with everybody who walks in it, and what the network says of one of them so far."""

from __future__ import annotations

import numpy as np
import streamlit as st

from hybridcore.gait import figures
from hybridcore.gait.annotate import place_of
from hybridcore.gait.gallery import Gallery
from hybridcore.gait.model import VIEWS
from hybridcore.gait.result import Walk
from hybridcore.studio.player import synced_player
from hybridcore.view import Film, Line, Panel, PlayerView, Sprite, Sprites, Strip
from pages.gait import KEY
from pages.gait.followed import Followed

_STATES = ("counts", "cut off")
_CUT_OFF = "#B8B8B8"
_PEOPLE = "People"


def play(followed: Followed, walk: Walk | None, gallery: Gallery) -> None:
    """The player; ``walk`` is the one whose card stands beside the video."""
    synced_player(
        _player_view(followed.key, walk.id if walk else 0, gallery.fingerprint(), followed,
                     gallery),
        key=KEY)


@st.cache_resource(max_entries=24, show_spinner=False)
def _player_view(
    key: str, chosen: int, known: str, _followed: Followed, _gallery: Gallery
) -> PlayerView:
    """One view a video, walker and content of the gallery, so that its arrays go out once."""
    result = _followed.result
    size = (result.width, result.height)
    walk = next((w for w in result.walks if w.id == chosen), None)
    times = _followed.times(walk)
    shown = [w for w in result.walks if _followed.clip or w is walk]
    strips, sprites = [], []
    for each in shown:
        codes = np.full(len(times), -1)
        codes[each.frames] = np.where(each.usable, 0, 1)
        colour = figures.colour_of(each)
        strips.append(Strip(each.name, codes, _STATES, (colour, _CUT_OFF)))
        sprites.append(Sprite(
            each.name, colour, each.frames, each.silhouettes,
            place_of(each, (result.height, result.width)), each.boxes, each.usable))
    panels = [] if walk is None else [
        Panel(walk.name, films=[_film(sprites[shown.index(walk)])],
              lines=_said_so_far(walk, _gallery, len(times)))]
    return PlayerView(
        video=_followed.video(walk), times=times, strips=strips[:6], panels=panels,
        overlays=[Sprites(_PEOPLE, sprites)] if sprites else [],
        overlay=_PEOPLE if sprites else None, size=size, alt="People walking")


def _film(sprite: Sprite) -> Film:
    """The silhouette of each frame, and the gait energy image as it builds up."""
    return Film(sprite, present="this frame", absent="not in this frame",
                mean="energy of {count} frames", mean_of_one="energy of 1 frame")


def _said_so_far(walk: Walk, gallery: Gallery, count: int) -> list[Line]:
    """What the network says at every frame: who, and from which angle."""
    identity = walk.identity
    if identity is None:
        return []
    at = walk.frames[walk.usable][identity.at]
    last = np.searchsorted(at, np.arange(count), side="right") - 1  # -1 before the first
    views = np.where(last < 0, -1, identity.views.argmax(1)[last])
    lines = [Line("View so far", [f"{view}°" for view in VIEWS], views)]
    names, apart = figures.distances_to(identity, gallery)
    if names:
        who = np.where(apart.min(1) <= gallery.threshold, apart.argmin(1), len(names))
        lines.insert(0, Line("Who so far", [*names, "nobody known"],
                             np.where(last < 0, -1, who[last])))
    return lines
