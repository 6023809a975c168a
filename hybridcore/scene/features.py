"""What a head can learn from a clip: how it looks and how it moves, ten times a second.

Five parts: the encoder's object grid of the frame, averaged over the picture; the same of the
square in which most moves; the same of the optical flow since the step before, drawn as a picture;
statistics of that flow; and the pace, statistics of the flow between neighbouring frames in the
two seconds around. Scenes have no part in it: what people mark is mostly not a place.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from hybridcore.encoder.encoder import SIDE, Encoder
from hybridcore.media import Clip
from hybridcore.media.optical_flow import STATISTICS, OpticalFlow, draw, liveliest
from hybridcore.media.pace import COLUMNS, Pace
from hybridcore.progress import Progress
from hybridcore.system import Answer
from hybridcore.teach.features import Features

RATE = 10.0  # steps a second, at most
PARTS = {"appearance": 1280, "close-up": 1280, "motion": 1280, "flow": STATISTICS, "pace": COLUMNS}
_HEIGHT = 192  # px of the frames that are decoded, before the encoder squashes them
_WIDEST = 4  # times the height
_PICTURES = 3  # a step
_BATCH = 5  # steps that are encoded at once


def features(answer: Answer[Clip, Any], progress: Progress | None = None) -> Features:
    """Those of the clip that was looked at; it is decoded once more.

    ``progress(done, total)`` is called now and then, in frames; it stops the work by raising.

    Raises:
        MediaError: the clip cannot be decoded.
    """
    return clip_features(answer.model.encoder, answer.source, progress)


def clip_features(encoder: Encoder, clip: Clip, progress: Progress | None = None) -> Features:
    """As :func:`features`, of a clip that nobody looked at yet."""
    flow, pace = OpticalFlow(), Pace()
    times: list[float] = []
    pictures: list[np.ndarray] = []  # of the batch: those of one step after the other
    rows: list[np.ndarray] = []
    statistics: list[np.ndarray] = []

    def encode() -> None:
        if pictures:
            grid = encoder.encode(np.stack(pictures), "object_grid")["object_grid"]
            rows.append(grid.mean((2, 3)).cpu().numpy().reshape(-1, _PICTURES * grid.shape[1]))
            pictures.clear()

    for part in clip.chunks(size=_size(clip)):
        for time, frame in zip(part.times, part.frames, strict=True):
            pace.step(frame, float(time))
            if not _is_next(times, time):
                continue
            moved, numbers = flow.step(frame, float(time))
            times.append(float(time))
            statistics.append(numbers)
            pictures += [
                _squashed(frame), _squashed(_part(frame, liveliest(moved))), _squashed(draw(moved))]
            if len(pictures) == _PICTURES * _BATCH:
                encode()
        if progress is not None:
            done = part.start + len(part.frames)
            progress(done, max(clip.info.frame_count or 0, done))
    encode()
    return Features(
        times=np.array(times), parts=PARTS, duration=clip.duration,
        values=np.concatenate([
            np.concatenate(rows), np.stack(statistics), pace.around(np.array(times))],
            1).astype(np.float16))


def pace_features(clip: Clip) -> Features:
    """The part ``pace`` of :func:`clip_features` alone, without the encoder.

    Raises:
        MediaError: the clip cannot be decoded.
    """
    pace = Pace()
    times: list[float] = []
    for part in clip.chunks(size=_size(clip)):
        for time, frame in zip(part.times, part.frames, strict=True):
            pace.step(frame, float(time))
            if _is_next(times, time):
                times.append(float(time))
    return Features(np.array(times), pace.around(np.array(times)).astype(np.float16),
                    {"pace": COLUMNS}, clip.duration)


def _size(clip: Clip) -> tuple[int, int]:
    """Height and width, px, of the frames that are looked at."""
    aspect = min(_WIDEST, max(1 / _WIDEST, clip.info.width / clip.info.height))
    return _HEIGHT, 2 * round(_HEIGHT * aspect / 2)


def _is_next(times: list[float], time: float) -> bool:
    """Whether a frame is so late after the last of the steps that it is the next."""
    return not times or time >= times[-1] + 1 / RATE - 1e-3


def _squashed(picture: np.ndarray) -> np.ndarray:
    return cv2.resize(picture, (SIDE, SIDE), interpolation=cv2.INTER_AREA)


def _part(frame: np.ndarray, box: tuple[float, float, float, float]) -> np.ndarray:
    height, width = frame.shape[:2]
    left, top, right, bottom = box
    return frame[round(top * height) : round(bottom * height),
                 round(left * width) : round(right * width)]
