"""A made-up answer of people whose right hands are seen, without any network."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from hybridcore.gesture.gestures import GESTURES
from hybridcore.gesture.points import COUNT, HANDS, RATE
from hybridcore.gesture.result import GestureResult, Signer
from hybridcore.gesture.system import SYSTEM
from hybridcore.people.readings import Reading
from hybridcore.system import Answer

WIDTH, HEIGHT, FRAMES, FRAME_RATE = 640, 480, 60, 30.0
CHANGE = 1.0  # s, until when nothing is said
SAYS = {"lstm": "hello", "frame": "grab"}


def signer(number: int = 1, first: int = 0, last: int = FRAMES, *, hands: bool = True) -> Signer:
    """Somebody who says nothing for a second, and then what the network at hand hears."""
    rng = np.random.default_rng(number)
    frames = np.arange(first, last)
    times = frames / FRAME_RATE
    steps = times[0] + np.arange(int((times[-1] - times[0]) * RATE + 1e-6) + 1) / RATE
    points = np.full((len(frames), COUNT, 2), np.nan, np.float32)
    points[:, 1], points[:, 2] = (0.7, 0.5), (0.4, 0.5)
    if hands:
        points[:, HANDS[1]] = 0.3 + 0.2 * rng.random((21, 2))
    readings = {}
    for kind, word in SAYS.items():
        logits = np.zeros((len(steps), len(GESTURES)), np.float32)
        logits[steps < CHANGE, 0] = 6.0
        logits[steps >= CHANGE, GESTURES.index(word)] = 6.0
        memory = kind == "lstm"
        readings[kind] = Reading(
            logits, rng.random((len(steps), 5), np.float32) if memory else None,
            rng.random((len(steps), 4), np.float32) if memory else None, ())
    visibility = np.isfinite(points).all(-1).astype(np.float32)
    return Signer(number=number, frames=frames, times=times, landmarks=points,
                  visibility=visibility, steps=steps, readings=readings)


def result_of(*signers: Signer, kind: str = "lstm", threshold: float = 0.5) -> GestureResult:
    times = np.arange(FRAMES) / FRAME_RATE
    return GestureResult(kind, WIDTH, HEIGHT, FRAMES / FRAME_RATE, times, signers, threshold)


def answer_of(result: GestureResult) -> Answer[Any, GestureResult]:
    source = SimpleNamespace(name="webcam.mp4", notes=(), duration=result.duration,
                             info=SimpleNamespace(has_sound=False))
    return Answer(SYSTEM, source, result.kind, result, {}, None, result)
