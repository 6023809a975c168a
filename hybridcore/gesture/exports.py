"""The files that can be downloaded beside CSV and JSON."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from hybridcore.gesture.gestures import GESTURES, NOTHING, SAID
from hybridcore.gesture.points import EDGES
from hybridcore.gesture.view import GestureAnswer, colour_of
from hybridcore.media.redraw import put_text, redraw
from hybridcore.people.drawing import draw_figure, rgb
from hybridcore.progress import Progress
from hybridcore.text import csv_text, percent, vtt_text


def write_gestures(answer: GestureAnswer, path: Path, progress: Progress | None) -> None:
    """What everybody says, a line for each gesture."""
    result = answer.result
    rows = [
        {"person": signer.number, "start": round(s.start, 4), "end": round(s.end, 4),
         "gesture": SAID[s.label], "likeliest": GESTURES[s.gesture],
         "probability": round(s.probability, 4)}
        for signer in result.signers for s in result.segments(signer)]
    path.write_text(csv_text(
        rows, ("person", "start", "end", "gesture", "likeliest", "probability")), encoding="utf-8")


def write_vtt(answer: GestureAnswer, path: Path, progress: Progress | None) -> None:
    """The gestures as subtitles; with several people, who makes each."""
    result = answer.result
    cues = sorted(
        (s.start, s.end, f"{signer.name}: {s.title}" if len(result.signers) > 1 else s.title)
        for signer in result.signers for s in result.segments(signer))
    path.write_text(vtt_text(cues), encoding="utf-8")


def write_annotated(answer: GestureAnswer, path: Path, progress: Progress | None) -> None:
    """The clip with everybody's hands and arms and what they say, as an MP4.

    Raises:
        MediaError: if the clip cannot be decoded any more, or ``path`` is the clip itself.
    """
    result = answer.result
    nothing = GESTURES.index(NOTHING)
    people = [(signer, result.pixels(signer), *signer.said(result.kind, result.threshold),
               {int(frame): k for k, frame in enumerate(signer.frames)})
              for signer in result.signers]

    def draw(frame: np.ndarray, index: int, _: float) -> np.ndarray:
        line = max(14, frame.shape[0] // 22)
        for signer, places, label, sure, rows in people:
            k = rows.get(index)
            if k is None:
                continue
            colour = rgb(colour_of(signer))
            draw_figure(frame, places[k], EDGES, colour)
            if label[k] != nothing:
                text = f"{signer.name}: {SAID[label[k]]} {percent(float(sure[k]))}"
                put_text(frame, text, (8, (line + 6) * signer.number), line, colour)
        return frame

    redraw(answer.source, path, draw, progress)
