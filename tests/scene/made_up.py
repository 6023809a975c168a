"""A scene answer made by hand: every kind of model says something else, so that a mix-up shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any

import numpy as np

from hybridcore.layers.flow import Step
from hybridcore.scene.result import SceneResult, Track
from hybridcore.scene.system import SYSTEM
from hybridcore.system import Answer

KINDS = tuple(kind.key for kind in SYSTEM.kinds)
RATE = 30
SCENES = {"lstm": (10, 20), "tcn": (30, 40), "frame": (50, 60)}  # before and after the cut
CUTS = {"lstm": 45, "tcn": 60, "frame": 30}  # frames; of the last one nothing may be drawn
CELLS = {  # where each looks before and after; none lies under the labels of the annotated video
    "lstm": ((2, 0), (2, 3)), "tcn": ((4, 4), (4, 1)), "frame": ((0, 4), (3, 2)),
}


@dataclass
class MadeUpClip:
    """Stands for the clip; its frames are as grey as their index.

    asked: the times of every call of ``frames_at``.
    """

    name: str = "made-up.mp4"
    notes: tuple[str, ...] = ()
    asked: list[list[float]] = field(default_factory=list)

    info = SimpleNamespace(has_sound=True)

    def frames_at(self, times: Sequence[float], size: tuple[int, int]) -> list[np.ndarray]:
        self.asked.append(list(times))
        return [np.full((*size, 3), round(time * RATE), np.uint8) for time in times]


def made_up_track(kind: str, frames: int, seed: int) -> Track:
    rng = np.random.default_rng(seed)
    first, second = SCENES[kind]
    label = np.where(np.arange(frames) < CUTS[kind], first, second)
    probabilities = rng.dirichlet(np.ones(100), frames).astype(np.float32) * 0.1
    probabilities[np.arange(frames), label] += 0.9
    cut = np.zeros(frames, np.float32)
    cut[CUTS[kind]] = 0.95
    attention = np.full((frames, 5, 5), 0.2 / 24, np.float32)
    for t in range(frames):
        attention[t, *CELLS[kind][t >= CUTS[kind]]] = 0.8
    return Track(
        probabilities=probabilities, attention=attention, cut_probability=cut,
        inputs=rng.random((frames, 8), np.float32), hidden=rng.random((frames, 8), np.float32),
        flow=(Step(f"network of {kind}", "h_t", (frames, 8)),))


def made_up_result(frames: int = 90) -> SceneResult:
    rng = np.random.default_rng(7)
    value = -np.sort(-rng.random((frames, 5), np.float32), axis=1) / 5
    return SceneResult(
        kind="lstm", width=320, height=180, duration=frames / RATE,
        times=np.arange(frames) / RATE,
        tracks={kind: made_up_track(kind, frames, k) for k, kind in enumerate(KINDS)},
        objects=rng.integers(0, 1000, (frames, 5)), object_probability=value,
        groups=rng.dirichlet(np.ones(3), frames).astype(np.float32),
        voices=rng.random((frames, 5, 3), np.float32), motion=np.zeros((frames, 3), np.float32),
        place=np.full(frames, 20, np.float32))


def answer_of(
    result: SceneResult, kind: str, source: Any = None, model: Any = None
) -> Answer[Any, SceneResult]:
    """The answer of one kind of model."""
    return Answer(SYSTEM, source or MadeUpClip(), kind, replace(result, kind=kind), {}, model,
                  result)
