"""Statistics that characterise a stroke, whatever the place: pooled over space from maps of motion.

A stroke is fast and small, goes down, and ends abruptly. So maps (features.py) are pooled by what
moves most rather than by where it is: means of the k largest cells, velocity weighted by change,
motion that was there a frame ago and is lost now (each cell compared with its neighbourhood, since
things move on), motion that turned round, and where the lowest moving point is. Each number is
about 0..5, needs two maps before its own and none after it.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Maps = NDArray[np.float32]  # [n, 16, 24]

_BEFORE = 2  # maps that a difference of differences reaches back
_FEW = 6  # cells: a stick's tip
_MANY = 24  # cells: an arm
_NEIGHBOURS = np.ones((3, 3), np.uint8)


class StrokeStatistics:
    """Feed it maps in order; it remembers the last two."""

    def __init__(self) -> None:
        self._before: NDArray[np.float32] | None = None

    def step(self, maps: NDArray[np.float32]) -> NDArray[np.float32]:
        """Maps ``[n, 6, 16, 24]`` -> float32 ``[n, len(STATISTICS)]``."""
        before = self._before
        if before is None:
            before = np.zeros((_BEFORE, *maps.shape[1:]), np.float32)
        longer = np.concatenate([before, maps])
        self._before = longer[-_BEFORE:]
        return np.stack(list(_statistics(longer).values()), 1)[_BEFORE:]


def falling(maps: NDArray[np.float32]) -> tuple[Maps, Maps]:
    """Of maps ``[n, 6, 16, 24]``: each cell's share of what moves, and log(1 + speed down)."""
    moving = _moving(maps)
    return _shares(moving), np.log1p(np.maximum(np.sinh(maps[:, 3]), 0))


def _moving(maps: NDArray[np.float32]) -> Maps:
    """How much more each cell changes than most of them."""
    largest = maps[:, 5]
    return np.asarray(np.maximum(largest - np.median(largest, (1, 2), keepdims=True), 0))


def _shares(moving: Maps) -> Maps:
    weight = np.square(moving)
    return np.asarray(weight / (weight.sum((1, 2), keepdims=True) + 1e-3))


def _statistics(maps: NDArray[np.float32]) -> dict[str, NDArray[np.float32]]:
    """Each number ``[n]`` by its name; the first two maps have no past and count for nothing."""
    right, down, far_right, far_down = np.sinh(maps[:, :4]).swapaxes(0, 1)  # heights / s, halved
    change, largest = maps[:, 4], maps[:, 5]
    speed = np.hypot(far_right, far_down)
    moving = _moving(maps)
    weight = _shares(moving)
    downwards, upwards, sideways = np.maximum(far_down, 0), np.maximum(-far_down, 0), \
        np.abs(far_right)
    stats: dict[str, NDArray[np.float32]] = {}

    for name, cells in (("change", change), ("largest change", largest),
                        ("speed", np.log1p(speed))):
        stats[f"{name}, mean"] = cells.mean((1, 2))
        stats[f"{name}, median"] = np.median(cells, (1, 2))
        for count in (1, _FEW, _MANY):
            stats[f"{name}, top {count}"] = _top(cells, count)
    for name, velocity in (("down", downwards), ("up", upwards), ("sideways", sideways)):
        power = np.log1p(velocity * moving)
        stats[f"power {name}, mean"] = power.mean((1, 2))
        stats[f"power {name}, top {_FEW}"] = _top(power, _FEW)
        stats[f"speed {name} of what moves"] = (weight * np.log1p(velocity)).sum((1, 2))
    for name, velocity in (("rightward", far_right), ("downward", far_down),
                           ("mean downward", down)):
        stats[f"{name} velocity of what moves"] = np.arcsinh((weight * velocity).sum((1, 2)))

    for name, amount in (
        ("power down", downwards * moving), ("power up", upwards * moving),
        ("power", speed * moving), ("change", moving), ("power sideways", sideways * moving),
    ):
        cells = np.log1p(amount)
        past = _shifted(cells)
        lost = _top(np.maximum(past - _dilated(cells), 0), _FEW)
        gained = _top(np.maximum(cells - _dilated(past), 0), _FEW)
        stats[f"{name}, lost"], stats[f"{name}, gained"] = lost, gained
        stats[f"{name}, lost less gained"] = lost - gained
    falling, rising = np.log1p(downwards * moving), np.log1p(upwards * moving)
    stats["turned up"] = _top(np.minimum(_dilated(_shifted(falling)), rising), _FEW)
    stats["turned down"] = _top(np.minimum(_dilated(_shifted(rising)), falling), _FEW)
    agreement = (_shifted(far_down) * far_down + _shifted(far_right) * far_right) * np.minimum(
        moving, _shifted(moving))
    stats["reversed"] = _top(np.log1p(np.maximum(-agreement, 0)), _FEW)
    stats["went on"] = _top(np.log1p(np.maximum(agreement, 0)), _FEW)

    height, width = maps.shape[2:]
    y, x = np.mgrid[:height, :width].astype(np.float32)
    centre_y, centre_x = (weight * y).sum((1, 2)), (weight * x).sum((1, 2))
    stats["centre moved down"] = centre_y - _shifted(centre_y)
    stats["centre moved sideways"] = np.abs(centre_x - _shifted(centre_x))
    stats["centre slowed"] = _shifted(stats["centre moved down"]) - stats["centre moved down"]
    for name, axis, centre in (("height", y, centre_y), ("width", x, centre_x)):
        spread = (weight * np.square(axis - centre[:, None, None])).sum((1, 2))
        stats[f"{name} of what moves"] = np.sqrt(spread)
    rows = moving.max(2)
    active = rows > 0.5 * rows.max(1, keepdims=True)
    stats["lowest moving row"] = np.where(active, np.arange(height), 0).max(1) / np.float32(4)
    stats["lowest row fell"] = stats["lowest moving row"] - _shifted(stats["lowest moving row"])
    divergence = np.gradient(down, axis=1) + np.gradient(right, axis=2)
    stats["divergence of what moves"] = np.arcsinh((weight * divergence).sum((1, 2)))
    stats[f"divergence, top {_FEW}"] = _top(np.log1p(np.abs(divergence)), _FEW)
    return {name: values.astype(np.float32) for name, values in stats.items()}


def _top(cells: Maps, count: int) -> NDArray[np.float32]:
    """Mean of the ``count`` largest cells of each map."""
    flat = cells.reshape(len(cells), -1)
    return np.partition(flat, flat.shape[1] - count, axis=1)[:, -count:].mean(1)


def _dilated(cells: Maps) -> Maps:
    """Each cell the largest of its 3 x 3 neighbourhood."""
    return np.stack([cv2.dilate(one, _NEIGHBOURS) for one in cells])


def _shifted(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """The values one map ago; the first stays."""
    return np.concatenate([values[:1], values[:-1]])


STATISTICS = tuple(_statistics(np.zeros((_BEFORE, 6, 16, 24), np.float32)))
MIRRORED = tuple(k for k, name in enumerate(STATISTICS) if name.startswith("rightward"))
