"""How sticks, balls and drops move, and when they touch something."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from hybridcore.sound.learn.render.stage import Vector

GRAVITY = 9.81

_REST = 0.05  # a stick stays where it struck for so long, s
_UP = 0.30  # and is lifted for so long, s
_SWING = 0.5  # a miss comes down, and goes up again, for so long, s


@dataclass(frozen=True)
class Stroke:
    """What a stick does at ``time`` s: hits, scratches for ``duration`` s, or swings past without
    touching. place: the point of the surface; speed: 0..1; along: where a scratch ends."""

    time: float
    kind: Literal["hit", "scratch", "miss"]
    place: Vector
    speed: float
    material: str
    duration: float = 0.0
    along: Vector | None = None

    @property
    def end(self) -> float:
        return self.time + self.duration

    @property
    def leave(self) -> Vector:
        """Where the tip is when the stroke ends."""
        return self.place if self.along is None else self.along


class StickPath:
    """The tip of a stick that carries out strokes, which are in order of time.

    Between two strokes it is lifted, travels, and comes down; a touch ends in an abrupt stop and a
    moment of rest, a miss in a smooth turn above the surface.
    """

    def __init__(self, strokes: Sequence[Stroke], rest: Vector, rng: np.random.Generator) -> None:
        self.strokes = tuple(strokes)
        self.rest = rest
        self.sway = rng.uniform(0, 2 * np.pi, 3)
        self.misses = rng.uniform(0.05, 0.12, len(strokes) + 1)

    def tip(self, time: float) -> Vector:
        """Lowest point of the stick, m."""
        before = [s for s in self.strokes if s.time <= time]
        last = before[-1] if before else None
        following = self.strokes[len(before)] if len(before) < len(self.strokes) else None
        if last is not None and time < last.end:
            share = (time - last.time) / last.duration
            return (last.place + (last.leave - last.place) * np.float32(share)).astype(np.float32)
        start = last.leave if last is not None else self.rest
        goal = following.place if following is not None else self.rest
        began = last.end if last is not None else min(0.0, time)
        if last is not None and last.kind == "hit":
            began += _REST
            if time < began:
                return last.place.copy()
        down = _SWING
        if following is not None and following.kind != "miss":
            down = 0.24 - 0.10 * following.speed
        until = following.time if following is not None else began + 1.2
        up = 1e-3
        if last is not None:
            up = min(_SWING if last.kind == "miss" else _UP, 0.45 * (until - began))
        down = min(down, 0.5 * (until - began))
        share = np.clip((time - began) / max(until - 0.5 * down - began, 1e-3), 0, 1)
        place = start + (goal - start) * (share * share * (3 - 2 * share))
        rise = np.clip((time - began) / up, 0, 1)
        fall = np.clip((until - time) / down, 0, 1)
        height = 0.09 + 0.22 * (following.speed if following is not None else 0.3)
        height *= min(1.0, (until - began) / 0.35)
        lift = height * _leave(rise, last)
        if following is not None:
            lift *= _leave(fall, following)
        if last is not None and last.kind == "miss":
            lift += self.misses[len(before) - 1] * (1 - rise)
        if following is not None and following.kind == "miss":
            lift += self.misses[len(before)] * (1 - fall)
        drift = 0.006 * np.sin(2 * np.pi * 0.6 * time + self.sway) * min(1.0, lift / 0.05)
        place = place + drift
        place[1] += lift
        return place.astype(np.float32)


def _leave(share: float, stroke: Stroke | None) -> float:
    """Height against time left: straight off the surface after a touch, smooth after a miss."""
    if stroke is not None and stroke.kind == "miss":
        return float(0.5 - 0.5 * np.cos(np.pi * share))
    return float(1 - (1 - share) ** 2)


@dataclass(frozen=True)
class Bounce:
    """A touch of a falling ball. time: s; speed: m/s, downwards."""

    time: float
    speed: float


def bounces(
    height: float, restitution: float, start: float, end: float, slowest: float = 0.35
) -> list[Bounce]:
    """Touches of a ball let go at ``start`` s from ``height`` m above the ground, until ``end`` or
    until it comes down slower than ``slowest`` m/s."""
    time, speed = start + float(np.sqrt(2 * height / GRAVITY)), float(np.sqrt(2 * height * GRAVITY))
    touches: list[Bounce] = []
    while time < end and speed > slowest:
        touches.append(Bounce(time, speed))
        speed *= restitution
        time += 2 * speed / GRAVITY
    return touches


def ball_height(time: float, drop: float, start: float, touches: Sequence[Bounce],
                restitution: float) -> float:
    """Height of the ball's lowest point above the ground, m."""
    before = [b for b in touches if b.time <= time]
    if not before:
        return drop - 0.5 * GRAVITY * max(time - start, 0.0) ** 2
    since = time - before[-1].time
    return max(0.0, before[-1].speed * restitution * since - 0.5 * GRAVITY * since**2)


def ripples(
    point: NDArray[np.float32], centres: Sequence[tuple[float, Vector, float]], time: float
) -> NDArray[np.float32]:
    """Slopes of a water surface ``[..., 2]`` (x, z) at points ``[..., 3]``.

    centres: (time, place, strength) of each touch so far; rings run outwards and die out.
    """
    x, z = point[..., 0], point[..., 2]
    slope = np.zeros((*x.shape, 2), np.float32)
    for k, (a, b) in enumerate(((9.0, 4.0), (-5.0, 8.0), (14.0, -11.0))):  # a calm swell
        wave = 0.012 * np.cos(a * x + b * z + (1.3 + 0.5 * k) * time)
        slope += wave[..., None] * np.array([a, b], np.float32) / np.hypot(a, b)
    for began, place, strength in centres:
        age = time - began
        if not 0 < age < 3:
            continue
        dx, dz = x - place[0], z - place[2]
        distance = np.sqrt(dx * dx + dz * dz) + 1e-4
        front = 0.42 * age
        ring = np.exp(-(((distance - front) / (0.03 + 0.05 * age)) ** 2))
        ring *= np.cos(2 * np.pi * (distance - front) / 0.045) * strength * np.exp(-1.6 * age)
        slope += (0.8 * ring / distance)[..., None] * np.stack([dx, dz], -1)
    return slope
