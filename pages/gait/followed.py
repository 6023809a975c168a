"""A video or a zip of masks in which people were followed, and the files that show them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from hybridcore.studio.preview import prepare_video

from hybridcore.gait.annotate import film_of_masks
from hybridcore.gait.background import Method
from hybridcore.gait.masks import RATE, MaskWalk, open_masks
from hybridcore.gait.predict import shared_recognizer
from hybridcore.gait.result import GaitResult, Walk
from hybridcore.jobs import JobProgress
from hybridcore.media import Clip


@dataclass(frozen=True)
class Followed:
    """Walks, and the videos that browsers play: one of the clip, or one of each mask walk."""

    key: str
    clip: Clip | None
    result: GaitResult
    videos: dict[str, Path]

    def video(self, walk: Walk | None) -> Path:
        """The video in which a walk is seen."""
        return self.videos[walk.name if self.clip is None and walk else ""]

    def times(self, walk: Walk | None) -> np.ndarray:
        """Times of the frames of that video, s."""
        if self.clip is None and walk:
            return np.arange(int(walk.frames[-1]) + 1) / RATE
        return self.result.times

    def duration(self, walk: Walk) -> float:
        """Its length, s."""
        return self.result.duration if self.clip else float(self.times(walk)[-1]) + 1 / RATE


def follow_clip(clip: Clip, method: Method, folder: Path, progress: JobProgress) -> Followed:
    """The job behind the page, for a video."""
    result = shared_recognizer().run(
        clip, None, progress.stage("Following people"), method=method)
    video = prepare_video(clip, folder, progress)
    return Followed(f"{clip.digest}.{method}", clip, result, {"": video})


def follow_masks(path: Path, folder: Path, progress: JobProgress) -> Followed:
    """The job behind the page, for a zip of masks."""
    sets: list[MaskWalk] = open_masks(path)
    result = shared_recognizer().run(
        sets, None, progress.stage("Reading masks"))
    shown = {walk.name for walk in result.walks}
    videos = {
        masks.name: film_of_masks(masks, folder / f"{path.stem}-{number}.mp4")
        for number, masks in enumerate(sets) if masks.name in shown
    }
    return Followed(path.stem, None, result, videos)
