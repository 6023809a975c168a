"""What the player shows: faces over the video, and every witness as a strip on one clock."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from scipy.spatial import Delaunay

from hybridcore.emotion.classes import EMOTIONS
from hybridcore.emotion.result import CARE, SAID, EmotionResult, Person
from hybridcore.emotion.witnesses import FUSED, WITNESSES
from hybridcore.figures import OTHER, PALETTE
from hybridcore.layers.chain import runs
from hybridcore.media import Clip
from hybridcore.media.recording import Recording
from hybridcore.people.points import FACE_OUTLINES, FACE_POINTS
from hybridcore.system import Answer, Item, Items
from hybridcore.text import vtt_text
from hybridcore.view import Event, Line, Outlines, Panel, PlayerView, Series, Strip

EmotionAnswer = Answer[Clip | Recording, EmotionResult]

COLOURS = (PALETTE[5], PALETTE[2], PALETTE[6], PALETTE[1], PALETTE[0], PALETTE[3], PALETTE[7])
SAID_COLOURS = (*COLOURS, OTHER)
TITLES = {FUSED: "Together", **{w.key: w.title for w in WITNESSES}}
_FACES, _MESH = "Faces", "Mesh"
_MOST_MESHES = 4000  # frames times people: 15 MB
_APART = "#C2467A"
_BOX = ((0, 1), (1, 2), (2, 3), (3, 0))
_OUTLINES = [FACE_OUTLINES[name] for name in ("right eye", "left eye", "lips")]
_FEATURES = [point for outline in _OUTLINES for point in outline]  # points of the mesh
_FEATURE_EDGES = tuple(
    (len(_BOX) + _FEATURES.index(point), len(_BOX) + _FEATURES.index(following))
    for outline in _OUTLINES for point, following in pairwise((*outline, outline[0])))
SHORT = "expression is not feeling"
_LEAST = 0.4  # s; what lasts less is no event


def player_view(answer: EmotionAnswer, item: int) -> PlayerView:
    """``item``: the position of the person whose strips and bars are shown."""
    result: EmotionResult = answer.result
    source = answer.source
    if isinstance(source, Clip):
        size, heard = (source.info.width, source.info.height), source.info.has_sound
    else:
        size, heard = source.size, True
    return PlayerView(
        times=result.times, strips=strips(result, item),
        overlays=overlays(result),
        overlay=_FACES if result.people else None,
        panels=[panel(result, item)] if result.log_p(item) else [],
        label=_label(result, item), subtitles=vtt_text(cues(result, item)),
        size=size, sound=heard,
        alt=f"{source.name} with what its witnesses say: {result.headline()}. {CARE}")


def strips(result: EmotionResult, item: int) -> list[Strip]:
    """What each witness says at every time, the chosen one first even where he says nothing, and
    where they disagree."""
    said = result.log_p(item)
    keys = [key for key in TITLES if key in said or key == result.kind]
    found = []
    for key in sorted(keys, key=lambda key: key != result.kind):
        codes, sure = result.said(item, key) if key in said else (
            np.full(len(result.times), -1), np.zeros(len(result.times), np.float32))
        found.append(Strip(TITLES[key], codes, SAID, SAID_COLOURS, sure))
    if len(result.heard(item)) > 1:
        found.append(Strip("Disagreement", np.where(result.disagrees(item), 0, -1),
                           ("witnesses disagree",), (_APART,)))
    return found


def overlays(result: EmotionResult) -> list[Outlines]:
    """Boxes with what is said of each face, around its features; and the mesh, where it is not too
    much to send."""
    if not result.people:
        return []
    found = [faces(result)]
    if len(result.times) * len(result.people) <= _MOST_MESHES:
        found.append(mesh(result))
    return found


def faces(result: EmotionResult) -> Outlines:
    """Boxes and features of everybody, with what is said of each."""
    corners = len(_BOX)
    points = np.full((len(result.times), len(result.people), corners + len(_FEATURES), 2), np.nan,
                     np.float32)
    codes = np.full(points.shape[:2], -1)
    for k, person in enumerate(result.people):
        left, top, right, bottom = person.boxes.T
        points[person.frames, k, :corners, 0] = np.stack([left, right, right, left], 1)
        points[person.frames, k, :corners, 1] = np.stack([top, top, bottom, bottom], 1)
        points[person.frames, k, corners:] = person.mesh[:, _FEATURES]
        codes[:, k] = result.said(k, result.kind)[0] if result.kind in result.log_p(k) else -1
        codes[np.isnan(points[:, k, 0, 0]), k] = -1
    return Outlines(_FACES, points, (*_BOX, *_FEATURE_EDGES),
                    [person.name for person in result.people],
                    [colour_of(person) for person in result.people], dots=False, line=2.0,
                    codes=codes, labels=SAID)


def mesh(result: EmotionResult) -> Outlines:
    """All 468 points of every face, as triangles (Delaunay, on the face that is seen best)."""
    points = np.full((len(result.times), len(result.people), FACE_POINTS, 2), np.nan, np.float32)
    for k, person in enumerate(result.people):
        points[person.frames, k] = person.mesh
    best = max(result.people, key=lambda person: float(person.quality.max()))
    triangles = Delaunay(best.mesh[best.quality.argmax()]).simplices
    edges = {(int(min(edge)), int(max(edge))) for triangle in triangles
             for edge in zip(triangle, np.roll(triangle, 1), strict=True)}
    return Outlines(_MESH, points, sorted(edges), [person.name for person in result.people],
                    [colour_of(person) for person in result.people], dots=False, line=1.0)


def colour_of(person: Person) -> str:
    """The colour of one person on the whole page."""
    return PALETTE[(person.number - 1) % len(PALETTE)]


def panel(result: EmotionResult, item: int) -> Panel:
    """Bars of the chosen witness, and outlines of the others'."""
    said = result.log_p(item)
    bars = []
    for key in sorted((k for k in TITLES if k in said), key=lambda key: key != result.kind):
        p = np.nan_to_num(np.exp(said[key]))
        order = np.argsort(-p, axis=1, kind="stable")[:, : 7 if key == result.kind else 1]
        empty = np.isnan(said[key][:, :1])
        bars.append(Series(TITLES[key], EMOTIONS, np.where(empty, -1, order),
                           np.take_along_axis(p, order, 1), hollow=key != result.kind,
                           colours=COLOURS))
    who = result.people[item].name if result.people else "The voice"
    texts = {"Mind": SHORT, TITLES[FUSED]: result.silence(item)}
    always = np.zeros(len(result.times), int)
    return Panel(who, bars, [Line(name, (text,), always) for name, text in texts.items() if text])


