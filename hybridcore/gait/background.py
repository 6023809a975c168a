"""The foreground of a picture, and which part of it is only a shadow.

Three ways: the mode of the clip (at each pixel the colour that it shows most often), with a
threshold a pixel from its own noise; k nearest neighbours (Zivkovic & van der Heijden, Pattern
Recognition Letters 2006); a mixture of Gaussians (MOG2; Zivkovic, ICPR 2004). The clip is read
twice: first some frames of it, to learn the background from its whole length, so that a person who
stands still for a while leaves no ghost.

``auto`` takes the mode where the scene is steady, and KNN, which keeps several colours a pixel,
where more than :data:`RESTLESS` of the pixels change most of the time (leaves, water, screens).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol, get_args

import cv2
import numpy as np

Method = Literal["auto", "mode", "knn", "mog2"]
METHODS: tuple[Method, ...] = get_args(Method)

SAMPLES = 96  # frames of a clip, at most, that its background is learned from
RESTLESS = 0.35
_BIN = 8  # grey levels of a step of the histogram whose peak is the mode
_STEADY = 0.5  # of the samples show the mode, or the pixel is restless

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
    """What stands behind the people of a clip: mode uint8 ``[H, W, 3]``; noise float32 ``[H, W]``,
    grey levels (standard deviation around it of the samples that show it); shown float32
    ``[H, W]``, the share of the samples that do.
    """

    mode: np.ndarray
    noise: np.ndarray
    shown: np.ndarray

    @classmethod
    def of(cls, frames: np.ndarray) -> Scene:
        """uint8 ``[N, H, W, 3]``, from anywhere in the clip."""
        frames = _equal_light(frames)
        mode = np.empty(frames.shape[1:], np.uint8)
        noise, shown = (np.empty(frames.shape[1:3], np.float32) for _ in range(2))
        for row in range(len(mode)):  # row by row: all at once would take ten times the memory
            stack = frames[:, row].astype(np.float32)  # [N, W, 3]
            level = (stack.mean(2) / _BIN).astype(int)
            count = (level[..., None] == np.arange(256 // _BIN)).sum(0)  # [W, levels]
            near = np.pad(count, ((0, 0), (1, 1)))
            best = (near[:, :-2] + near[:, 1:-1] + near[:, 2:]).argmax(1)
            shows = (np.abs(level - best) <= 1)[..., None]  # [N, W, 1]
            number = np.maximum(shows.sum(0), 1)
            mean = (stack * shows).sum(0) / number
            off = (((stack - mean) ** 2) * shows).sum(0) / number
            mode[row], noise[row] = np.round(mean), np.sqrt(off.max(1))
            shown[row] = shows.mean((0, 2))
        return cls(mode, noise, shown)

    @property
    def restless(self) -> float:
        """Share of the pixels that change most of the time."""
        return float((self.shown < _STEADY).mean())


def make_background(scene: Scene, samples: np.ndarray, method: Method) -> Background:
    """``samples`` uint8 ``[N, H, W, 3]`` of the whole clip."""
    method = choose(scene, method)
    return ModeBackground(scene) if method == "mode" else AdaptiveBackground(samples, method)


def choose(scene: Scene, method: Method) -> Method:
    """The method itself, or what ``auto`` stands for here."""
    if method != "auto":
        return method
    return "knn" if scene.restless > RESTLESS else "mode"


class ModeBackground:
    """Difference to the mode of the clip, after the exposure of the two was made equal."""

    def __init__(self, scene: Scene) -> None:
        self._mode = scene.mode
        self._limit = np.clip(
            cv2.GaussianBlur(scene.noise, (5, 5), 0) * _NOISES, _LOWEST, _HIGHEST).astype(np.uint8)

    def subtract(self, frame: np.ndarray, time: float) -> tuple[np.ndarray, np.ndarray]:
        """See :class:`Background`."""
        frame = cv2.GaussianBlur(frame, (3, 3), 0)
        expected = cv2.LUT(self._mode, _exposure(frame, self._mode))
        red, green, blue = cv2.split(cv2.absdiff(frame, expected))
        off = cv2.max(cv2.max(red, green), blue)
        weak = cv2.compare(off, self._limit, cv2.CMP_GT)
        strong = cv2.compare(off, cv2.multiply(self._limit, _STRONG), cv2.CMP_GT)
        foreground = _hysteresis(weak, strong)
        return foreground, cv2.bitwise_and(foreground, _shadow(frame, expected))


class AdaptiveBackground:
    """OpenCV's KNN or MOG2, which has seen samples of the whole clip before it starts."""

    def __init__(self, samples: np.ndarray, method: Method) -> None:
        cv2.setRNGSeed(0)  # of this thread: which samples KNN keeps is drawn
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


def _exposure(frame: np.ndarray, background: np.ndarray) -> np.ndarray:
    """A table uint8 ``[256, 1, 3]`` that brings the background to the exposure of the frame.

    The gain of a channel is the median ratio of pixels (a fourth of them in each direction): people
    who cover less than half of the picture do not move it.
    """
    colours, expected = frame[::4, ::4].reshape(-1, 3), background[::4, ::4].reshape(-1, 3)
    tables = []
    for channel in range(3):
        bright = expected[:, channel] > 25
        gain = 1.0
        if bright.any():
            gain = float(np.median(colours[bright, channel] / expected[bright, channel]))
        tables.append(np.clip(np.arange(256) * gain, 0, 255))
    return np.stack(tables, -1).astype(np.uint8)[:, None]


def _equal_light(frames: np.ndarray) -> np.ndarray:
    """Frames uint8 ``[N, H, W, 3]`` brought to the light of their median: cameras adapt."""
    middle = np.median(frames[:, ::4, ::4], axis=0).astype(np.uint8)
    middle = np.repeat(np.repeat(middle, 4, 0), 4, 1)[:frames.shape[1], :frames.shape[2]]
    return np.stack([cv2.LUT(frame, _exposure(middle, frame)) for frame in frames])


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
