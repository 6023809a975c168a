"""Skeletons as a camera and a pose network see them: from any side, at any pace, with faults.

:func:`picture` puts a clip before a camera, :func:`resample` sets its pace, and :func:`spoil` adds
the faults of landmarks found in real video: jitter, a slow drift, joints that are missing for a
while, legs outside the picture, left and right exchanged.
"""

from __future__ import annotations

import numpy as np

from hybridcore.pose.features import RATE
from hybridcore.pose.joints import HIPS, JOINTS, KNEES, LEGS, MIRRORED, SHOULDERS

_JITTER, _DRIFT = 0.04, 0.05  # torsos, of a clip whose faults have strength 1
_MOST_MISSING = 0.35  # share of the joints that are missing for a while
_SIDES = tuple([k for k, name in enumerate(JOINTS) if name.startswith(side)]
               for side in ("left", "right"))


def picture(
    joints: np.ndarray, rng: np.random.Generator, turn: float = 70.0,
    tilt: tuple[float, float] = (-12.0, 18.0),
) -> np.ndarray:
    """``[T, 13, D]`` before a camera: ``[T, 13, 2]``, y down.

    Three dimensions are turned by up to ``turn`` degrees about the vertical and tilted by some
    degrees, negative ones as seen from above; all are rolled, stretched by a few percent, and
    mirrored half of the time.
    """
    if joints.shape[-1] == 3:
        joints = proportion(joints, thigh=rng.uniform(0.62, 0.95), head=rng.uniform(0.36, 0.6),
                            hips=rng.uniform(0.3, 0.5))
        middle = joints[:, list(HIPS)].mean((0, 1))
        about, angle = np.radians(rng.uniform(-turn, turn)), np.radians(rng.uniform(*tilt))
        x, y, z = np.moveaxis(joints - middle, -1, 0)
        x, z = x * np.cos(about) + z * np.sin(about), z * np.cos(about) - x * np.sin(about)
        y, z = y * np.cos(angle) + z * np.sin(angle), z * np.cos(angle) - y * np.sin(angle)
        distance = rng.uniform(2.5, 6.0)
        joints = np.stack([x, y], -1) * (distance / np.maximum(distance + z, 0.8))[..., None]
    roll = np.radians(rng.normal(0, 5))
    turned = joints @ np.array([[np.cos(roll), -np.sin(roll)], [np.sin(roll), np.cos(roll)]]).T
    return mirror(turned * np.exp(rng.normal(0, 0.05, 2)), rng.random() < 0.5)


def front(joints: np.ndarray) -> np.ndarray:
    """``[T, 13, D]`` from where it was recorded, a body of three dimensions with the proportions of
    landmarks: ``[T, 13, 2]``."""
    if joints.shape[-1] == 3:
        joints = proportion(joints, thigh=0.78, head=0.46, hips=0.4)
    return joints[..., :2]


def proportion(joints: np.ndarray, *, thigh: float, head: float, hips: float) -> np.ndarray:
    """A skeleton ``[T, 13, 3]`` of Kinect with joints where landmarks of pictures have them.

    Kinect puts the hips high into the pelvis, so that a thigh is 1.2 to 1.5 torsos long, where it
    is 0.75 in landmarks of MediaPipe, and 0.67 in those that people drew; its head is the middle of
    the head, not the nose. Hips are moved down, nose and width of the hips drawn in.

    Args:
        thigh, head, hips: lengths to have, in torsos: of a thigh, from between the shoulders to the
            nose, between the hips.
    """
    neck, middle, knees = (joints[:, list(pair)].mean(1) for pair in (SHOULDERS, HIPS, KNEES))
    torso, upper = (float(np.median(np.linalg.norm(part, axis=-1)))
                    for part in (middle - neck, knees - middle))
    down = (upper - thigh * torso) / (1 + thigh)
    way = _unit(middle - neck) + _unit(knees - middle)
    shift = down * _unit(way)
    result = joints.copy()
    torso += down
    half = (joints[:, HIPS[0]] - joints[:, HIPS[1]]) / 2
    half *= hips * torso / max(2 * float(np.median(np.linalg.norm(half, axis=-1))), 1e-3)
    for hip, side in zip(HIPS, (1, -1), strict=True):
        result[:, hip] = middle + shift + side * half
    nose = joints[:, 0] - neck
    result[:, 0] = neck + nose * (
        head * torso / max(float(np.median(np.linalg.norm(nose, axis=-1))), 1e-3))
    return result


def _unit(vectors: np.ndarray) -> np.ndarray:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-6))


