"""Parts of rendered clips as files of their own: samples that are made when they are first asked
for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image

from hybridcore.media.clip import Clip
from hybridcore.media.files import whole_file

Box = tuple[int, int, int, int]  # left, top, right, bottom, px


def of_frame(video: Path, number: int, box: Box, folder: Path) -> Path:
    """A part of one frame of a clip.

    Raises:
        MediaError: the clip cannot be decoded.
    """
    frame = next(frame for k, frame in enumerate(_frames(video)) if k == number)
    return _written(frame, box, folder / f"{video.stem}-{number}.png")


def _frames(video: Path) -> Iterator[np.ndarray]:
    for chunk in Clip.open(video).chunks():
        yield from chunk.frames


def _written(picture: np.ndarray, box: Box, path: Path) -> Path:
    left, top, right, bottom = box
    if not path.exists():
        with whole_file(path) as partial:
            Image.fromarray(picture[top:bottom, left:right]).save(partial)
    return path
