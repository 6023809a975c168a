"""How fast and how unruly things move, from one frame to the next, at the full frame rate.

A tenth of a second blurs what distinguishes a blow from a step, so flow is found between
neighbouring frames here (Dense Inverse Search, Kroeger et al., ECCV 2016). Frames that repeat the
one before, as many cameras send, are left out; the camera's own motion, the median, is subtracted.
Besides speeds in heights of the frame a second there are numbers that do not depend on how near
the camera is: how much of the motion is incoherent within small cells, at boundaries, or new since
the pair before. Motion boundaries are those of Dalal, Triggs & Schmid (ECCV 2006).
"""

from __future__ import annotations

import cv2
import numpy as np

HEIGHT = 128  # px at which flow is found
AROUND = 1.0  # s before and after a moment that belong to it
_REPEATED = 0.25  # mean difference, of 255, below which a frame is the one before once more
_WAIT = 0.2  # s after which a frame that is the one before once more shows that nothing moves
_CELL = 4  # px of half of HEIGHT
_FASTEST = 8  # cells
_SHARES = (0.2, 0.5, 1.0, 2.0)  # heights a second
_EVEN = 1e-2  # added before logarithms: what is slower or smaller is all the same
_NOTHING = 1e-6
SPEEDS = ("mean", "median", "p75", "p90", "p95", "p99", "fastest 2 %", "fastest 10 %")
NAMES = (
    *(f"speed, {name}" for name in SPEEDS),
    *(f"share faster than {share:g}" for share in _SHARES),
    "cell, fastest", "cells, fastest 8",
    "within cells, most", "within cells, most 8", "within cells, mean",
    "boundaries, mean", "boundaries, p95", "boundaries, p99", "stretch", "turn",
    "change, mean", "change, p95", "change, p99", "change, most",
    "boundaries by speed", "within cells by speed", "change by speed", "net by speed",
    "fastest 2 % by speed", "fastest 10 % by speed",
    "disorder of directions", "spread", "centre", "moving share", "moving together",
    "largest thing, height", "largest thing, area", "things", "fastest by height", "camera",
)
COLUMNS = 3 * len(NAMES)  # of what is around a moment