def mirror(joints: np.ndarray, yes: bool) -> np.ndarray:
    """Left and right of picture and body exchanged, if ``yes``."""
    return joints[:, list(MIRRORED)] * np.array([-1, 1]) if yes else joints


def resample(
    joints: np.ndarray, rate: float, rng: np.random.Generator | None = None, steps: int = 0
) -> np.ndarray:
    """A clip at :data:`RATE` steps a second; with ``rng`` at a pace of its own that changes on the
    way.

    Args:
        steps: how many at most, a stretch anywhere; 0: all.
    """
    pace = rate / RATE
    last = len(joints) - 1
    if rng is None:
        times = np.arange(0, last + 1e-6, pace)
    else:
        pace *= float(np.exp(rng.normal(0, 0.18)))
        count = max(3, int(last / pace) + 1)
        knots = np.linspace(0, count, 4), rng.normal(0, 0.15, 4)
        times = np.cumsum(np.exp(np.interp(np.arange(count), *knots)))
        times = (times - times[0]) / (times[-1] - times[0]) * last
    if steps and len(times) > steps:
        start = 0 if rng is None else int(rng.integers(len(times) - steps + 1))
        times = times[start : start + steps]
    low = np.minimum(times.astype(int), max(last - 1, 0))
    part = (times - low)[:, None, None].astype(np.float32)
    high = np.minimum(low + 1, last)
    return joints[low] * (1 - part) + joints[high] * part


def torsos_of(joints: np.ndarray) -> np.ndarray:
    """The mean length of the torso of each clip of ``[B, T, 13, 2]``, ``[B]``."""
    neck, hips = (joints[:, :, list(pair)].mean(2) for pair in (SHOULDERS, HIPS))
    across = joints[:, :, SHOULDERS[0]] - joints[:, :, SHOULDERS[1]]
    length = np.maximum(np.linalg.norm(neck - hips, axis=-1),
                        1.25 * np.linalg.norm(across, axis=-1))
    return np.maximum(length.mean(1), 1e-3)


def spoil(joints: np.ndarray, rng: np.random.Generator, strength: np.ndarray) -> np.ndarray:
    """Clips ``[B, T, 13, 2]`` with faults, NaN where a joint is missing.

    strength ``[B]``: 0 leaves a clip as it is, 1 spoils it as bad landmarks of real video are.
    """
    clips, steps, count, _ = joints.shape
    size = (torsos_of(joints) * strength)[:, None, None, None]
    knots = rng.normal(0, _DRIFT, (clips, 2 + steps // 8, count, 2))
    at = np.linspace(0, knots.shape[1] - 1.001, steps)
    low = at.astype(int)
    part = (at - low)[None, :, None, None]
    drift = knots[:, low] * (1 - part) + knots[:, low + 1] * part
    joints = (joints + size * (rng.normal(0, _JITTER, joints.shape) + drift)).astype(np.float32)
    for clip in np.flatnonzero(rng.random(clips) < 0.15 * strength):  # left taken for right
        start, long = rng.integers(steps), rng.integers(1, 5)
        joints[clip, start : start + long] = joints[clip, start : start + long][:, list(MIRRORED)]
    joints[_missing(clips, steps, rng, strength)] = np.nan
    return joints


def _missing(
    clips: int, steps: int, rng: np.random.Generator, strength: np.ndarray
) -> np.ndarray:
    """Which joints are not seen, bool ``[B, T, 13]``: single ones for a while, the legs or one side
    of the body."""
    at, weight = np.arange(steps)[None, :, None], strength[:, None]

    def spells(shape: tuple[int, int], share: float, longest: int) -> np.ndarray:
        """Stretches in the rows that are drawn, bool ``[B, T, columns]``."""
        long = rng.integers(1, longest + 1, shape)
        start = rng.integers(-(longest // 2), steps, shape)
        drawn = rng.random(shape) < share * weight
        return ((at >= start[:, None]) & (at < (start + long)[:, None]) & drawn[:, None])

    missing = spells((clips, len(JOINTS)), _MOST_MISSING, max(steps, 2))
    legs = rng.random(clips) < 0.15 * strength
    missing[:, :, list(LEGS)] |= legs[:, None, None]
    hips = legs & (rng.random(clips) < 0.4)
    missing[:, :, list(HIPS)] |= hips[:, None, None]
    for side, own in zip(_SIDES, spells((clips, 2), 0.06, 20).transpose(2, 0, 1), strict=True):
        missing[:, :, side] |= own[..., None]
    return missing
