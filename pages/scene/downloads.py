"""What can be taken along: the labels as tables, and the clip with them drawn in."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from hybridcore.jobs import JobProgress
from hybridcore.scene.annotate import annotate
from hybridcore.scene.model import Kind
from hybridcore.studio.exports import Export, download_bar
from pages.scene.labelled import Labelled


def downloads(labelled: Labelled, kind: Kind) -> None:
    """CSV, JSON and annotated video of one model's labels."""
    result = labelled.result
    download_bar([
        Export("CSV", "scenes.csv", "text/csv", lambda: result.to_csv(kind).encode()),
        Export("JSON", "scenes.json", "application/json",
               lambda: result.to_json_text(kind).encode()),
        Export("annotated MP4", "scenes.mp4", "video/mp4",
               partial(_write_annotated, labelled, kind), slow=True),
    ], key=f"{labelled.clip.sha256[:16]}.{kind}")


def _write_annotated(labelled: Labelled, kind: Kind, progress: JobProgress) -> Path:
    path = labelled.video.with_name(f"{labelled.clip.sha256}-{kind}-annotated.mp4")
    return annotate(labelled.clip, labelled.result, kind, path,
                    progress.stage("Writing video"))
