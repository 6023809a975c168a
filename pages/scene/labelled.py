"""A labelled clip, and the job that labels it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from hybridcore.studio.preview import prepare_video

from hybridcore.jobs import JobProgress
from hybridcore.media import Clip
from hybridcore.scene.result import SceneResult
from hybridcore.scene.store import scenes_of


@dataclass(frozen=True)
class Labelled:
    """A labelled clip and the copy of it that browsers play."""

    clip: Clip
    result: SceneResult
    video: Path


def label(clip: Clip, folder: Path, progress: JobProgress) -> Labelled:
    """The job behind the page."""
    result = scenes_of(clip, progress.stage("Labelling frames"))
    return Labelled(clip, result, prepare_video(clip, folder, progress))
