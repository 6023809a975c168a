"""A clip of a fixed camera -> who is in it, where, and their silhouettes.

The clip is read twice at a reduced size: once to learn the background and whether the camera stands
still, once to cut the people out and follow them. Memory does not grow with the length of the clip
but for the silhouettes themselves (3 kB each).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from hybridcore.gait.background import (
    SAMPLES,
    WINDOW_SECONDS,
    Method,
    Scene,
    choose,
    make_background,
)
from hybridcore.gait.clean import find_people
from hybridcore.gait.tracks import Track, Tracker
from hybridcore.media import Clip
from hybridcore.media.motion import CameraMotion
from hybridcore.progress import Progress

LONG_SIDE = 480  # px of the working picture
CHUNK = 16

_MOTION_SIDE = 160  # px
_MOVED = 0.04  # of the picture's sides: from here the camera does not stand still
_MOVING = 0.08  # share of the pixels that change, at least, when the camera moves
_SHAKEN = 0.004  # of the sides, a frame


@dataclass(frozen=True)
class Sighting:
    """Who was seen in a clip.

    size: (height, width) of the working picture; times float64 ``[T]``, s; tracks in order of their
    first frame; method: of the background; camera_moves: whether the camera did; crowd: the
    largest number of people in one frame.
    """

    size: tuple[int, int]
    times: np.ndarray
    tracks: list[Track]
    method: Method
    camera_moves: bool
    crowd: int


def watch(
    clip: Clip, method: Method = "auto", progress: Progress | None = None, *, chunk: int = CHUNK
) -> Sighting:
    """Follow everybody through ``clip``.

    ``progress(done, total)`` counts the frames of both readings; it stops the work by raising.

    Raises:
        MediaError: if the clip cannot be decoded.
    """
    size = clip.info.within(LONG_SIDE)
    total = 2 * max(1, clip.info.frame_count)

    def count(done: int) -> None:
        if progress:
            progress(done, max(total, done))

    learned = _learn(clip, size, chunk, count)
    background = make_background(learned.scenes, learned.samples, method)
    tracker, times, crowd = Tracker(), [], 0
    for part in clip.chunks(size=size, length=chunk):
        for k, frame in enumerate(part.frames):
            people = find_people(*background.subtract(frame, float(part.times[k])), frame)
            tracker.step(people, part.start + k, float(part.times[k]))
            crowd = max(crowd, len(people))
        times.append(part.times)
        count(total // 2 + part.start + len(part.frames))
    return Sighting(
        size=size, times=np.concatenate(times), tracks=tracker.tracks,
        method=choose(learned.scenes, method), camera_moves=learned.camera_moves, crowd=crowd,
    )


@dataclass(frozen=True)
class _Learned:
    scenes: list[Scene]
    samples: np.ndarray
    camera_moves: bool


def _learn(
    clip: Clip, size: tuple[int, int], chunk: int, count: Callable[[int], None]
) -> _Learned:
    """The first reading: background by windows, and the motion of the camera."""
    seconds = max(clip.info.duration, 1e-3)
    windows = max(1, round(seconds / WINDOW_SECONDS))
    gap = seconds / windows / SAMPLES  # s between samples
    scenes: list[Scene] = []
    kept: list[np.ndarray] = []
    held: list[np.ndarray] = []
    times: list[float] = []
    motion, moves = CameraMotion(), []
    scale = _MOTION_SIDE / max(size)

    def close_window() -> None:
        frames = np.stack(held)
        scenes.append(Scene.of(frames, np.array(times)))
        kept.extend(frames[:: max(1, windows)])
        held.clear()
        times.clear()

    due = 0.0
    for part in clip.chunks(size=size, length=chunk):
        for k, frame in enumerate(part.frames):
            time = float(part.times[k])
            if time < due:
                continue
            due = time + gap
            small = cv2.resize(frame, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
            moves.append(motion.step(small[None])[0])
            held.append(cv2.GaussianBlur(frame, (3, 3), 0))
            times.append(time)
            if time >= (len(scenes) + 1) * seconds / windows and len(held) >= SAMPLES // 2:
                close_window()
        count(part.start + len(part.frames))
    if held and (not scenes or len(held) >= SAMPLES // 2):
        close_window()
    # Corners may all lie on people; but a camera that moves leaves no pixel alone.
    restless = max(scene.restless for scene in scenes) > _MOVING
    return _Learned(scenes, np.stack(kept), restless and _camera_moves(np.array(moves)))


def _camera_moves(moves: np.ndarray) -> bool:
    """Whether a camera with these moves ``[N, 3]`` between samples cannot be called fixed."""
    if len(moves) < 3:
        return False
    drift = np.abs(np.cumsum(moves, 0)).max(0)
    shake = np.median(np.abs(moves[1:, :2]), 0)
    return bool((drift > _MOVED).any() or (shake > _SHAKEN).any())
