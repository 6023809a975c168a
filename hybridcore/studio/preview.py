"""The copy of a clip that browsers play, made as the last stage of a job."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from hybridcore.media import Clip
from hybridcore.studio.jobs import Progress


def prepare_video(clip: Clip, folder: Path, progress: Progress) -> Path:
    """The path of a file in ``folder`` that every browser plays; the job's progress follows."""
    return clip.browser_copy(folder, partial(progress.update, message="Preparing the video"))
