"""What the player shows: hands and arms over the video, and what is said of everybody as strips."""

from __future__ import annotations

import numpy as np

from hybridcore.figures import PALETTE
from hybridcore.gesture.gestures import COLOURS, GESTURES, NOTHING, SAID
from hybridcore.gesture.points import COUNT, EDGES
from hybridcore.gesture.result import GestureResult, Signer
from hybridcore.media import Clip
from hybridcore.system import Answer, Item, Items
from hybridcore.view import Event, Line, Outlines, Panel, PlayerView, Series, Strip

GestureAnswer = Answer[Clip, GestureResult]
_SKELETONS = "Hands and arms"
_MOST_STRIPS = 6  # of people beside the one chosen
_BARS = 5
_LEAST_CHANGE = 0.2  # s; shorter gestures are no event


def colour_of(signer: Signer) -> str:
    """The colour of one person on the whole page."""
    return PALETTE[(signer.number - 1) % len(PALETTE)]


def player_view(answer: GestureAnswer, item: int) -> PlayerView:
    """``item``: the position of the person whose card stands beside the video."""
    result = answer.result
    chosen = result.offered[item] if item < len(result.offered) else None
    return PlayerView(
        times=result.times,
        strips=[] if chosen is None else [*_kinds_of(chosen, answer), *_others(chosen, result)],
        overlays=[skeletons(result)] if result.signers else [],
        overlay=_SKELETONS if result.signers else None,
        panels=[] if chosen is None else [_panel(chosen, answer)],
        size=(result.width, result.height), sound=answer.source.info.has_sound,
        start=0 if chosen is None else int(chosen.frames[0]),
        alt=f"Hands and arms over {answer.source.name}: {result.headline()}")


def items(answer: GestureAnswer) -> Items:
    """Everybody who is seen, whoever is seen longest first."""
    return Items("Person", tuple(
        Item(signer.name, float(signer.times[0]), float(signer.times[-1]))
        for signer in answer.result.offered))


def events(answer: GestureAnswer) -> list[Event]:
    """Where a gesture begins and ends."""
    result, found = answer.result, []
    for signer in result.signers:
        who = f"{signer.name}: " if len(result.signers) > 1 else ""
        for segment in result.segments(signer):
            if segment.label < len(GESTURES) and segment.end - segment.start >= _LEAST_CHANGE:
                end = min(segment.end, float(result.times[-1]))
                found += [Event(segment.start, f"{who}{segment.title} begins"),
                          Event(end, f"{who}{segment.title} ends")]
    return sorted(found, key=lambda event: event.time)


def skeletons(result: GestureResult) -> Outlines:
    """Hands and arms of everybody, with what is said of them; only what is seen is drawn."""
    people = result.signers
    points = np.full((len(result.times), len(people), COUNT, 2), np.nan, np.float32)
    codes = np.full(points.shape[:2], -1)
    for k, signer in enumerate(people):
        points[signer.frames, k] = signer.points
        label, _ = signer.said(result.kind, result.threshold)
        codes[signer.frames, k] = np.where(label == GESTURES.index(NOTHING), -1, label)
    return Outlines(_SKELETONS, points, EDGES, [signer.name for signer in people],
                    [colour_of(signer) for signer in people], codes=codes, labels=SAID)


def _kinds_of(signer: Signer, answer: GestureAnswer) -> list[Strip]:
    """What each kind says of one person, the one chosen first."""
    kinds = sorted(answer.system.kinds, key=lambda kind: kind.key != answer.result.kind)
    return [_strip(kind.title, signer, kind.key, answer.result) for kind in kinds]


def _others(chosen: Signer, result: GestureResult) -> list[Strip]:
    """What the kind chosen says of the others."""
    others = [signer for signer in result.signers if signer is not chosen][:_MOST_STRIPS]
    return [_strip(signer.name, signer, result.kind, result, f"{signer.name}: ")
            for signer in others]


def _strip(
    name: str, signer: Signer, kind: str, result: GestureResult, prefix: str = ""
) -> Strip:
    """What one kind says of one person; labels begin with ``prefix``."""
    label, sure = signer.said(kind, result.threshold)
    codes, confidence = np.full(len(result.times), -1), np.zeros(len(result.times), np.float32)
    codes[signer.frames], confidence[signer.frames] = label, sure
    return Strip(name, codes, [prefix + text for text in SAID], COLOURS, confidence)


def _panel(signer: Signer, answer: GestureAnswer) -> Panel:
    """The likeliest gestures of one person at every frame, and those of the twin without memory."""
    result, count = answer.result, len(answer.result.times)
    said = np.full(count, -1)
    said[signer.frames], _ = signer.said(result.kind, result.threshold)
    bars = []
    for kind in answer.system.kinds:
        if kind.key != result.kind and kind.memory:
            continue
        p = signer.probabilities(kind.key)[signer.at]
        best = np.argsort(-p, axis=1, kind="stable")[:, :_BARS]
        index, value = np.full((count, _BARS), -1), np.zeros((count, _BARS), np.float32)
        index[signer.frames], value[signer.frames] = best, np.take_along_axis(p, best, 1)
        bars.append(Series(kind.title, GESTURES, index, value, hollow=not kind.memory,
                           colours=COLOURS[: len(GESTURES)]))
    return Panel(signer.name, bars, [Line("Says", SAID, said)])
