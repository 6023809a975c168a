"""The copy of a clip that browsers play, made as the last stage of a job."""

from __future__ import annotations

from pathlib import Path

from hybridcore.jobs import JobProgress
from hybridcore.media import Clip, browser_preview


def prepare_video(clip: Clip, folder: Path, progress: JobProgress) -> Path:
    """The path of a file in ``folder`` that every browser plays; the job's progress follows."""
    report = progress.stage("Preparing the video")
    return browser_preview(clip, folder, cancelled=progress.cancelled,
                           progress=lambda part: report(int(100 * part), 100))