def items(answer: EmotionAnswer) -> Items:
    """Everybody who is seen."""
    result: EmotionResult = answer.result
    return Items("Person", tuple(
        Item(person.name, float(result.times[person.frames[0]]),
             float(result.times[person.frames[-1]])) for person in result.people))


def events(answer: EmotionAnswer) -> Sequence[Event]:
    """Where another emotion begins to be named, and where witnesses begin to disagree."""
    result: EmotionResult = answer.result
    found = []
    for item in range(max(1, len(result.people))):
        if result.kind not in result.log_p(item):
            continue
        who = f"{result.people[item].name}: " if result.people else ""
        codes = result.said(item, result.kind)[0]
        found += [Event(float(result.times[start]), f"{who}{SAID[code]}")
                  for start, stop, code in runs(codes)
                  if 0 <= code < len(EMOTIONS)
                  and _end(result, stop) - result.times[start] > _LEAST]
        found += [Event(float(result.times[start]), f"{who}witnesses disagree")
                  for start, stop, apart in runs(result.disagrees(item).astype(int))
                  if apart and _end(result, stop) - result.times[start] > _LEAST]
    return found


def cues(result: EmotionResult, item: int) -> list[tuple[float, float, str]]:
    """Start and end, s, of every stretch in which one emotion is named, as a subtitle."""
    if result.kind not in result.log_p(item):
        return []
    return [(float(result.times[start]), _end(result, stop), SAID[code])
            for start, stop, code in runs(result.said(item, result.kind)[0])
            if code >= 0 and _end(result, stop) > result.times[start]]


def _label(result: EmotionResult, item: int) -> Line | None:
    if result.kind not in result.log_p(item):
        return None
    return Line("Shows", SAID, result.said(item, result.kind)[0])


def _end(result: EmotionResult, stop: int) -> float:
    """When a stretch ends whose last frame is the one before ``stop``, s."""
    return float(result.times[stop] if stop < len(result.times) else result.outputs.duration)
