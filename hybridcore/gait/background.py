"""The foreground of a picture, and which part of it is only a shadow.

Three ways: the temporal median of the clip, with a threshold a pixel from its own noise; k nearest
neighbours (Zivkovic & van der Heijden, Pattern Recognition Letters 2006); a mixture of Gaussians
(MOG2; Zivkovic, ICPR 2004). The clip is read twice: first some frames of it, to learn the
background from its whole length, so that a person who stands still at the start leaves no ghost.

``auto`` takes the median where the scene is steady, and KNN, which keeps several colours a pixel,
where more than :data:`RESTLESS` of the pixels change most of the time (leaves, water, screens).
"""

from __future__ import annotations

from bisect import bisect
from dataclasses import dataclass
from typing import Literal, Protocol, get_args

import cv2
import numpy as np

Method = Literal["auto", "median", "knn", "mog2"]
METHODS: tuple[Method, ...] = get_args(Method)

SAMPLES = 48  # frames that a median is taken over
WINDOW_SECONDS = 40.0  # a longer clip has several medians: the light changes
RESTLESS = 0.35
_UNSTEADY = 10.0  # grey levels of noise from which a pixel counts as restless

_LOWEST, _HIGHEST = 14, 50  # grey levels: the threshold stays between
_NOISES = 3.5  # the threshold in standard deviations of a pixel's noise
_STRONG = 1.8  # thresholds; hysteresis: each foreground region holds such a pixel
_SHADOW_DARK, _SHADOW_LIGHT = 0.5, 0.96  # a shadow keeps this share of the light
_SHADOW_TINT = 0.09  # and of every colour nearly the same share
_KNN_SHADOW = 127  # OpenCV's mark


class Background(Protocol):
    """Separates people from what is behind them, frame by frame in order."""

    def subtract(self, frame: np.ndarray, time: float) -> tuple[np.ndarray, np.ndarray]:
        """uint8 RGB ``[H, W, 3]`` at ``time`` s -> (foreground, shadow), uint8 0/255 ``[H, W]``.

        The foreground includes the shadow.
        """
        ...


@dataclass(frozen=True)
class Scene:
    """The background around one time: median uint8 ``[H, W, 3]``; noise float32 ``[H, W]``, grey
    levels (1.4826 times the median absolute deviation); time s, the middle of its window.
    """

    time: float
    median: np.ndarray
    noise: np.ndarray

    @classmethod
    def of(cls, frames: np.ndarray, times: np.ndarray) -> Scene:
        """uint8 ``[N, H, W, 3]``, s ``[N]``."""
        frames = _equal_light(frames)
        median = np.empty(frames.shape[1:], np.uint8)
        noise = np.empty(frames.shape[1:3], np.float32)
        half = len(frames) // 2
        for row in range(len(median)):  # row by row: partitioning it all would double the memory
            stack = frames[:, row]
            median[row] = np.partition(stack, half, axis=0)[half]
            off = np.abs(stack.astype(np.int16) - median[row]).max(2)
            noise[row] = 1.4826 * np.partition(off, half, axis=0)[half]
        return cls(float(times.mean()), median, noise)

    @property
    def restless(self) -> float:
        """Share of the pixels that change most of the time."""
        return float((self.noise > _UNSTEADY).mean())


def make_background(scenes: list[Scene], samples: np.ndarray, method: Method) -> Background:
    """``scenes`` in order of time; ``samples`` uint8 ``[N, H, W, 3]`` of the whole clip."""
    method = choose(scenes, method)
    return MedianBackground(scenes) if method == "median" else AdaptiveBackground(samples, method)


def choose(scenes: list[Scene], method: Method) -> Method:
    """The method itself, or what ``auto`` stands for here."""
    if method != "auto":
        return method
    return "knn" if max(scene.restless for scene in scenes) > RESTLESS else "median"


