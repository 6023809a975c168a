"""The files that can be downloaded. Each says of every number whether it was observed or forecast.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from hybridcore.media import VideoWriter
from hybridcore.nowcast.netcdf import write_netcdf
from hybridcore.nowcast.picture import every_frame, panel_picture
from hybridcore.nowcast.skill import COLUMNS, is_known, skills, table
from hybridcore.nowcast.view import NowcastAnswer
from hybridcore.progress import Progress
from hybridcore.text import csv_text

_RATE = 4  # frames a second, as in the player
_LAST = 8  # times that the last frame of a GIF is as long as the others, so that it is seen to end


def has_skill(answer: NowcastAnswer) -> bool:
    """Whether anything that followed is known."""
    return is_known(answer.result)


def write_skill(answer: NowcastAnswer, path: Path, progress: Progress | None = None) -> None:
    """The scores of every method and lead as CSV."""
    path.write_text(csv_text(table(answer, skills(answer)), COLUMNS), encoding="utf-8")


def write_nc(answer: NowcastAnswer, path: Path, progress: Progress | None = None) -> None:
    """Fields as netCDF."""
    write_netcdf(answer.result, path, answer.source.name)


def write_png(answer: NowcastAnswer, path: Path, progress: Progress | None = None) -> None:
    """The maps of some times side by side, as a PNG."""
    _, content = cv2.imencode(".png", panel_picture(answer.result)[..., ::-1])
    path.write_bytes(content.tobytes())


def write_gif(answer: NowcastAnswer, path: Path, progress: Progress | None = None) -> None:
    """All frames as a GIF that begins again."""
    first, *others = _reported(answer, progress)
    count = len(others)
    pictures = [Image.fromarray(picture).quantize(128, dither=Image.Dither.NONE)
                for picture in (first, *others)]
    stays = 1000 // _RATE
    pictures[0].save(path, "GIF", save_all=True, append_images=pictures[1:], loop=0,
                     duration=[stays] * count + [_LAST * stays])


def write_mp4(answer: NowcastAnswer, path: Path, progress: Progress | None = None) -> None:
    """All frames as an MP4."""
    first, *others = _reported(answer, progress)
    height, width = first.shape[:2]
    with VideoWriter(path, width, height, _RATE) as writer:
        for picture in (first, *others):
            writer.write(picture)


def _reported(answer: NowcastAnswer, progress: Progress | None) -> list[np.ndarray]:
    count, pictures = len(answer.result.minutes), []
    for done, picture in enumerate(every_frame(answer.result), 1):
        pictures.append(picture)
        if progress is not None:
            progress(done, count)
    return pictures