class Pace:
    """Feed it every frame of a clip in order; it keeps the numbers of every pair."""

    def __init__(self) -> None:
        self._search = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
        self._before: np.ndarray | None = None
        self._flow: np.ndarray | None = None
        self._time = 0.0
        self._times: list[float] = []
        self._rows: list[np.ndarray] = []

    def step(self, frame: np.ndarray, time: float) -> None:
        """Look at the motion from the frame before to this one.

        Args:
            frame: uint8 ``[H, W, 3]`` RGB, aspect ratio kept, always of one size.
            time: s, later than that of the frame before.
        """
        width = max(16, round(frame.shape[1] / frame.shape[0] * HEIGHT / 8) * 8)
        grey = cv2.resize(
            cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY), (width, HEIGHT), interpolation=cv2.INTER_AREA)
        before, past = self._before, self._time
        if before is not None and time < past + _WAIT and \
                float(cv2.absdiff(before, grey).mean()) < _REPEATED:
            return
        self._before, self._time = grey, time
        if before is None:
            return
        flow = self._search.calc(before, grey, None) / np.float32(HEIGHT * max(time - past, 1e-3))
        flow = cv2.resize(flow, (width // 2, HEIGHT // 2), interpolation=cv2.INTER_AREA)
        camera = np.median(flow.reshape(-1, 2), 0)
        flow = flow - camera
        change = flow - self._flow if self._flow is not None else np.zeros_like(flow)
        self._flow = flow
        self._times.append(time)
        self._rows.append(numbers(flow, change, float(np.hypot(*camera))))

    def around(self, times: np.ndarray) -> np.ndarray:
        """Mean, 10th and 90th percentile of what :data:`NAMES` says within `AROUND` s of each of
        ``times [n]``, float32 ``[n, COLUMNS]``.

        Of the next pair of frames, where none is so near, or the last; where there is none at all,
        nothing moves.
        """
        known = np.array(self._times) if self._times else np.zeros(1)
        rows = np.stack(self._rows) if self._rows else np.full((1, len(NAMES)), np.log(_EVEN))
        firsts = np.minimum(np.searchsorted(known, times - AROUND, "left"), len(known) - 1)
        stops = np.maximum(np.searchsorted(known, times + AROUND, "right"), firsts + 1)
        parts = [rows[first:stop] for first, stop in zip(firsts, stops, strict=True)]
        return np.array([
            np.concatenate([part.mean(0), *np.percentile(part, [10, 90], axis=0)])
            for part in parts], np.float32)


def numbers(flow: np.ndarray, change: np.ndarray, camera: float) -> np.ndarray:
    """What :data:`NAMES` says, float32 logarithms.

    Args:
        flow: without that of the camera, ``[h, w, 2]``, heights a second.
        change: of it, since the pair before.
        camera: its speed, heights a second.
    """
    height, width = flow.shape[:2]
    speed = np.hypot(flow[..., 0], flow[..., 1])
    mean = float(speed.mean()) + _NOTHING
    ordered = np.sort(speed, None)[::-1]
    top, more = (float(ordered[: max(1, int(share * speed.size))].mean()) for share in (0.02, 0.1))
    cells = flow[: height // _CELL * _CELL, : width // _CELL * _CELL].reshape(
        height // _CELL, _CELL, width // _CELL, _CELL, 2)
    together = cells.mean((1, 3), keepdims=True)
    whole = np.sort(np.hypot(together[..., 0], together[..., 1]), None)[-_FASTEST:]
    within = np.sqrt(np.square(cells - together).sum(-1).mean((1, 3)))
    most = np.sort(within, None)[-_FASTEST:]
    down, right = (np.gradient(flow, axis=axis) for axis in (0, 1))  # a pixel
    boundaries = np.sqrt((np.square(down) + np.square(right)).sum(-1))
    changed = np.hypot(change[..., 0], change[..., 1])
    moving = speed > max(0.1, 0.3 * float(ordered[int(0.01 * speed.size)]))
    net = float(np.hypot(*flow.mean((0, 1))))
    spread, centre = _where(speed)
    tallest, largest, count = _things(speed > max(0.08, 0.25 * top))
    return np.log(_EVEN + np.array([
        mean, *np.percentile(speed, [50, 75, 90, 95, 99]), top, more,
        *((speed > share).mean() for share in _SHARES),
        whole[-1], whole.mean(), most[-1], most.mean(), within.mean(),
        boundaries.mean(), *np.percentile(boundaries, [95, 99]),
        np.abs(right[..., 0] + down[..., 1]).mean(), np.abs(right[..., 1] - down[..., 0]).mean(),
        changed.mean(), *np.percentile(changed, [95, 99]), changed.max(),
        boundaries.mean() / mean, within.mean() / mean, changed.mean() / mean, net / mean,
        0.1 * top / mean, 0.1 * more / mean,
        _disorder(flow, speed), spread, centre, moving.mean(), _agreement(flow, speed, moving),
        tallest, largest, count, top / (tallest + 0.1), camera,
    ])).astype(np.float32)


def _where(speed: np.ndarray) -> tuple[float, float]:
    """How far motion is spread around its centre, and how low that is, in heights."""
    weight = speed / (speed.sum() + _NOTHING)
    rows, columns = (np.arange(length) / len(speed) for length in speed.shape)
    y, x = float(weight.sum(1) @ rows), float(weight.sum(0) @ columns)
    return float(np.sqrt(weight.sum(1) @ np.square(rows - y)
                         + weight.sum(0) @ np.square(columns - x))), y


def _disorder(flow: np.ndarray, speed: np.ndarray) -> float:
    """Entropy of the directions, in nats, of eight."""
    mass, _ = np.histogram(
        np.arctan2(flow[..., 1], flow[..., 0]), 8, (-np.pi, np.pi), weights=speed)
    share = mass / (mass.sum() + _NOTHING)
    return float(max(0.0, -(share * np.log(share + 1e-9)).sum()))


def _agreement(flow: np.ndarray, speed: np.ndarray, moving: np.ndarray) -> float:
    """Length of the mean of what moves by the mean of its lengths, 0..1."""
    if not moving.any():
        return 0.0
    return float(np.hypot(*flow[moving].mean(0)) / speed[moving].mean())


def _things(moving: np.ndarray) -> tuple[float, float, int]:
    """The largest connected part that moves: height and area as shares; how many parts there
    are."""
    closed = cv2.morphologyEx(moving.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    count, _, parts, _ = cv2.connectedComponentsWithStats(closed)
    if count < 2:
        return 0.0, 0.0, 0
    areas = parts[1:, cv2.CC_STAT_AREA]
    largest = 1 + int(areas.argmax())
    return (float(parts[largest, cv2.CC_STAT_HEIGHT]) / len(moving),
            float(areas.max()) / moving.size, int((areas > 5).sum()))
