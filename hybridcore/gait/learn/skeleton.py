"""Real walks as skeletons: the Kinect gait data of Andersson & Araujo (AAAI 2015), made usable.

140 people walked to and fro on a semicircle around a Kinect that turned with them, so that every
frame is a side view: the walker goes towards -x, turns, and comes back towards +x. What is taken
from the data is measured: how long the bones look, how the joints of the near side and of the legs
move in the plane of the walk. Depth is poor in a side view (the far side is a guess of the sensor),
so the width of the body is put in (:func:`widen`), and only half of what the sensor says of its
change is kept.
"""

from __future__ import annotations

import json
import lzma
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from scipy.ndimage import gaussian_filter1d, maximum_filter1d, median_filter
from scipy.signal import find_peaks

from hybridcore.layers.chain import runs

RATE = 30  # frames a second, assumed by whoever published the data
(HEAD, NECK, SHOULDER_R, SHOULDER_L, ELBOW_R, ELBOW_L, WRIST_R, WRIST_L, HAND_R, HAND_L, SPINE,
 PELVIS, HIP_R, HIP_L, KNEE_R, KNEE_L, ANKLE_R, ANKLE_L, FOOT_R, FOOT_L) = range(20)
_LEGS = (KNEE_R, ANKLE_R, FOOT_R), (KNEE_L, ANKLE_L, FOOT_L)
_OUT = {  # distance of a joint from the middle plane, as a share of the shoulder's
    SHOULDER_R: 1.0, ELBOW_R: 1.30, WRIST_R: 1.36, HAND_R: 1.30,
    HIP_R: 0.50, KNEE_R: 0.47, ANKLE_R: 0.42, FOOT_R: 0.52,
}
_STEP = 0.35  # walking is where the feet open to this share of their widest
_CUT = 10  # frames cut away at each end of a pass
_SHORTEST = 60  # frames of a pass worth keeping
_SMOOTH = 1.5  # frames, sigma


@dataclass(frozen=True)
class Walk:
    """One person walking straight ahead.

    joints: float32 ``[T, 20, 3]``, metres, around the pelvis: x ahead, y up, z to the right.
    person: ``"001"`` ...; number: which of the person's walks, from 1; back: whether it is the way
    back (the sensor saw the other side).
    """

    joints: np.ndarray
    person: str
    number: int
    back: bool


def read_walks(folder: Path) -> list[Walk]:
    """Every straight pass of every walk in the unpacked ``kinect-gait.zip``."""
    with lzma.open(folder / "skeletons.npy.xz") as file:
        steps = np.load(file)
    walks = []
    for entry in json.loads((folder / "skeletons.json").read_text()):
        part = steps[entry["start"] : entry["start"] + entry["frames"]]
        joints = np.cumsum(part, 0, dtype=np.int64).astype(np.float32) / 1000
        for passed, back in straight_passes(level(joints)):
            walks.append(Walk(passed, entry["person"], entry["walk"], back))
    return walks


def level(joints: np.ndarray) -> np.ndarray:
    """Joints ``[T, 20, 3]`` around the pelvis, turned so that the mean body axis is upright."""
    joints = joints - joints[:, PELVIS : PELVIS + 1]
    up = joints[:, HEAD].mean(0)
    up = up / np.linalg.norm(up)
    axis = np.cross(up, (0, 1, 0))  # Rodrigues' rotation that takes ``up`` to y
    cross = np.array([[0, -axis[2], axis[1]], [axis[2], 0, -axis[0]], [-axis[1], axis[0], 0]])
    turn = np.eye(3) + cross + cross @ cross / (1 + up[1])
    return (joints @ turn.T).astype(np.float32)


def straight_passes(joints: np.ndarray) -> list[tuple[np.ndarray, bool]]:
    """The parts of level joints ``[T, 20, 3]`` that walk straight, turned to walk towards +x.

    Standing and the turns at the ends of the arc are cut away. Each comes with whether it walked
    towards +x in the sensor's frame already.
    """
    open_feet = np.abs(joints[:, ANKLE_R, 0] - joints[:, ANKLE_L, 0])
    widest = maximum_filter1d(gaussian_filter1d(open_feet, 2), 31)
    toes = sum(joints[:, foot, 0] - joints[:, foot - 2, 0] for foot in (FOOT_R, FOOT_L))
    heading = np.sign(median_filter(toes, 41)) * (widest > _STEP * np.percentile(widest, 90))
    passes = []
    for start, stop, sign in runs(heading):
        if stop - start < _SHORTEST + 2 * _CUT or sign == 0:
            continue
        ahead = joints[start + _CUT : stop - _CUT] * np.array([sign, 1, sign], np.float32)
        passes.append((gaussian_filter1d(untangle(ahead), _SMOOTH, axis=0), sign > 0))
    return passes


def untangle(joints: np.ndarray) -> np.ndarray:
    """Undo the sensor's mistaking one leg for the other, in joints ``[T, 20, 3]`` along +x.

    The legs take turns to lead: the sign of (right ankle - left ankle) along x has to change from
    each widest opening to the next. Where it does not, the legs were swapped.
    """
    apart = gaussian_filter1d(joints[:, ANKLE_R, 0] - joints[:, ANKLE_L, 0], 1.0)
    peaks, _ = find_peaks(np.abs(apart), distance=11, height=0.3 * np.abs(apart).max())
    if len(peaks) < 2:
        return joints
    lows = [a + int(np.abs(apart[a:b]).argmin()) for a, b in pairwise(peaks)]
    step = np.searchsorted(lows, np.arange(len(apart)), side="right")  # which step a frame is in
    leads = np.where(step % 2 == 0, 1, -1)
    if (np.sign(apart) == leads).mean() < 0.5:
        leads = -leads
    swapped = np.sign(apart) == -leads
    result = joints.copy()
    for right, left in zip(*_LEGS, strict=True):
        result[swapped, right] = joints[swapped, left]
        result[swapped, left] = joints[swapped, right]
    return result


def widen(joints: np.ndarray, shoulders: float) -> np.ndarray:
    """Joints with a body of a given width: z is replaced, x and y are kept.

    joints: ``[T, 20, 3]`` along +x; shoulders: from one shoulder to the other, metres.
    """
    moved = gaussian_filter1d(joints[..., 2] - joints[..., 2].mean(0), 4, axis=0)
    result = joints.copy()
    result[..., 2] = np.clip(0.5 * moved, -0.05, 0.05)
    for right, share in _OUT.items():
        result[:, right, 2] += share * shoulders / 2
        result[:, right + 1, 2] -= share * shoulders / 2
    return result


def proportion(joints: np.ndarray, legs: float) -> np.ndarray:
    """Joints of someone with the same walk on legs ``legs`` times as long, ``[T, 20, 3]``."""
    result = joints.copy()
    for hip, *leg in ((HIP_R, *_LEGS[0]), (HIP_L, *_LEGS[1])):
        start = joints[:, hip : hip + 1]
        result[:, leg] = start + legs * (joints[:, leg] - start)
    return result


def at_times(joints: np.ndarray, times: np.ndarray) -> np.ndarray:
    """Joints at ``times [N]``, in frames from the first, interpolated: ``[N, 20, 3]``."""
    before = np.clip(times.astype(int), 0, len(joints) - 2)
    share = (times - before).astype(np.float32)[:, None, None]
    return joints[before] * (1 - share) + joints[before + 1] * share
