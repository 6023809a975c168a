"""What can be taken along: numbers, energy images, and the video with the walkers drawn in."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from hybridcore.gait import figures
from hybridcore.gait.annotate import annotate
from hybridcore.gait.result import GaitResult
from hybridcore.jobs import JobProgress
from hybridcore.media import Clip
from hybridcore.studio.exports import Export, download_bar
from pages.gait.followed import Followed


def downloads(followed: Followed, result: GaitResult) -> None:
    """JSON, CSV, energy images, annotated video; `result` was compared with the gallery."""
    files = [
        Export("JSON", "gait.json", "application/json", lambda: result.to_json_text().encode()),
        Export("CSV", "gait.csv", "text/csv", lambda: result.to_csv().encode()),
        Export("energy images", "gait-energy.png", "image/png",
               lambda: figures.png(figures.energy_sheet(result))),
    ]
    if followed.clip is not None:
        files.append(Export("annotated MP4", "gait.mp4", "video/mp4",
                            partial(_write_annotated, followed.clip, followed), slow=True))
    download_bar(files, key=followed.key[:24])


def _write_annotated(clip: Clip, followed: Followed, progress: JobProgress) -> Path:
    path = followed.video(None).with_name(f"{followed.key}-gait.mp4")
    return annotate(clip, followed.result, path,
                    progress.stage("Writing video"))
