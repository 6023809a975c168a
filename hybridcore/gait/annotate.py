"""The clip once more, with silhouettes, boxes, names and the energy images on it, as an MP4."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import cv2
import numpy as np

from hybridcore.gait.align import HEIGHT, WIDTH
from hybridcore.gait.figures import colour_of
from hybridcore.gait.result import GaitResult
from hybridcore.gait.walk import Walk
from hybridcore.media import Clip
from hybridcore.media.redraw import put_text, redraw
from hybridcore.progress import Progress


def annotate(
    clip: Clip, result: GaitResult, path: Path, progress: Progress | None = None
) -> Path:
    """Write ``clip`` with everybody marked and their energy images building up.

    Every frame keeps its time, and the clip its sound. Sides are at most 960 and even.

    Raises:
        MediaError: if the clip cannot be decoded any more, or ``path`` is the clip itself.
    """
    present: dict[int, list[tuple[Walk, int]]] = defaultdict(list)
    for walk in result.walks:
        for k, frame in enumerate(walk.frames):
            present[int(frame)].append((walk, k))
    sums = {walk.id: np.zeros((HEIGHT, WIDTH)) for walk in result.walks}

    def draw_walks(frame: np.ndarray, index: int, _: float) -> np.ndarray:
        for walk, at in present[index]:
            draw(frame, walk, at)
            if walk.usable[at]:
                sums[walk.id] += walk.silhouettes[at]
        _draw_energies(frame, result, sums)
        return frame

    return redraw(clip, path, draw_walks, progress)


def draw(frame: np.ndarray, walk: Walk, at: int) -> None:
    """Mark a walker on uint8 ``[h, w, 3]``, in place, as seen in its silhouette number ``at``."""
    height, width = frame.shape[:2]
    colour = tuple(int(colour_of(walk)[k : k + 2], 16) for k in (1, 3, 5))
    sides = np.array([width, height, width, height])
    left, top, wide, tall = (walk.places((height, width))[at] * sides).round().astype(int)
    silhouette = cv2.resize(walk.silhouettes[at], (max(wide, 1), max(tall, 1))) > 127
    first, last = max(left, 0), min(left + wide, width)
    under = frame[max(top, 0) : top + tall, first:last]
    inside = silhouette[: len(under), first - left : last - left]
    under[inside] = under[inside] // 2 + np.array(colour, np.uint8) // 2
    x, y, w, h = (walk.boxes[at] * sides).round().astype(int)
    cv2.rectangle(frame, (x, y), (x + w, y + h), colour, 2)
    nearest = walk.matches[0] if walk.matches else None
    text = nearest.name if nearest and nearest.accepted else walk.name
    if walk.before and walk.before[0].verdict == "seen before":
        text += f", seen before: {walk.before[0].name}"
    put_text(frame, text, (x, max(14, y - 6)), 16, colour)


def _draw_energies(frame: np.ndarray, result: GaitResult, sums: dict[int, np.ndarray]) -> None:
    """The energy images so far, along the upper edge."""
    x = 6
    for walk in result.walks:
        total = sums[walk.id]
        if total.any() and x + WIDTH + 6 < frame.shape[1] and len(frame) > HEIGHT + 12:
            level = (total / total.max() * 255).astype(np.uint8)
            frame[6 : 6 + HEIGHT, x : x + WIDTH] = level[..., None]
            x += WIDTH + 6