class MedianBackground:
    """Difference to the temporal median, after the exposure of the two was made equal."""

    def __init__(self, scenes: list[Scene]) -> None:
        self._scenes = scenes
        self._times = [scene.time for scene in scenes]
        self._limits = [
            np.clip(cv2.GaussianBlur(scene.noise, (5, 5), 0) * _NOISES, _LOWEST, _HIGHEST)
            .astype(np.uint8) for scene in scenes
        ]

    def subtract(self, frame: np.ndarray, time: float) -> tuple[np.ndarray, np.ndarray]:
        """See :class:`Background`."""
        median, limit = self._at(time)
        frame = cv2.GaussianBlur(frame, (3, 3), 0)
        expected = cv2.LUT(median, _exposure(frame, median))
        red, green, blue = cv2.split(cv2.absdiff(frame, expected))
        off = cv2.max(cv2.max(red, green), blue)
        weak = cv2.compare(off, limit, cv2.CMP_GT)
        strong = cv2.compare(off, cv2.multiply(limit, _STRONG), cv2.CMP_GT)
        foreground = _hysteresis(weak, strong)
        return foreground, cv2.bitwise_and(foreground, _shadow(frame, expected))

    def _at(self, time: float) -> tuple[np.ndarray, np.ndarray]:
        """Median and threshold at a time, blended between the two nearest windows."""
        after = bisect(self._times, time)
        if after in (0, len(self._times)):
            k = min(after, len(self._times) - 1)
            return self._scenes[k].median, self._limits[k]
        a, b = after - 1, after
        share = (time - self._times[a]) / (self._times[b] - self._times[a])
        median = cv2.addWeighted(
            self._scenes[a].median, 1 - share, self._scenes[b].median, share, 0)
        return median, cv2.max(self._limits[a], self._limits[b])


class AdaptiveBackground:
    """OpenCV's KNN or MOG2, which has seen samples of the whole clip before it starts."""

    def __init__(self, samples: np.ndarray, method: Method) -> None:
        make = cv2.createBackgroundSubtractorKNN if method == "knn" \
            else cv2.createBackgroundSubtractorMOG2
        self._model = make(history=max(100, len(samples)), detectShadows=True)
        for k, frame in enumerate(samples):
            self._model.apply(cv2.GaussianBlur(frame, (3, 3), 0), learningRate=1 / (k + 1))

    def subtract(self, frame: np.ndarray, time: float) -> tuple[np.ndarray, np.ndarray]:
        """See :class:`Background`."""
        marks = self._model.apply(cv2.GaussianBlur(frame, (3, 3), 0), learningRate=1e-4)
        return (
            cv2.compare(marks, 0, cv2.CMP_GT), cv2.compare(marks, _KNN_SHADOW, cv2.CMP_EQ))


def _exposure(frame: np.ndarray, median: np.ndarray) -> np.ndarray:
    """A table uint8 ``[256, 1, 3]`` that brings the median to the exposure of the frame.

    The gain of a channel is the median ratio of pixels (a fourth of them in each direction): people
    who cover less than half of the picture do not move it.
    """
    colours, expected = frame[::4, ::4].reshape(-1, 3), median[::4, ::4].reshape(-1, 3)
    tables = []
    for channel in range(3):
        bright = expected[:, channel] > 25
        gain = 1.0
        if bright.any():
            gain = float(np.median(colours[bright, channel] / expected[bright, channel]))
        tables.append(np.clip(np.arange(256) * gain, 0, 255))
    return np.stack(tables, -1).astype(np.uint8)[:, None]


def _equal_light(frames: np.ndarray) -> np.ndarray:
    """Frames uint8 ``[N, H, W, 3]`` brought to the light of the middle one: cameras adapt."""
    level = np.maximum(np.median(frames[:, ::4, ::4], axis=(1, 2)), 1.0)  # [N, 3]
    gain = np.median(level, axis=0) / level
    tables = np.clip(np.arange(256)[:, None] * gain[:, None], 0, 255).astype(np.uint8)
    return np.stack([
        cv2.LUT(frame, table[:, None]) for frame, table in zip(frames, tables, strict=True)
    ])


def _shadow(frame: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """Pixels that are a darker version of the background: uint8 0/255 ``[H, W]``.

    After Cucchiara et al. (TPAMI 2003): less light, nearly the same colour.
    """
    ratio = cv2.divide(frame, cv2.max(expected, (1, 1, 1, 0)), scale=1.0, dtype=cv2.CV_32F)
    ratio = cv2.blur(ratio, (3, 3))
    red, green, blue = cv2.split(ratio)
    low, high = cv2.min(cv2.min(red, green), blue), cv2.max(cv2.max(red, green), blue)
    alike = cv2.compare(cv2.subtract(high, low), _SHADOW_TINT, cv2.CMP_LT)
    darker = cv2.bitwise_and(alike, cv2.inRange(low, _SHADOW_DARK, _SHADOW_LIGHT))
    # The rim of a person mixes with the background and looks like shadow; shadows are broad.
    return cv2.morphologyEx(darker, cv2.MORPH_OPEN, np.ones((5, 5)))


def _hysteresis(weak: np.ndarray, strong: np.ndarray) -> np.ndarray:
    """The connected parts of ``weak`` that hold a pixel of ``strong``."""
    count, labels = cv2.connectedComponents(weak, connectivity=8)
    kept = np.zeros(count, np.uint8)
    kept[labels[strong > 0]] = 255
    kept[0] = 0
    return kept[labels]
