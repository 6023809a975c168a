"""The copy of a clip that browsers play, made as the last stage of a job."""

from __future__ import annotations

from pathlib import Path

from hybridcore.media import Clip, browser_preview
from hybridcore.studio.jobs import Progress


def prepare_video(clip: Clip, folder: Path, progress: Progress) -> Path:
    """The path of a file in ``folder`` that every browser plays; the job's progress follows."""
    return browser_preview(
        clip, folder, cancelled=progress.cancelled,
        progress=lambda part: progress.update(int(100 * part), 100, "Preparing the video"))
