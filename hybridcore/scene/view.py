"""What the player shows: attention over the video, the models as strips, scene and objects."""

from __future__ import annotations

from hybridcore.figures import attention_bytes
from hybridcore.media import Clip
from hybridcore.scene.colours import GROUP_COLOURS, scene_colours
from hybridcore.scene.groups import GROUPS
from hybridcore.scene.result import SceneResult
from hybridcore.system import Answer
from hybridcore.view import Heat, Line, Panel, PlayerView, Series, Strip


def player_view(answer: Answer[Clip, SceneResult], item: int) -> PlayerView:
    """The model chosen first, and beside it the others (strips) and its twin without memory
    (bars)."""
    result, kinds = answer.result, answer.system.kinds
    colours = scene_colours(result)
    strips = [
        Strip(kind.title, result.tracks[kind.key].top[0][:, 0], result.scene_names, colours,
              result.tracks[kind.key].top[1][:, 0])
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
        panels=[Panel("Scene", bars, [Line("Group", GROUPS, groups)]), Panel("Objects", [objects])],
        cuts=result.times[result.cuts].tolist(), size=(result.width, result.height),
        alt=f"The clip {answer.source.name}", sound=answer.source.info.has_sound,
    )
