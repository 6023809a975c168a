"""The files that can be downloaded beside CSV and JSON."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from hybridcore.emotion.notes import covered
from hybridcore.emotion.result import CARE, SAID
from hybridcore.emotion.view import EmotionAnswer, colour_of, cues
from hybridcore.media import Clip
from hybridcore.media.redraw import put_text, redraw
from hybridcore.progress import Progress
from hybridcore.text import percent, vtt_text


def has_pictures(answer: EmotionAnswer) -> bool:
    """Whether there is a film to draw on."""
    return isinstance(answer.source, Clip)


def write_vtt(answer: EmotionAnswer, path: Path, progress: Progress | None = None) -> None:
    """What is said as WebVTT, with whose it is."""
    result = answer.result
    rows = []
    for item in range(max(1, len(result.people))):
        who = f"{result.people[item].name}: " if result.people else ""
        rows += [(start, end, who + text) for start, end, text in cues(result, item)]
    notes = "".join(f"\nNOTE {note}\n" for note in (CARE, *covered(result)))
    path.write_text(vtt_text(sorted(rows)) + notes, encoding="utf-8")


def write_annotated(answer: EmotionAnswer, path: Path, progress: Progress | None = None) -> None:
    """The film with a box around every face, and what is said, as an MP4.

    Raises:
        MediaError: if it cannot be decoded any more, or ``path`` is the film itself.
    """
    result = answer.result
    rows = [{int(frame): k for k, frame in enumerate(person.frames)} for person in result.people]
    said = [result.said(item, result.kind) if result.kind in result.log_p(item) else None
            for item in range(max(1, len(rows)))]

    def text(item: int, index: int) -> str:
        own = said[item]
        if own is None or own[0][index] < 0:
            return ""
        sure = float(own[1][index])
        return f"{SAID[own[0][index]]} {percent(sure) if sure else ''}".rstrip()

    def draw(frame: np.ndarray, index: int, _: float) -> np.ndarray:
        height, width = frame.shape[:2]
        line = max(14, height // 26)
        put_text(frame, CARE, (6, height - 8), max(12, line // 2))
        if not rows:
            put_text(frame, text(0, index), (6, line + 4), line)
        for item, person in enumerate(result.people):
            if (k := rows[item].get(index)) is None:
                continue
            code = colour_of(person)
            colour = tuple(int(code[i : i + 2], 16) for i in (1, 3, 5))
            left, top, right, bottom = np.round(
                person.boxes[k] * (width, height, width, height)).astype(int).tolist()
            cv2.rectangle(frame, (left, top), (right, bottom), colour, max(1, height // 240))
            put_text(frame, f"{person.name}: {text(item, index)}",
                     (max(left, 2), max(line, top - 4)), line, colour)
        return frame

    assert isinstance(answer.source, Clip)
    redraw(answer.source, path, draw, progress)
