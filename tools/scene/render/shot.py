"""A shot: a scene seen by a camera that moves from one pose to another in a shaking hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import astuple, dataclass, replace
from typing import Protocol

import cv2
import numpy as np

from tools.scene.render.camera import Camera, tremor
from tools.scene.render.film import develop

_OVERSAMPLING = 1.5  # rendered this much larger and shrunk by area, against jagged edges


class Scene(Protocol):
    """Whatever can be rendered: radiance, float32 ``[height, width, 3]``, at ``time`` s."""

    def render(self, camera: Camera, height: int, width: int, time: float) -> np.ndarray: ...


@dataclass(frozen=True)
class Shot:
    """scene: builds what is seen; start, end: poses; seconds: length, with the half of each
    dissolve at its ends; shake: of the hand, degrees; gain: exposure; seed: of the hand.
    """

    scene: Callable[[], Scene]
    start: Camera
    end: Camera
    seconds: float
    shake: float = 0.1
    gain: float = 1.0
    seed: int = 0

    def cameras(self, rate: float) -> list[Camera]:
        """The pose at every frame, ``rate`` frames a second; it starts and ends at speed."""
        length = round(self.seconds * rate)
        hand = tremor(length, np.random.default_rng(self.seed), degrees=self.shake)
        share = np.linspace(0, 1, length)[:, None]
        poses = np.array(astuple(self.start)) * (1 - share) + np.array(astuple(self.end)) * share
        cameras = [Camera(*map(float, pose)) for pose in poses]
        return [
            replace(c, yaw=c.yaw + y, pitch=c.pitch + p, roll=c.roll + r)
            for c, (y, p, r) in zip(cameras, hand.tolist(), strict=True)
        ]

    def frames(self, height: int, width: int, rate: float) -> Iterator[np.ndarray]:
        """uint8 RGB ``[height, width, 3]``, one after the other."""
        scene = self.scene()
        large = round(height * _OVERSAMPLING), round(width * _OVERSAMPLING)
        for number, camera in enumerate(self.cameras(rate)):
            radiance = scene.render(camera, *large, number / rate)
            # Shrinking display values, not radiance, keeps edges of lamps from staying jagged.
            picture = develop(radiance, gain=self.gain)
            yield cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)
