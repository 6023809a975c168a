"""The clip once more, with what was seen written on it, as an MP4."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from hybridcore.figures import heat_overlay
from hybridcore.media import Clip, VideoWriter, read_sound
from hybridcore.scene.groups import GROUPS
from hybridcore.scene.model import Kind
from hybridcore.scene.predict import Progress
from hybridcore.scene.result import SceneResult

MAX_SIDE = 960
SOUND_RATE = 48_000


def annotate(
    clip: Clip, result: SceneResult, kind: Kind, path: Path, progress: Progress | None = None
) -> Path:
    """Write ``clip`` with attention, the three likeliest scenes and the group over each frame.

    Every frame keeps its time; the sound comes along. Sides are at most 960 and even.

    Raises:
        MediaError: if the clip cannot be decoded any more.
    """
    scale = min(1.0, MAX_SIDE / max(result.width, result.height))
    width, height = (max(2, round(s * scale) // 2 * 2) for s in (result.width, result.height))
    sound = read_sound(clip.path, SOUND_RATE) if clip.info.has_sound else None
    with VideoWriter(
        path, width, height, clip.info.frame_rate, sound=sound,
        sound_rate=SOUND_RATE if sound is not None else None,
    ) as writer:
        for part in clip.chunks(size=(height, width)):
            for k, frame in enumerate(part.frames):
                at = part.start + k
                writer.write(draw(frame, result, kind, at), float(part.times[k]))
            if progress:
                progress(part.start + len(part.frames), len(result))
    return path


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
        cv2.putText(picture, text, (unit * 3 // 4, y), cv2.FONT_HERSHEY_SIMPLEX, unit / 32,
                    (255, 255, 255), max(1, unit // 16), cv2.LINE_AA)
    return picture
