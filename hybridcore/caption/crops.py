"""Parts of rendered clips as files of their own: samples that are made when they are first asked
for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from hybridcore.media.clip import Clip
from hybridcore.media.files import whole_file

Box = tuple[int, int, int, int]  # left, top, right, bottom, px


def of_frame(video: Path, number: int, box: Box, folder: Path) -> Path:
    """A part of one frame of a clip; the clip is decoded only if the file is not there yet.

    Raises:
        MediaError: the clip cannot be decoded.
    """
    path = folder / f"{video.stem}-{number}.png"
    if not path.exists():
        left, top, right, bottom = box
        with whole_file(path) as partial:
            Image.fromarray(_frame(video, number)[top:bottom, left:right]).save(partial)
    return path


def _frame(video: Path, number: int) -> np.ndarray:
    """One frame of a clip, ``[h, w, 3]``."""
    frames = (frame for chunk in Clip.open(video).chunks() for frame in chunk.frames)
    return next(frame for k, frame in enumerate(frames) if k == number)
