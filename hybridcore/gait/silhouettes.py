"""A clip of a fixed camera -> who is in it, where, and their silhouettes, by what differs from the
background.

The clip is read twice at a reduced size: once to learn the background and when the camera stands
still, once to cut the people out and follow them. Memory does not grow with the length of the clip
but for the silhouettes themselves (3 kB each).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import cv2
import numpy as np

from hybridcore.gait.background import (
    SAMPLES,
    Method,
    ModeBackground,
    Scene,
    choose,
    make_background,
)
from hybridcore.gait.camera import moving_stretches
from hybridcore.gait.clean import find_people
from hybridcore.gait.notes import look
from hybridcore.gait.tracks import Track, Tracker
from hybridcore.media import CHUNK, Clip
from hybridcore.progress import Progress, report

LONG_SIDE = 480  # px of the working picture

_MOTION_SIDE = 160  # px


@dataclass(frozen=True)
class Sighting:
    """Who was seen in a clip.

    size: (height, width) of the working picture; times float64 ``[T]``, s; tracks in order of their
    first frame; method: of the background, or ``people`` where there was none; crowd: the largest
    number of people in one frame; moving float64 ``[k, 2]``: from when to when, s, the camera moved
    so that no background could be learned.
    """

    size: tuple[int, int]
    times: np.ndarray
    tracks: list[Track]
    method: str
    crowd: int
    moving: np.ndarray = field(default_factory=lambda: np.zeros((0, 2)))


def watch(
    clip: Clip, method: Method = "auto", progress: Progress | None = None, *, chunk: int = CHUNK,
    so_far: Callable[[Sighting], Any] = lambda sighting: sighting, read: int = 0,
) -> Sighting:
    """Follow everybody through ``clip``.

    ``progress(done, total)`` counts the frames of both readings, after the ``read`` that were read
    before; it stops the work by raising.
    ``so_far`` makes of those seen until then, in the second reading, what it is offered.

    Raises:
        MediaError: if the clip cannot be decoded.
    """
    size = clip.info.within(LONG_SIDE)
    total = read + 2 * max(1, clip.info.frame_count)

    def count(done: int) -> None:
        if progress:
            progress(read + done, max(total, read + done))

    def sighting() -> Sighting:
        return Sighting(
            size=size, times=np.concatenate(times), tracks=tracker.tracks,
            method=choose(learned.scene, method), crowd=crowd, moving=learned.moving)

    learned = _learn(clip, size, chunk, count)
    background = make_background(learned.scene, learned.samples, method)
    tracker, times, crowd = Tracker(), [], 0
    for part in clip.chunks(size=size, length=chunk):
        for k, frame in enumerate(part.frames):
            time = float(part.times[k])
            people = find_people(*background.subtract(frame, time), frame)
            if ((learned.moving[:, 0] <= time) & (time <= learned.moving[:, 1])).any():
                people = [replace(person, whole=False) for person in people]
            tracker.step(people, part.start + k, time)
            for track in tracker.present(part.start + k):
                look(track, size, frame, time)
            crowd = max(crowd, len(people))
        times.append(part.times)
        done = (read + total) // 2 + part.start + len(part.frames)
        report(progress, done, max(total, done), lambda: so_far(sighting()))
    return sighting()


@dataclass(frozen=True)
class _Learned:
    scene: Scene
    samples: np.ndarray
    moving: np.ndarray


def _learn(
    clip: Clip, size: tuple[int, int], chunk: int, count: Callable[[int], None]
) -> _Learned:
    """The first reading: the background, and when the camera moves."""
    gap = max(clip.info.duration, 1e-3) / SAMPLES  # s between samples
    held: list[np.ndarray] = []
    times: list[float] = []
    due = 0.0
    for part in clip.chunks(size=size, length=chunk):
        for frame, time in zip(part.frames, part.times, strict=True):
            if time >= due:
                due = float(time) + gap
                held.append(cv2.GaussianBlur(frame, (3, 3), 0))
                times.append(float(time))
        count(part.start + len(part.frames))
    samples = np.stack(held)
    scene = Scene.of(samples)
    scale = _MOTION_SIDE / max(size)
    mode = ModeBackground(scene)
    grey, people = (
        np.stack([cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
                  for picture in pictures])
        for pictures in (
            (cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY) for frame in samples),
            (mode.subtract(frame, 0.0)[0] for frame in samples)))
    return _Learned(scene, samples, moving_stretches(grey, np.array(times), people > 127))
