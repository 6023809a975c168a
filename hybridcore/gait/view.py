"""What the player shows: everybody who walks over the video, and what the network says of one."""

from __future__ import annotations

from typing import Any

import numpy as np

from hybridcore.figures import OTHER
from hybridcore.gait.figures import colour_of
from hybridcore.gait.identification import KnownWalks
from hybridcore.gait.model import VIEWS
from hybridcore.gait.result import GaitResult
from hybridcore.gait.walk import Walk
from hybridcore.system import Answer
from hybridcore.view import Event, Film, Line, Panel, PlayerView, Series, Sprite, Sprites, Strip

_STATES = ("in full view", "cut off")
_PEOPLE = "People"
_MOST_STRIPS = 8  # as many rows as leave the picture in view
_ANGLES = 3  # bars
_MOST_PICTURES = 30_000  # silhouettes that go to a browser at once, 85 MB; beyond, one walk's


def player_view(answer: Answer[Any, GaitResult], item: int) -> PlayerView:
    """``item``: the position of the walk whose card stands beside the video."""
    result = answer.result
    size, count = (result.width, result.height), len(result.times)
    walks = [walk.on_film() for walk in result.walks]
    chosen = walks[item] if item < len(walks) else None
    if chosen is not None and sum(len(walk.frames) for walk in walks) > _MOST_PICTURES:
        walks = [chosen]
    sprites = {walk.id: _sprite(walk, (result.height, result.width)) for walk in walks}
    panels = [] if chosen is None else [
        _panel(chosen, sprites[chosen.id], result.known, count)]
    near = _nearest(walks, chosen)
    strips = [_strip(walk, count) for walk in near]
    if len(near) < len(walks):
        shown = {walk.id for walk in near}
        strips.append(_others([walk for walk in walks if walk.id not in shown], count))
    return PlayerView(
        times=result.times, strips=strips,
        panels=panels, label=_label(chosen, result.known, count),
        overlays=[Sprites(_PEOPLE, list(sprites.values()))] if sprites else [],
        overlay=_PEOPLE if sprites else None, size=size, start=_first_seen(walks),
        alt=f"People walking in {answer.source.name}: {answer.system.headline(answer)}")


def events(answer: Answer[Any, GaitResult]) -> list[Event]:
    """When each walker enters and leaves."""
    walks = [walk.on_film() for walk in answer.result.walks]
    return [event for walk in walks for event in (
        Event(float(walk.times[0]), f"{walk.name} enters"),
        Event(float(walk.times[-1]), f"{walk.name} leaves"))]


def _first_seen(walks: list[Walk]) -> int:
    """The first frame with somebody in full view; 0 where there is none."""
    return min((int(walk.frames[walk.usable][0]) for walk in walks if walk.usable.any()), default=0)


def _panel(walk: Walk, sprite: Sprite, known: KnownWalks, count: int) -> Panel:
    """The card of one walk."""
    if walk.identity is None:
        return Panel(walk.name, films=[_film(sprite)])
    return Panel(walk.name, [_views(walk, count)], _who(walk, known, count),
                 films=[_film(sprite)])


def _label(walk: Walk | None, known: KnownWalks, count: int) -> Line | None:
    """What is said of a walk in a few words: who it is or, with nobody enrolled, how it is seen."""
    if walk is None or walk.identity is None:
        return None
    if who := _who(walk, known, count):
        return who[0]
    last = _so_far(walk, count)
    seen = walk.identity.views.argmax(1)
    return Line("View so far", [f"seen from {view}°" for view in VIEWS],
                np.where(last < 0, -1, seen[last]))


def _nearest(walks: list[Walk], chosen: Walk | None) -> list[Walk]:
    """As many walks as there is space for, the chosen one among them."""
    at = next((k for k, walk in enumerate(walks) if walk is chosen), 0)
    first = max(0, at - _MOST_STRIPS + 1)
    return walks[first : first + _MOST_STRIPS]


def _strip(walk: Walk, count: int) -> Strip:
    """When somebody is there, and when in full view."""
    codes = np.full(count, -1)
    codes[walk.frames] = np.where(walk.usable, 0, 1)
    return Strip(walk.name, codes, _STATES, (colour_of(walk), OTHER))


def _others(walks: list[Walk], count: int) -> Strip:
    """When any of those is there who have no strip of their own."""
    codes = np.full(count, -1)
    for walk in walks:
        codes[walk.frames] = 0
    return Strip(f"and {len(walks)} more", codes, ("somebody",), (OTHER,))


def _sprite(walk: Walk, picture: tuple[int, int]) -> Sprite:
    return Sprite(walk.name, colour_of(walk), walk.frames, walk.silhouettes,
                  walk.places(picture), walk.boxes, walk.usable)


def _film(sprite: Sprite) -> Film:
    """The silhouette of each frame, and the gait energy image as it builds up."""
    return Film(sprite, present="this frame", absent="not in this frame",
                mean="energy of {count} frames", mean_of_one="energy of 1 frame")


def _so_far(walk: Walk, count: int) -> np.ndarray:
    """int ``[count]``: which of the steps of the network is the last at every frame; -1 before."""
    assert walk.identity is not None
    at = walk.frames[walk.usable][walk.identity.at]
    return np.searchsorted(at, np.arange(count), side="right") - 1


def _views(walk: Walk, count: int) -> Series:
    """From which angle the walk is seen, the likeliest ones, from all silhouettes so far."""
    assert walk.identity is not None
    last, views = _so_far(walk, count), walk.identity.views
    order = np.argsort(-views, axis=1, kind="stable")[:, :_ANGLES]
    before = (last < 0)[:, None]
    return Series(
        "View so far", [f"{view}°" for view in VIEWS], np.where(before, -1, order[last]),
        np.where(before, 0, np.take_along_axis(views, order, 1)[last]))


def _who(walk: Walk, known: KnownWalks, count: int) -> list[Line]:
    """Who it is, from all silhouettes so far; no line where nobody is enrolled."""
    assert walk.identity is not None
    names, apart = known.distances_to(walk.identity.evidence)
    if not names:
        return []
    last = _so_far(walk, count)
    who = np.where(apart.min(1) <= known.threshold, apart.argmin(1), len(names))
    return [Line("Identity so far", [*names, "no match"], np.where(last < 0, -1, who[last]))]
