"""What can be taken along: the sentences of pictures, and those of a video's segments."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import torch
from hybridcore.studio.inputs import Source

from hybridcore.caption.result import CaptionResult, to_json_text
from hybridcore.caption.video import CaptionedSegment, burn_in, webvtt
from hybridcore.jobs import JobProgress
from hybridcore.studio.exports import Export, download_bar
from pages.caption import KEY
from pages.caption.controls import Decoding
from pages.caption.film import Film
from pages.caption.seen import cells_of, own_pictures


def download_pictures(chosen: Source, decoding: Decoding) -> None:
    """The sentences of the chosen sample, or of all pictures that the visitor brought."""
    sources = [chosen] if chosen.is_sample else own_pictures()

    def results() -> list[tuple[str, CaptionResult]]:
        found = decoding.say(torch.stack([cells_of(source.path) for source in sources]))
        return list(zip([source.name for source in sources], found, strict=True))

    def as_json() -> bytes:
        images = [{"file": name, **result.to_json()} for name, result in results()]
        return to_json_text(decoding.kind, {"images": images}).encode()

    def as_csv() -> bytes:
        return _csv([{"file": name, **row}
                     for name, result in results() for row in result.to_table()])

    download_bar([
        Export("CSV", "captions.csv", "text/csv", as_csv),
        Export("JSON", "captions.json", "application/json", as_json),
    ], key=f"{KEY}.picture")


def download_film(
    film: Film, name: str, segments: Sequence[CaptionedSegment], decoding: Decoding
) -> None:
    """The sentences of a video, as subtitles, as tables and burnt into its pictures."""
    subtitles = webvtt(segments).encode()
    key = f"{film.clip.digest[:16]}-{hashlib.sha256(subtitles).hexdigest()[:16]}"

    def as_json() -> bytes:
        told = {"videos": [{"file": name, "segments": [s.to_json() for s in segments]}]}
        return to_json_text(decoding.kind, told).encode()

    def as_csv() -> bytes:
        return _csv([row for segment in segments for row in segment.to_table()])

    def write(progress: JobProgress) -> Path:
        return burn_in(film.clip, segments, film.video.with_name(f"{key}-captions.mp4"),
                       progress.stage("Writing video"))

    download_bar([
        Export("VTT", "captions.vtt", "text/vtt", lambda: subtitles),
        Export("CSV", "captions.csv", "text/csv", as_csv),
        Export("JSON", "captions.json", "application/json", as_json),
        Export("MP4 with subtitles", "captions.mp4", "video/mp4", write, slow=True),
    ], key=key)


def _csv(rows: list[dict[str, Any]]) -> bytes:
    return pd.DataFrame(rows).to_csv(index=False).encode()
