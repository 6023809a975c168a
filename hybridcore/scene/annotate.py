"""The clip once more with its labels, as an MP4."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from hybridcore.figures import heat_overlay
from hybridcore.media import Clip
from hybridcore.media.redraw import put_text, redraw
from hybridcore.progress import Progress
from hybridcore.scene.groups import GROUPS
from hybridcore.scene.labels import names
from hybridcore.scene.result import SceneResult
from hybridcore.system import Answer
from hybridcore.text import percent

_SCENES = 3  # written on every frame
_BAR = (0, 114, 178)  # RGB


def write_annotated(
    answer: Answer[Clip, SceneResult], path: Path, progress: Progress | None = None
) -> None:
    """Write the clip with attention, what is said, the three likeliest scenes and the group over
    each frame.

    Raises:
        MediaError: if the clip cannot be decoded any more.
    """
    redraw(answer.source, path, lambda frame, index, _: draw(frame, answer.result, index), progress)


def draw(frame: np.ndarray, result: SceneResult, index: int) -> np.ndarray:
    """uint8 ``[h, w, 3]`` of frame number ``index`` with its labels and attention drawn on."""
    picture = np.ascontiguousarray(heat_overlay(frame, result.track.attention[index], 0.35))
    unit = max(10, frame.shape[0] // 22)  # height of a line of text
    lines = labels(result, index)
    box = picture[: unit * (len(lines) + 1), : unit * 13]
    box //= 3  # a dark ground under white text
    for row, (text, share) in enumerate(lines):
        y = unit * (row + 1)
        cv2.rectangle(picture, (unit // 2, y - unit * 3 // 4),
                      (unit // 2 + int(unit * 12 * share), y + unit // 5), _BAR, -1)
        put_text(picture, text, (unit * 3 // 4, y), unit)
    return picture


def labels(result: SceneResult, index: int) -> list[tuple[str, float]]:
    """What is written on frame number ``index``, line by line, each over a bar of 0..1."""
    scene, probability = result.track.top
    label, certain = result.said(result.kind)
    lines = [(names()[label[index]], float(certain[index]))]
    lines += [
        (f"{result.scene_names[i]} {percent(p)}", float(p))
        for i, p in zip(scene[index, :_SCENES], probability[index, :_SCENES], strict=True)
    ]
    group = int(result.groups[index].argmax())
    return [*lines, (GROUPS[group], float(result.groups[index, group]))]
