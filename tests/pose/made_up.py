"""A made-up answer of two people, without any network."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from hybridcore.people.readings import Reading
from hybridcore.pose.actions import ACTIONS
from hybridcore.pose.features import RATE
from hybridcore.pose.result import Body, PoseResult
from hybridcore.pose.system import SYSTEM
from hybridcore.system import Answer

KINDS = tuple(kind.key for kind in SYSTEM.kinds)
WIDTH, HEIGHT, COUNT, FRAME_RATE = 640, 360, 60, 30.0
CHANGE = 1.0  # s, at which everybody begins something else
DOES = {kind: (ACTIONS[2 * k], ACTIONS[2 * k + 1]) for k, kind in enumerate(KINDS)}


def body(number: int = 1, first: int = 0, last: int = COUNT, *, legs: bool = True,
         presence: float = 0.98) -> Body:
    """Somebody who stands in frames ``first`` to ``last`` (exclusive), arms stretched down."""
    rng = np.random.default_rng(number)
    frames = np.arange(first, last)
    times = frames / FRAME_RATE
    steps = times[0] + np.arange(int((times[-1] - times[0]) * RATE + 1e-6) + 1) / RATE
    landmarks = np.empty((len(frames), 33, 2), np.float32)
    landmarks[...] = 0.2 * number, 0.2
    for left, right, y in ((11, 12, .3), (13, 14, .4), (15, 16, .5), (23, 24, .55), (25, 26, .7),
                           (27, 28, .85)):
        landmarks[:, left] = 0.2 * number + 0.04, y
        landmarks[:, right] = 0.2 * number - 0.04, y
    visibility = np.full((len(frames), 33), 0.9, np.float32)
    if not legs:
        visibility[:, 25:] = 0.1
    readings = {}
    for kind in KINDS:
        logits = np.zeros((len(steps), len(ACTIONS)), np.float32)
        for at, action in ((steps < CHANGE, DOES[kind][0]), (steps >= CHANGE, DOES[kind][1])):
            logits[at, ACTIONS.index(action)] = 6.0
        memory = kind == "lstm"
        readings[kind] = Reading(
            logits, rng.random((len(steps), 5), np.float32) if memory else None,
            rng.random((len(steps), 4), np.float32) if memory else None, ())
    box = np.array([0.2 * number - 0.05, 0.15, 0.2 * number + 0.05, 0.9], np.float32)
    return Body(
        number=number, frames=frames, times=times, boxes=np.repeat(box[None], len(frames), 0),
        landmarks=landmarks, visibility=visibility,
        world=np.zeros((len(frames), 33, 3), np.float32),
        presence=np.full(len(frames), presence, np.float32), steps=steps, readings=readings)


def result_of(*bodies: Body, kind: str = "lstm", threshold: float = 0.5) -> PoseResult:
    times = np.arange(COUNT) / FRAME_RATE
    return PoseResult(kind, WIDTH, HEIGHT, COUNT / FRAME_RATE, times, bodies, threshold)


def answer_of(result: PoseResult) -> Answer[Any, PoseResult]:
    source = SimpleNamespace(name="yard.mp4", notes=(), duration=result.duration,
                             info=SimpleNamespace(has_sound=False))
    return Answer(SYSTEM, source, result.kind, result, {}, None, result)
