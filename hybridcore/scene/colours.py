"""Which colour stands for which scene, group and model, in the player and in every chart."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hybridcore.figures import PALETTE
from hybridcore.scene.result import SceneResult
from hybridcore.system import Kind

GROUP_COLOURS = ("#CC79A7", "#009E73", "#56B4E9")  # of groups.GROUPS
_OTHER_SCENE = "#B8B8B8"
_NO_MEMORY = "#7F7F7F"


def main_scenes(result: SceneResult, count: int = 7) -> np.ndarray:
    """The scenes worth a colour: those that lead a segment, longest first, then the likeliest."""
    led = np.zeros(len(result.scene_names))
    for segment in result.segments:
        led[segment.label] += segment.end - segment.start
    return np.argsort(-(led * 1e3 + result.track.probabilities.mean(0)))[:count]


def scene_colours(result: SceneResult) -> list[str]:
    """A colour for each of the 100 scenes: the main ones stand out, the others are grey."""
    colours = [_OTHER_SCENE] * len(result.scene_names)
    for k, scene in enumerate(main_scenes(result)):
        colours[scene] = PALETTE[k]
    return colours


def model_colours(kinds: Sequence[Kind]) -> dict[str, str]:
    """A colour for each kind of model; the one without memory is grey."""
    return {kind.key: PALETTE[k] if kind.memory else _NO_MEMORY for k, kind in enumerate(kinds)}
