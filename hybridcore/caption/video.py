"""Captions of a video as subtitles, and burnt in."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from hybridcore.caption.result import CaptionResult
from hybridcore.media import Clip
from hybridcore.media.redraw import put_text, redraw, text_width
from hybridcore.progress import Progress
from hybridcore.text import vtt_text


def webvtt(result: CaptionResult) -> str:
    """The best sentences of a video as a WebVTT file."""
    return vtt_text(
        (start, end, picture.best.text)
        for (start, end), picture in zip(result.spans or (), result.pictures, strict=True))


def webvtt_of_all(results: Mapping[str, CaptionResult]) -> str:
    """The same of several videos, one after the other, each under a note with its name."""
    head = vtt_text(())
    parts = [f"NOTE {name}\n\n{webvtt(result).removeprefix(head).lstrip()}"
             for name, result in results.items()]
    return "\n".join([head, *parts])


def burn_in(
    clip: Clip, result: CaptionResult, path: Path, progress: Progress | None = None
) -> Path:
    """Write ``clip`` as an MP4 with each segment's sentence at its foot.

    Raises:
        MediaError: if the clip cannot be decoded any more.
    """
    starts = np.array([start for start, _ in result.spans or ()])

    def draw(frame: np.ndarray, _: int, time: float) -> np.ndarray:
        number = max(0, int(np.searchsorted(starts, time, "right")) - 1)
        return subtitle(frame, result.pictures[number].best.text)

    return redraw(clip, path, draw, progress)


def subtitle(frame: np.ndarray, text: str) -> np.ndarray:
    """uint8 ``[h, w, 3]`` with ``text`` centred on a dark ground at its foot."""
    height, width = frame.shape[:2]
    line = max(10, height // 18)
    letters = max(8, int(0.9 * width / max(1, text_width("n", line))))
    lines = textwrap.wrap(text, letters)
    picture = frame.copy()
    top = height - round(line * (1.25 * len(lines) + 0.5))
    picture[max(0, top) :] //= 3
    for row, words in enumerate(lines):
        x = (width - text_width(words, line)) // 2
        put_text(picture, words, (x, top + round(line * (1.25 * row + 1.1))), line)
    return picture
