"""Answers -> files and text."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hybridcore.caption.inside import CaptionAnswer, alignment_of
from hybridcore.caption.video import burn_in, webvtt, webvtt_of_all
from hybridcore.errors import OptionError
from hybridcore.media.formats import kind_of
from hybridcore.progress import Progress
from hybridcore.system import Failure
from hybridcore.text import csv_text, json_text, with_notes

_COLUMNS = ("file", "start", "end", "rank", "caption", "log_probability", "sure")


def is_video(answer: CaptionAnswer) -> bool:
    """Whether it is of a video."""
    return answer.result.spans is not None


def text(answer: CaptionAnswer) -> str:
    """The best sentence of everything, one a line."""
    result, name = answer.result, answer.source.name
    if result.spans is None:
        return f"{name}: {result.pictures[0].best.text}"
    return "\n".join(
        f"{name} {start:.2f}-{end:.2f} s: {picture.best.text}"
        for (start, end), picture in zip(result.spans, result.pictures, strict=True))


def headline(answer: CaptionAnswer) -> str:
    """The best sentence, or those of the segments."""
    return "; ".join(picture.best.text for picture in answer.result.pictures)


def notes(answer: CaptionAnswer) -> list[str]:
    """Words of the beginning that are left out."""
    unknown = answer.result.unknown
    return [] if not unknown else [
        f"Not among the words that this model knows, so left out: {', '.join(unknown)}."]


def write_json(answer: CaptionAnswer, path: Path, progress: Progress | None = None) -> None:
    """Every sentence, word by word."""
    write_json_of_all([answer], path)


def write_json_of_all(answers: Sequence[CaptionAnswer | Failure], path: Path) -> None:
    """``{"model", "images": [{"file", "captions"}], "videos": [{"file", "segments"}]}``; what could
    not be read has an ``error``."""
    model = next((a.kind for a in answers if not isinstance(a, Failure)), None)
    entries: dict[str, list[dict[str, Any]]] = {"images": [], "videos": []}
    for answer in answers:
        if isinstance(answer, Failure):
            group, empty = (
                ("videos", "segments") if kind_of(Path(answer.file)) == "video"
                else ("images", "captions"))
            entries[group].append({"file": answer.file, empty: [], "error": answer.error})
        else:
            entries["videos" if is_video(answer) else "images"].append(_entry(answer))
    if not entries["videos"]:
        del entries["videos"]
    path.write_text(json_text({"model": model, **entries}))


def write_csv(answer: CaptionAnswer, path: Path, progress: Progress | None = None) -> None:
    """One line a sentence."""
    write_csv_of_all([answer], path)


def write_csv_of_all(answers: Sequence[CaptionAnswer | Failure], path: Path) -> None:
    """One line a sentence, with its file; those of videos have ``start`` and ``end``."""
    rows: list[dict[str, Any]] = [
        {"file": answer.source.name, **row}
        for answer in answers if not isinstance(answer, Failure)
        for row in answer.result.to_table()
    ]
    used = set().union(*rows)
    path.write_text(csv_text(rows, [column for column in _COLUMNS if column in used]))


def write_vtt(answer: CaptionAnswer, path: Path, progress: Progress | None = None) -> None:
    """Subtitles of a video."""
    path.write_text(webvtt(answer.result))


def write_vtt_of_all(answers: Sequence[CaptionAnswer | Failure], path: Path) -> None:
    """Subtitles of the video among several files; of several videos one after the other, each
    under a note with its name.

    Raises:
        OptionError: there is no video.
    """
    videos = [a for a in answers if not isinstance(a, Failure) and is_video(a)]
    if not videos:
        raise OptionError("--vtt writes the subtitles of a video, and there is none.")
    path.write_text(
        webvtt(videos[0].result) if len(videos) == 1
        else webvtt_of_all({answer.source.name: answer.result for answer in videos}))


def write_mp4(answer: CaptionAnswer, path: Path, progress: Progress | None = None) -> None:
    """The video with its sentences at the foot.

    Raises:
        MediaError: the video cannot be decoded any more.
    """
    burn_in(answer.source, answer.result, path, progress)


def _entry(answer: CaptionAnswer) -> dict[str, Any]:
    """What JSON says of a file; with its alignment if a person gave a sentence."""
    entry = with_notes({"file": answer.source.name, **answer.result.to_json()}, answer)
    if answer.result.own.strip():
        parts = entry["segments"] if is_video(answer) else [entry]
        for number, part in enumerate(parts):
            part["alignment"] = alignment_of(answer, number).to_json()
    return entry
