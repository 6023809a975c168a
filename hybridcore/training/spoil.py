"""What spoils frames of video: blur, darkness or glare, noise, something before the lens, coarse
compression.

Each takes a frame, uint8 ``[H, W, 3]``, a strength in 0..1 and eight random numbers of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import cv2
import numpy as np


def motion_blur(frame: np.ndarray, strength: float, dice: np.ndarray) -> np.ndarray:
    length = max(3, int(3 + strength * (12 + 34 * dice[0])))
    kernel = np.zeros((length, length), np.float32)
    angle, middle = dice[1] * np.pi, (length - 1) / 2
    step = np.array([np.cos(angle), np.sin(angle)]) * middle
    ends = (middle - step).round().astype(int), (middle + step).round().astype(int)
    cv2.line(kernel, tuple(map(int, ends[0])), tuple(map(int, ends[1])), 1.0)
    return cv2.filter2D(frame, -1, kernel / kernel.sum())


def defocus(frame: np.ndarray, strength: float, dice: np.ndarray) -> np.ndarray:
    return cv2.GaussianBlur(frame, (0, 0), 0.5 + strength * (3 + 8 * dice[0]))


def exposure(frame: np.ndarray, strength: float, dice: np.ndarray) -> np.ndarray:
    dark = dice[0] < 0.6
    gain = 1 - strength * (0.75 + 0.2 * dice[1]) if dark else 1 + strength * (1.5 + 3 * dice[1])
    return cv2.convertScaleAbs(frame, alpha=float(gain))


def noise(frame: np.ndarray, strength: float, dice: np.ndarray) -> np.ndarray:
    grain = np.empty(frame.shape, np.int16)
    cv2.randn(grain, 0, float(strength * (25 + 60 * dice[0])))
    return np.clip(frame + grain, 0, 255).astype(np.uint8)


def occlusion(frame: np.ndarray, strength: float, dice: np.ndarray) -> np.ndarray:
    """A smooth blob (a hand, a passer-by) that grows to most of the frame."""
    height, width = frame.shape[:2]
    centre = (int(width * (0.2 + 0.6 * dice[0])), int(height * (0.2 + 0.6 * dice[1])))
    axes = (int(width * strength * (0.45 + 0.5 * dice[2])), int(height * strength * 0.75))
    mask = np.zeros(frame.shape[:2], np.uint8)
    cv2.ellipse(mask, centre, axes, 180 * float(dice[3]), 0, 360, 255, -1)
    mask = cv2.GaussianBlur(mask, (0, 0), 3)[..., None].astype(np.float32) / 255
    colour = (20 + 180 * dice[4:7]).astype(np.float32)
    shade = np.linspace(0.7, 1.2, height, dtype=np.float32)[:, None, None]
    return (frame * (1 - mask) + colour * shade * mask).clip(0, 255).astype(np.uint8)


def compression(frame: np.ndarray, strength: float, dice: np.ndarray) -> np.ndarray:
    height, width = frame.shape[:2]
    factor = 1 + strength * (2 + 6 * dice[0])
    small = (max(16, int(width / factor)), max(16, int(height / factor)))
    coarse = cv2.resize(frame, small, interpolation=cv2.INTER_AREA)
    quality = [cv2.IMWRITE_JPEG_QUALITY, int(30 - 26 * strength * dice[1])]
    coarse = cv2.imdecode(cv2.imencode(".jpg", coarse, quality)[1], cv2.IMREAD_COLOR)
    return cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR)


Spoiler = Callable[[np.ndarray, float, np.ndarray], np.ndarray]
EVENTS: tuple[Spoiler, ...] = (
    motion_blur, defocus, exposure, noise, occlusion, compression,
)


def apply_events(
    frames: np.ndarray, lengths: tuple[int, int], rng: np.random.Generator,
    events: Sequence[Spoiler] = EVENTS,
) -> np.ndarray:
    """Draw some of ``events`` over ``frames`` in place; returns the strongest at every frame.

    lengths: of an event, in frames, at least and less than.
    """
    length = len(frames)
    strongest = np.zeros(length)
    for _ in range(1 + rng.poisson(length / 32)):
        event, dice = events[int(rng.integers(len(events)))], rng.random(8)
        size = min(length, int(rng.integers(*lengths)))
        begin = int(rng.integers(0, length - size + 1))
        peak = rng.uniform(0.4, 1.0)
        envelope = peak * np.sin(np.linspace(0, np.pi, size + 2)[1:-1]) ** 0.5
        for t, s in zip(range(begin, begin + size), envelope, strict=True):
            frames[t] = event(frames[t], float(s), dice)
        strongest[begin : begin + size] = np.maximum(strongest[begin : begin + size], envelope)
    return strongest
