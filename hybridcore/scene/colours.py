"""Which colour stands for which scene, group and model, in the player and in every chart."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hybridcore.figures import GREY, OTHER, PALETTE
from hybridcore.scene.families import FAMILIES
from hybridcore.scene.groups import group_of
from hybridcore.scene.result import SceneResult
from hybridcore.system import Kind

# Scenes have the colours of PALETTE; what is no scene has none of these.
GROUP_COLOURS = ("#A0764A", "#8A9A3B", "#6F8296")  # of groups.GROUPS
_MODEL_COLOURS = ("#7B6FD0", "#C2564B", "#3F9C95")


def main_scenes(result: SceneResult, count: int = 7) -> np.ndarray:
    """The scenes worth a colour: those that lead a segment, longest first, then the likeliest."""
    led = np.zeros(len(result.scene_names))
    for segment in result.segments:
        led[segment.scene] += segment.end - segment.start
    return np.argsort(-(led * 1e3 + result.track.probabilities.mean(0)))[:count]


def scene_colours(result: SceneResult) -> list[str]:
    """A colour for each of the 100 scenes: the main ones stand out, the others are grey.

    Those that come first are coloured first, so that few change while a clip is read.
    """
    first = {segment.scene: segment.first for segment in reversed(result.segments)}
    colours = [OTHER] * len(result.scene_names)
    order = sorted(main_scenes(result), key=lambda scene: first.get(int(scene), len(result)))
    for k, scene in enumerate(order):
        colours[scene] = PALETTE[k]
    return colours


def label_colours(result: SceneResult) -> list[str]:
    """A colour for all that can be said (:func:`labels.names`): that of the scene; families have
    that of their group; none of them and not sure are grey."""
    families = [GROUP_COLOURS[group_of(min(scenes))] for scenes in FAMILIES.values()]
    return [*scene_colours(result), *families, OTHER, *GROUP_COLOURS, OTHER]


def model_colours(kinds: Sequence[Kind]) -> dict[str, str]:
    """A colour for each kind of model; the one without memory is grey."""
    return {
        kind.key: _MODEL_COLOURS[k % len(_MODEL_COLOURS)] if kind.memory else GREY
        for k, kind in enumerate(kinds)}
