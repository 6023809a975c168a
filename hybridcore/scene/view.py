"""What the player shows: attention over the video, the models as strips, scene and objects."""

from __future__ import annotations

from hybridcore.figures import attention_bytes
from hybridcore.media import Clip
from hybridcore.scene.colours import GROUP_COLOURS, label_colours, scene_colours
from hybridcore.scene.groups import GROUPS
from hybridcore.scene.labels import names, title
from hybridcore.scene.result import SceneResult
from hybridcore.system import Answer
from hybridcore.view import Event, Heat, Line, Panel, PlayerView, Series, Strip


def player_view(answer: Answer[Clip, SceneResult], item: int) -> PlayerView:
    """The model chosen first, and beside it the others (strips) and its twin without memory
    (bars)."""
    result, kinds = answer.result, answer.system.kinds
    colours = scene_colours(result)
    label_of_kind = {kind.key: result.said(kind.key) for kind in kinds}
    strips = [
        Strip(kind.title, label_of_kind[kind.key][0], names(), label_colours(result),
              label_of_kind[kind.key][1])
        for kind in sorted(kinds, key=lambda kind: kind.key != result.kind)
    ]
    groups = result.groups.argmax(1)
    strips.append(Strip("Group", groups, GROUPS, GROUP_COLOURS, result.groups.max(1)))
    bars = [
        Series(kind.title, result.scene_names, *result.tracks[kind.key].top,
               hollow=not kind.memory, colours=colours)
        for kind in kinds if kind.key == result.kind or not kind.memory
    ]
    objects = Series("ImageNet", result.object_names, result.objects, result.object_probability)
    return PlayerView(
        times=result.times, strips=strips,
        overlays=[Heat("Attention", attention_bytes(result.track.attention))],
        panels=[
            Panel("Scene", bars, [
                Line("Label", names(), label_of_kind[result.kind][0]),
                Line("Group", GROUPS, groups)]),
            Panel("Objects", [objects])],
        cuts=result.times[result.cuts].tolist(), size=(result.width, result.height),
        alt=f"The clip {answer.source.name}: {answer.system.headline(answer)}",
        sound=answer.source.info.has_sound,
    )


def events(answer: Answer[Clip, SceneResult]) -> list[Event]:
    """Where a segment begins, at a cut or within a shot."""
    result = answer.result
    cuts = set(result.cuts.tolist())
    return [Event(segment.start, ("cut to " if segment.first in cuts else "")
                  + title(segment.label, segment.scene)) for segment in result.segments]
