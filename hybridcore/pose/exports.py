"""The files that can be downloaded beside CSV and JSON."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np

from hybridcore.media.redraw import put_text, redraw
from hybridcore.people.points import BODY_EDGES
from hybridcore.pose.actions import ACTIONS, SAID
from hybridcore.pose.result import PoseResult
from hybridcore.pose.view import PoseAnswer, colour_of
from hybridcore.progress import Progress
from hybridcore.text import csv_text, json_text, percent

# The 17 key points of COCO in the 33 landmarks of MediaPipe, and how COCO joins them (from 1).
_COCO = {
    "nose": 0, "left_eye": 2, "right_eye": 5, "left_ear": 7, "right_ear": 8, "left_shoulder": 11,
    "right_shoulder": 12, "left_elbow": 13, "right_elbow": 14, "left_wrist": 15, "right_wrist": 16,
    "left_hip": 23, "right_hip": 24, "left_knee": 25, "right_knee": 26, "left_ankle": 27,
    "right_ankle": 28,
}
_COCO_SKELETON = (
    (16, 14), (14, 12), (17, 15), (15, 13), (12, 13), (6, 12), (7, 13), (6, 7), (6, 8), (7, 9),
    (8, 10), (9, 11), (2, 3), (1, 2), (1, 3), (2, 4), (3, 5), (4, 6), (5, 7),
)
_GUESSED, _SEEN = 1, 2  # COCO's v: labelled but not visible, labelled and visible


def write_actions(answer: PoseAnswer, path: Path, progress: Progress | None) -> None:
    """What everybody does, a line for each stretch."""
    result = answer.result
    rows = [
        {"person": body.number, "start": round(s.start, 4), "end": round(s.end, 4),
         "action": SAID[s.label], "likeliest": ACTIONS[s.action],
         "probability": round(s.probability, 4)}
        for body in result.bodies for s in result.segments(body)]
    path.write_text(csv_text(
        rows, ("person", "start", "end", "action", "likeliest", "probability")), encoding="utf-8")


def write_coco(answer: PoseAnswer, path: Path, progress: Progress | None) -> None:
    """Key points as COCO has them, an image for each frame; ``track_id`` and ``action`` beside."""
    path.write_text(json_text(coco(answer.result, answer.source.name)), encoding="utf-8")


def coco(result: PoseResult, name: str) -> dict[str, Any]:
    """The structure of COCO's key point annotations; ids count from 1."""
    annotations: list[dict[str, Any]] = []
    sides = np.array([result.width, result.height] * 2)
    for body in result.bodies:
        label, _ = body.said(result.kind, result.threshold)
        points = result.pixels(body)[:, list(_COCO.values())].astype(np.float64)
        seen = np.where(body.seen[:, list(_COCO.values())], _SEEN, _GUESSED)
        inside = np.asarray(((points >= 0) & (points < sides[:2])).all(-1))
        for k, frame in enumerate(body.frames):
            left, top, right, bottom = (body.boxes[k] * sides).tolist()
            flags = np.where(inside[k], seen[k], 0)
            places = (points[k] * inside[k][:, None]).round(2)
            annotations.append({
                "id": len(annotations) + 1, "image_id": int(frame) + 1, "category_id": 1,
                "track_id": body.number, "iscrowd": 0, "action": SAID[label[k]],
                "bbox": [round(v, 2) for v in (left, top, right - left, bottom - top)],
                "area": round((right - left) * (bottom - top), 2),
                "score": round(float(body.presence[k]), 4),
                "num_keypoints": int((flags > 0).sum()),
                "keypoints": np.column_stack([places, flags]).ravel().tolist()})
    return {
        "info": {"description": name},
        "images": [
            {"id": k + 1, "file_name": f"{name}#frame={k}", "width": result.width,
             "height": result.height, "time": round(float(time), 4)}
            for k, time in enumerate(result.times)],
        "categories": [{"id": 1, "name": "person", "supercategory": "person",
                        "keypoints": list(_COCO), "skeleton": [list(e) for e in _COCO_SKELETON]}],
        "annotations": annotations,
    }


def write_annotated(answer: PoseAnswer, path: Path, progress: Progress | None) -> None:
    """The clip with everybody's skeleton and what they do, as an MP4.

    Raises:
        MediaError: if the clip cannot be decoded any more, or ``path`` is the clip itself.
    """
    result = answer.result
    present: dict[int, list[tuple[int, int]]] = {}
    said = []
    for number, body in enumerate(result.bodies):
        said.append(body.said(result.kind, result.threshold))
        for k, frame in enumerate(body.frames.tolist()):
            present.setdefault(frame, []).append((number, k))

    def draw_people(frame: np.ndarray, index: int, _: float) -> np.ndarray:
        for number, k in present.get(index, ()):
            label, sure = said[number]
            draw(frame, result, number, k, f"{SAID[label[k]]} {percent(float(sure[k]))}")
        return frame

    redraw(answer.source, path, draw_people, progress)


def draw(frame: np.ndarray, result: PoseResult, number: int, k: int, text: str) -> None:
    """Mark person ``number`` (a position) on uint8 ``[h, w, 3]``, in place, as seen in its row
    ``k``, with ``text`` above its box."""
    body = result.bodies[number]
    height, width = frame.shape[:2]
    code = colour_of(body)
    colour = tuple(int(code[i : i + 2], 16) for i in (1, 3, 5))
    points = np.round(body.landmarks[k] * (width, height)).astype(int)
    thick = max(1, height // 180)
    for a, b in BODY_EDGES:
        if body.seen[k, a] and body.seen[k, b]:
            cv2.line(frame, tuple(map(int, points[a])), tuple(map(int, points[b])), colour, thick,
                     cv2.LINE_AA)
    for point, seen in zip(points, body.seen[k], strict=True):
        if seen:
            cv2.circle(frame, tuple(map(int, point)), thick + 1, colour, -1, cv2.LINE_AA)
    line = max(14, height // 26)
    x, y = (body.boxes[k, :2] * (width, height)).astype(int).tolist()
    put_text(frame, f"{body.name}: {text}", (max(x, 2), max(line, y - 4)), line, colour)
