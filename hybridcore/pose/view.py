"""What the player shows: skeletons over the video, and what is said of everybody as strips."""

from __future__ import annotations

import numpy as np

from hybridcore.figures import PALETTE
from hybridcore.media import Clip
from hybridcore.people.points import BODY_EDGES, BODY_POINTS
from hybridcore.pose.actions import ACTIONS, COLOURS, SAID
from hybridcore.pose.result import Body, PoseResult
from hybridcore.system import Answer, Item, Items
from hybridcore.view import Event, Line, Outlines, Panel, PlayerView, Series, Strip

PoseAnswer = Answer[Clip, PoseResult]
_SKELETONS = "Skeletons"
_MOST_STRIPS = 6  # of people beside the one chosen; as many as leave the picture in view
_MOST_POINTS = 6_000_000  # of skeletons that go to a browser at once, 48 MB; beyond, one body's
_BARS = 5
_LEAST_CHANGE = 0.4  # s; shorter stretches are no event


def colour_of(body: Body) -> str:
    """The colour of one person on the whole page."""
    return PALETTE[(body.number - 1) % len(PALETTE)]


def player_view(answer: PoseAnswer, item: int) -> PlayerView:
    """``item``: the position of the person whose card stands beside the video."""
    result = answer.result
    chosen = result.offered[item] if item < len(result.offered) else None
    shown = list(result.bodies)
    if len(shown) * len(result.times) * len(BODY_POINTS) > _MOST_POINTS:
        shown = [] if chosen is None else [chosen]
    return PlayerView(
        times=result.times,
        strips=[] if chosen is None else [
            *_kinds_of(chosen, answer), *_others(chosen, result)],
        overlays=[skeletons(shown, result)] if shown else [],
        overlay=_SKELETONS if shown else None,
        panels=[] if chosen is None else [_panel(chosen, answer)],
        size=(result.width, result.height), sound=answer.source.info.has_sound,
        start=0 if chosen is None else int(chosen.frames[0]),
        alt=f"Skeletons over {answer.source.name}: {result.headline()}")


def items(answer: PoseAnswer) -> Items:
    """Everybody who is seen, whoever is seen longest first."""
    return Items("Person", tuple(
        Item(body.name, float(body.times[0]), float(body.times[-1]))
        for body in answer.result.offered))


def events(answer: PoseAnswer) -> list[Event]:
    """Where somebody comes or begins something else."""
    result, found = answer.result, []
    for body in result.bodies:
        found.append(Event(float(body.times[0]), f"{body.name} comes"))
        found += [
            Event(segment.start, f"{body.name}: {SAID[segment.label]}")
            for segment in result.segments(body)
            if segment.label < len(ACTIONS) and segment.end - segment.start >= _LEAST_CHANGE]
    return found


def skeletons(bodies: list[Body], result: PoseResult) -> Outlines:
    """Skeletons of some people, with what is said of them; only what is seen is drawn."""
    points = np.full((len(result.times), len(bodies), len(BODY_POINTS), 2), np.nan, np.float32)
    codes = np.full(points.shape[:2], -1)
    for k, body in enumerate(bodies):
        points[body.frames, k] = np.where(body.seen[..., None], body.landmarks, np.nan)
        codes[body.frames, k], _ = body.said(result.kind, result.threshold)
    return Outlines(_SKELETONS, points, BODY_EDGES, [body.name for body in bodies],
                    [colour_of(body) for body in bodies], codes=codes, labels=SAID)


def _kinds_of(body: Body, answer: PoseAnswer) -> list[Strip]:
    """What each network says of one person, the one chosen first."""
    result, count = answer.result, len(answer.result.times)
    kinds = sorted(answer.system.kinds, key=lambda kind: kind.key != result.kind)
    strips = []
    for kind in kinds:
        label, sure = body.said(kind.key, result.threshold)
        strips.append(Strip(
            kind.title, _over_clip(body, label, count, -1), SAID, COLOURS,
            _over_clip(body, sure, count, 0.0)))
    return strips


def _others(chosen: Body, result: PoseResult) -> list[Strip]:
    """What the network chosen says of those who are there beside the one chosen; their labels
    begin with their names, as it is about somebody else."""
    others = [body for body in result.bodies if body is not chosen]
    near = sorted(others, key=lambda body: -len(np.intersect1d(body.frames, chosen.frames)))
    strips = []
    for body in sorted(near[:_MOST_STRIPS], key=lambda body: body.number):
        label, sure = body.said(result.kind, result.threshold)
        strips.append(Strip(
            body.name, _over_clip(body, label, len(result.times), -1),
            [f"{body.name}: {text}" for text in SAID], COLOURS,
            _over_clip(body, sure, len(result.times), 0.0)))
    return strips


def _over_clip(body: Body, values: np.ndarray, count: int, empty: float) -> np.ndarray:
    """Values at the frames of a body as values at all frames; ``empty`` where it is not seen."""
    found = np.full(count, empty, values.dtype)
    found[body.frames] = values
    return found


def _panel(body: Body, answer: PoseAnswer) -> Panel:
    """The likeliest actions of one person at every frame, and those of the twin without memory."""
    result, count = answer.result, len(answer.result.times)
    label, _ = body.said(result.kind, result.threshold)
    bars = []
    for kind in answer.system.kinds:
        if kind.key != result.kind and kind.key != "speed":
            continue
        p = body.probabilities(kind.key)
        best = np.argsort(-p, axis=1, kind="stable")[:, :_BARS]
        index = np.full((count, _BARS), -1)
        value = np.zeros((count, _BARS), np.float32)
        index[body.frames] = best
        value[body.frames] = np.take_along_axis(p, best, 1)
        bars.append(Series(kind.title, ACTIONS, index, value, hollow=not kind.memory,
                           colours=COLOURS[: len(ACTIONS)]))
    return Panel(body.name, bars, [Line("Does", SAID, _over_clip(body, label, count, -1))])
