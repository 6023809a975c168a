"""Shots joined by cuts and dissolves, and the film that they make."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import cv2
import numpy as np

from hybridcore.media import VideoWriter
from hybridcore.media.files import whole_file

HEIGHT, WIDTH, RATE = 360, 640, 25
DISSOLVE = 20  # frames
_CRF = 26  # of H.264; a minute of clips stays small enough for a repository


def join(shots: Sequence[Iterable[np.ndarray]], dissolves: Sequence[int]) -> list[np.ndarray]:
    """Frames of all shots; ``dissolves[i]`` frames overlap between shot i and i + 1 (0: a cut)."""
    frames: list[np.ndarray] = []
    for shot, overlap in zip(shots, [0, *dissolves], strict=True):
        base = len(frames) - overlap
        for number, picture in enumerate(shot):
            if number < overlap:
                share = (number + 1) / (overlap + 1)
                frames[base + number] = cv2.addWeighted(
                    picture, share, frames[base + number], 1 - share, 0
                )
            else:
                frames.append(picture)
    return frames


def write(frames: Sequence[np.ndarray], path: Path) -> None:
    """Write H.264 at 25 frames a second; ``path`` appears only when it is whole."""
    with whole_file(path) as partial, VideoWriter(partial, WIDTH, HEIGHT, RATE, crf=_CRF) as writer:
        for frame in frames:
            writer.write(frame)
