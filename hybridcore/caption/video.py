"""Captions of a video: a sentence for the middle of each segment, as subtitles and burnt in.

Where segments begin and end is found elsewhere and given as spans: start and end in seconds.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from hybridcore.caption.result import CaptionResult
from hybridcore.media import Clip
from hybridcore.media.redraw import put_text, redraw, text_width
from hybridcore.progress import Progress

Span = tuple[float, float]
_FRAMES_A_STEP = 16  # between two reports of progress
FRAME_SIDE = 640  # longer side of the frames that are captioned


@dataclass(frozen=True)
class CaptionedSegment:
    """What was said of a segment; start and end in seconds."""

    start: float
    end: float
    result: CaptionResult

    def to_json(self) -> dict[str, Any]:
        """``{"start", "end", "captions": [...]}``."""
        return {"start": round(self.start, 3), "end": round(self.end, 3), **self.result.to_json()}

    def to_table(self) -> list[dict[str, Any]]:
        """One row a sentence, for CSV."""
        times = {"start": round(self.start, 3), "end": round(self.end, 3)}
        return [{**times, **row} for row in self.result.to_table()]


def middle_frames(
    clip: Clip, spans: Sequence[Span], progress: Progress | None = None
) -> list[np.ndarray]:
    """The frame on screen in the middle of each span, uint8 ``[h, w, 3]``.

    ``progress(done, total)`` counts frames.

    Raises:
        MediaError: if the clip cannot be decoded any more.
    """
    size = clip.info.within(FRAME_SIDE)
    frames: list[np.ndarray] = []
    for at in range(0, len(spans), _FRAMES_A_STEP):
        part = spans[at : at + _FRAMES_A_STEP]
        frames += clip.frames_at([(start + end) / 2 for start, end in part], size)
        if progress:
            progress(len(frames), len(spans))
    return frames


def captioned(
    spans: Sequence[Span], results: Sequence[CaptionResult]
) -> tuple[CaptionedSegment, ...]:
    """Spans with what was said of them."""
    return tuple(
        CaptionedSegment(start, end, result)
        for (start, end), result in zip(spans, results, strict=True)
    )


def webvtt(segments: Sequence[CaptionedSegment]) -> str:
    """The best sentences as a WebVTT file. Words are letters and digits: nothing to escape."""
    cues = [
        f"{_stamp(s.start)} --> {_stamp(s.end)}\n{s.result.best.text}\n" for s in segments
    ]
    return "\n".join(["WEBVTT\n", *cues])


def _stamp(seconds: float) -> str:
    """``hh:mm:ss.mmm``."""
    whole = round(seconds * 1000)
    minutes, milliseconds = divmod(whole, 60_000)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{milliseconds / 1000:06.3f}"


def burn_in(
    clip: Clip, segments: Sequence[CaptionedSegment], path: Path,
    progress: Progress | None = None,
) -> Path:
    """Write ``clip`` as an MP4 with each segment's sentence at its foot.

    Raises:
        MediaError: if the clip cannot be decoded any more.
    """
    starts = np.array([s.start for s in segments])

    def draw(frame: np.ndarray, _: int, time: float) -> np.ndarray:
        number = max(0, int(np.searchsorted(starts, time, "right")) - 1)
        return subtitle(frame, segments[number].result.best.text)

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
