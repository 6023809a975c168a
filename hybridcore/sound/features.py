"""What moves, where and how abruptly: the features that the sound models read.

Whole-frame appearance does not carry over from place to place, so a frame is described by motion
alone on a coarse grid. Dense optical flow (DIS: Kroeger et al., ECCV 2016) is taken between the
frame before and this one on small grey pictures; an affine camera motion is fitted to it robustly
and taken away; and the frame before, moved by that camera, is subtracted from this one. Six
numbers a cell (:data:`CHANNELS`). What the networks read is pooled from these maps (strokes.py).

What things are made of is read by the shared encoder, pooled where things move.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from hybridcore.encoder.encoder import Encoder
from hybridcore.layers.flow import FlowRecorder
from hybridcore.media import CHUNK, Clip
from hybridcore.sound.strokes import StrokeStatistics

SIZE = (128, 192)  # height, width of the pictures that are compared; fits the encoder's stride
GRID = (16, 24)  # cells
CHANNELS = (
    "mean velocity to the right", "mean velocity downwards",
    "velocity to the right of the fastest point", "velocity downwards of the fastest point",
    "mean change of brightness", "largest change of brightness",
)
APPEARANCE = 1280  # features of the encoder's object grid
APPEARANCE_EVERY = 6  # frames between two looks of the encoder

_RATE = 30.0  # clips faster than this are thinned to about this many frames a second
_LONGEST_STEP = 0.25  # s; over a longer pause motion means nothing
_VELOCITY_UNIT = 0.5  # heights of the picture a second from which on velocity is compressed
_CHANGE_UNIT = 8.0  # grey levels, the same for brightness


@dataclass(frozen=True)
class FeatureChunk:
    """Features of consecutive analysed frames.

    times: float64 ``[n]``, s; strokes: float32 ``[n, len(STATISTICS)]``; appearance: float32
    ``[n, 1280]``, 0..6; done: frames of the clip read so far.
    """

    times: NDArray[np.float64]
    strokes: NDArray[np.float32]
    appearance: NDArray[np.float32]
    done: int


class MotionMaps:
    """Feed it frames in order; it remembers the last one."""

    def __init__(self) -> None:
        self._flow = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
        self._before: NDArray[np.uint8] | None = None
        self._time = 0.0

    def step(self, frames: NDArray[np.uint8], times: NDArray[np.float64]) -> NDArray[np.float32]:
        """uint8 ``[n, 128, 192, 3]`` at ``times [n]`` -> float32 ``[n, 6, 16, 24]``, compressed
        (asinh of velocity, log of brightness change), about -4..4.
        """
        return np.stack([self._one(f, t) for f, t in zip(frames, times, strict=True)])

    def _one(self, frame: NDArray[np.uint8], time: float) -> NDArray[np.float32]:
        grey = cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY)
        before, elapsed = self._before, time - self._time
        self._before, self._time = grey, time
        if before is None or elapsed > _LONGEST_STEP:
            return np.zeros((len(CHANNELS), *GRID), np.float32)
        flow = self._flow.calc(before, grey, None)
        small = cv2.resize(flow, (SIZE[1] // 2, SIZE[0] // 2), interpolation=cv2.INTER_AREA)
        return describe(before, grey, small, elapsed)


def describe(
    before: NDArray[np.uint8], grey: NDArray[np.uint8], flow: NDArray[np.float32], elapsed: float
) -> NDArray[np.float32]:
    """The map of one frame.

    Args:
        before, grey: uint8 ``[128, 192]``, the frame before and this one.
        flow: ``[64, 96, 2]``, pixels of the full picture to the right and down.
        elapsed: s between the two.
    """
    camera = camera_motion(_blocks(flow).mean((2, 3)))  # [2, 3]
    height, width = flow.shape[:2]
    y, x = np.mgrid[:height, :width].astype(np.float32) * 2 + 0.5
    moved = np.stack([x, y, np.ones_like(x)], -1) @ camera.T.astype(np.float32)  # [h, w, 2]
    velocity = (flow - moved) / (SIZE[0] * elapsed)
    blocks = _blocks(velocity)  # [16, 24, 4, 4, 2]
    points = blocks.reshape(*GRID, -1, 2)
    fastest = np.square(points).sum(-1).argmax(-1)[..., None, None]
    peak = np.take_along_axis(points, fastest, 2)[:, :, 0]  # [16, 24, 2]
    velocities = np.concatenate([points.mean(2), peak], -1)  # [16, 24, 4]
    warp = np.eye(2, 3, dtype=np.float64) + camera
    steady = cv2.warpAffine(
        before, warp, (grey.shape[1], grey.shape[0]), borderMode=cv2.BORDER_REPLICATE)
    change = _blocks(cv2.GaussianBlur(cv2.absdiff(grey, steady), (3, 3), 0)[..., None])
    changes = np.stack([change.mean((2, 3, 4)), change.max((2, 3, 4))], -1)
    described = np.concatenate(
        [np.arcsinh(velocities / _VELOCITY_UNIT), np.log1p(changes / _CHANGE_UNIT)], -1)
    return described.transpose(2, 0, 1).astype(np.float32)


def camera_motion(flow: NDArray[np.float32]) -> NDArray[np.float64]:
    """Affine motion ``[2, 3]`` of the camera, (x, y, 1) in pixels -> displacement in pixels.

    flow: ``[16, 24, 2]``, mean displacement of the cells. Fitted by iteratively reweighted least
    squares with Cauchy weights, so that what moves by itself hardly counts.
    """
    rows, columns = flow.shape[:2]
    y, x = np.mgrid[:rows, :columns]
    places = np.stack([(x + 0.5) * SIZE[1] / columns, (y + 0.5) * SIZE[0] / rows,
                       np.ones_like(x)], -1).reshape(-1, 3)
    target = flow.reshape(-1, 2).astype(np.float64)
    fit = np.zeros((3, 2))
    fit[2] = np.median(target, 0)
    for _ in range(4):
        distance = np.linalg.norm(target - places @ fit, axis=1)
        scale = max(0.05, 1.5 * float(np.median(distance)))
        weighted = places / (1 + np.square(distance / scale))[:, None]
        fit = np.linalg.solve(places.T @ weighted, weighted.T @ target)
    return fit.T


def _blocks(picture: NDArray) -> NDArray:
    """``[H, W, C]`` -> ``[16, 24, H / 16, W / 24, C]``."""
    height, width, channels = picture.shape
    rows, columns = GRID
    parts = picture.reshape(rows, height // rows, columns, width // columns, channels)
    return parts.transpose(0, 2, 1, 3, 4)


class Appearance:
    """What the places where things move look like, every :data:`APPEARANCE_EVERY` frames."""

    def __init__(self, encoder: Encoder, flow: FlowRecorder) -> None:
        self._encoder = encoder
        self._flow = flow
        self._index = 0
        self._motion = np.zeros(GRID, np.float32)
        self._held = np.zeros(APPEARANCE, np.float32)

    def step(
        self, frames: NDArray[np.uint8], maps: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """Frames and their maps -> float32 ``[n, 1280]``; between two looks the last one holds."""
        looks = [k for k in range(len(frames)) if (self._index + k) % APPEARANCE_EVERY == 0]
        grids = iter(())
        if looks:
            encoded = self._encoder.encode(frames[looks], "object_grid")["object_grid"]
            self._flow.note("encoder", encoded, symbol=f"every {APPEARANCE_EVERY}th",
                            trained=False)
            grids = iter(encoded.cpu().numpy())  # each [1280, 4, 6]
        rows = []
        for k, one in enumerate(maps):
            self._motion = 0.8 * self._motion + one[4]
            if k in looks:
                self._held = self._pool(next(grids))
            rows.append(self._held)
        self._index += len(frames)
        return np.stack(rows)

    def _pool(self, grid: NDArray[np.float32]) -> NDArray[np.float32]:
        weights = cv2.resize(self._motion, grid.shape[:0:-1], interpolation=cv2.INTER_AREA)
        weights = np.square(weights) + 1e-6
        return (grid * (weights / weights.sum())).sum((1, 2))


def read_features(
    clip: Clip, encoder: Encoder, *, chunk: int = CHUNK, stop: threading.Event | None = None,
    flow: FlowRecorder | None = None,
) -> Iterator[FeatureChunk]:
    """Features of the clip in order; memory does not grow with its length.

    Clips faster than 30 frames/s are thinned to about that; slower ones are taken as they are.
    ``flow`` records the shapes on the way.

    Raises:
        MediaError: the clip does not decode.
        Cancelled: ``stop`` was set.
    """
    every = max(1, round(clip.info.frame_rate / _RATE))
    flow = flow or FlowRecorder()
    motion, strokes, appearance = MotionMaps(), StrokeStatistics(), Appearance(encoder, flow)
    for part in clip.chunks(size=SIZE, length=chunk, stop=stop):
        kept = slice(-part.start % every, None, every)
        frames, times = part.frames[kept], part.times[kept]
        if len(frames):
            flow.note("video", frames, trained=False)
            maps = motion.step(frames, times)
            flow.note("optical flow", maps, trained=False)
            looks = appearance.step(frames, maps)
            flow.note("where it moves", looks, trained=False)
            yield FeatureChunk(
                times, strokes.step(maps), looks, part.start + len(part.frames))
