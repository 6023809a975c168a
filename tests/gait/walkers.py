"""People drawn with known steps, before a still, noisy wall."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

HEIGHT, WIDTH, RATE = 180, 320, 30.0


@dataclass(frozen=True)
class Actor:
    """Somebody who walks from ``start`` px at ``speed`` px/s; ``step`` 0: the legs stay still."""

    start: float = 20.0
    speed: float = 60.0
    step: float = 0.5  # s
    tall: float = 90.0  # px
    ground: float = 165.0  # px, the row of the feet
    colour: tuple[int, int, int] = (150, 40, 40)
    begin: float = 0.0  # s, when the walk begins; before it the person stands


def draw(canvas: np.ndarray, actor: Actor, time: float, colour: object = None) -> None:
    """Draw the person at ``time`` s on uint8 ``[H, W(, 3)]``."""
    colour = actor.colour if colour is None else colour
    walked = max(0.0, time - actor.begin)
    phase = np.pi * walked / actor.step if actor.step else 0.0
    tall = actor.tall
    x = actor.start + actor.speed * walked
    hip, neck = actor.ground - 0.5 * tall, actor.ground - 0.82 * tall

    def limb(top: tuple[float, float], angle: float, length: float, thick: float) -> None:
        end = top[0] + length * np.sin(angle), top[1] + length * np.cos(angle)
        cv2.line(canvas, _px(top), _px(end), colour, max(2, round(thick)), cv2.LINE_8)

    swing = 0.45 * np.sin(phase) if actor.step else 0.0
    for side in (1, -1):
        limb((x, hip), side * swing, 0.49 * tall, 0.09 * tall)
        limb((x, neck + 0.03 * tall), -side * 0.8 * swing, 0.36 * tall, 0.06 * tall)
    cv2.line(canvas, _px((x, neck)), _px((x, hip)), colour, round(0.17 * tall), cv2.LINE_8)
    cv2.circle(canvas, _px((x, actor.ground - 0.92 * tall)), round(0.075 * tall), colour, -1)


def _px(point: tuple[float, float]) -> tuple[int, int]:
    return round(point[0]), round(point[1])


def wall(seed: int = 0) -> np.ndarray:
    """A textured background, uint8 ``[180, 320, 3]``."""
    rng = np.random.default_rng(seed)
    coarse = rng.integers(120, 200, (9, 16, 3), np.uint8)
    return cv2.resize(coarse, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)


def film(
    actors: list[Actor], seconds: float, *, noise: float = 4.0, seed: int = 0, pan: float = 0.0,
    dimming: float = 0.0,
) -> np.ndarray:
    """uint8 ``[T, 180, 320, 3]``; pan: px/s; dimming: share of the light lost by the end."""
    rng = np.random.default_rng(seed)
    background = wall(seed)
    if pan:
        background = rng.integers(0, 256, (45, 160, 3), np.uint8)
        background = cv2.resize(background, (4 * WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)
    frames = []
    for k in range(round(seconds * RATE)):
        left = round(pan * k / RATE)
        frame = background[:, left : left + WIDTH].copy()
        for actor in actors:
            draw(frame, actor, k / RATE)
        light = 1 - dimming * k / (seconds * RATE)
        frames.append(np.clip(frame * light + rng.normal(0, noise, frame.shape), 0, 255))
    return np.stack(frames).astype(np.uint8)


def masks(actor: Actor, seconds: float, rate: float = 25.0) -> np.ndarray:
    """uint8 0/255 ``[T, 180, 320]`` of one person."""
    out = np.zeros((round(seconds * rate), HEIGHT, WIDTH), np.uint8)
    for k, canvas in enumerate(out):
        draw(canvas, actor, k / rate, 255)
    return out
