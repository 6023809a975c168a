"""The clip once more, with what was seen written on it, as an MP4."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from hybridcore.figures import heat_overlay
from hybridcore.media import Clip
from hybridcore.media.redraw import put_text, redraw
from hybridcore.progress import Progress
from hybridcore.scene.groups import GROUPS
from hybridcore.scene.model import Kind
from hybridcore.scene.result import SceneResult


def annotate(
    clip: Clip, result: SceneResult, kind: Kind, path: Path, progress: Progress | None = None
) -> Path:
    """Write ``clip`` with attention, the three likeliest scenes and the group over each frame.

    Raises:
        MediaError: if the clip cannot be decoded any more.
    """
    return redraw(clip, path, lambda frame, at, _: draw(frame, result, kind, at), progress)


def draw(frame: np.ndarray, result: SceneResult, kind: Kind, at: int) -> np.ndarray:
    """uint8 ``[h, w, 3]`` of frame number ``at`` with its labels and attention drawn on."""
    track = result.tracks[kind]
    picture = np.ascontiguousarray(heat_overlay(frame, track.attention[at], 0.35))
    unit = max(10, frame.shape[0] // 22)  # height of a line of text
    top, value = track.top
    lines = [(f"{result.scene_names[i]} {p:.0%}", float(p))
             for i, p in zip(top[at, :3], value[at, :3], strict=True)]
    lines.append((GROUPS[int(result.groups[at].argmax())], float(result.groups[at].max())))
    box = picture[: unit * (len(lines) + 1), : unit * 13]
    box //= 3  # a dark ground under white text
    for row, (text, share) in enumerate(lines):
        y = unit * (row + 1)
        cv2.rectangle(picture, (unit // 2, y - unit * 3 // 4),
                      (unit // 2 + int(unit * 12 * share), y + unit // 5), (0, 114, 178), -1)
        put_text(picture, text, (unit * 3 // 4, y), unit)
    return picture
