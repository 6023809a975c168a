"""Skeletons of four public sets as clips of the thirteen joints (:mod:`hybridcore.pose.joints`).

``Clip.joints`` is float32 ``[T, 13, D]``: D = 2 of a picture, or 3, metres, x to the right of the
camera, y down, z away from it. Every set is read from a folder that holds it as its repository does
(``reference/people.md`` of the project's data notes names repositories and commits).
"""

from __future__ import annotations

import io
import json
import lzma
import pickle
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import scipy.io

JHMDB_RATE, UTD_RATE, MSR_RATE, WALK_RATE = 30.0, 30.0, 15.0, 30.0  # frames a second
JHMDB_ACTIONS = (
    "catch", "clap", "golf", "jump", "pick", "pour", "pullup", "push", "run", "sit", "stand",
    "throw", "walk", "wave",
)
UTD_TEST, MSR_TEST = (2, 4, 6, 8), (2, 4, 6, 8, 10)  # people; the usual cross-subject split
WALK_TEST = 34  # people of the Kinect walks

_JHMDB_ORDER = (2, 4, 3, 8, 7, 12, 11, 6, 5, 10, 9, 14, 13)
_UTD_ORDER = (0, 4, 8, 5, 9, 6, 10, 12, 16, 13, 17, 14, 18)
_MSR_ORDER = (19, 1, 0, 8, 7, 10, 9, 5, 4, 14, 13, 16, 15)
_WALK_ORDER = (0, 3, 2, 5, 4, 7, 6, 13, 12, 15, 14, 17, 16)


@dataclass(frozen=True, eq=False)
class SkeletonClip:
    """One recording.

    joints: see above; rate: frames a second; action: its label in its own set; source: the set;
    person: an id that parts are split by; test: whether it is in the set's test part.
    """

    joints: np.ndarray
    rate: float
    action: str
    source: str
    person: str
    test: bool


class _ArraysOnly(pickle.Unpickler):
    """Reads a pickle of NumPy arrays and refuses everything else."""

    def find_class(self, module: str, name: str) -> Any:
        reconstruct: Callable[..., Any] = np.ndarray(0).__reduce__()[0]  # type: ignore[assignment]
        known = {
            ("numpy.core.multiarray", "_reconstruct"): reconstruct,
            ("numpy", "ndarray"): np.ndarray, ("numpy", "dtype"): np.dtype,
        }
        if (module, name) not in known:
            raise pickle.UnpicklingError(f"{module}.{name} is not read from data")
        return known[module, name]


def read_jhmdb(folder: Path, split: int) -> list[SkeletonClip]:
    """The clips of one official split (1 to 3), training part and test part."""
    clips = []
    for part in ("train", "test"):
        content = (folder / f"GT_{part}_{split}.pkl").read_bytes()
        table = _ArraysOnly(io.BytesIO(content), encoding="latin1").load()
        for number, (pose, label) in enumerate(zip(table["pose"], table["label"], strict=True)):
            joints = np.asarray(pose, np.float32)[:, _JHMDB_ORDER]
            clips.append(SkeletonClip(
                joints, JHMDB_RATE, str(label), "jhmdb", f"{part} {number}", part == "test"))
    return clips


def read_utd(folder: Path) -> list[SkeletonClip]:
    """UTD-MHAD: ``aA_sS_tT_skeleton.mat`` with ``d_skel [20, 3, T]``, metres, y up."""
    clips = []
    for path in sorted(folder.glob("*_skeleton.mat")):
        action, person = map(int, re.findall(r"a(\d+)_s(\d+)", path.name)[0])
        joints = read_utd_joints(path)[:, _UTD_ORDER]
        joints = joints * np.array([-1, 1, 1])  # the left hand of who faces the camera is right
        clips.append(SkeletonClip(
            _down(joints), UTD_RATE, str(action), "utd", f"utd {person}", person in UTD_TEST))
    return clips


def read_utd_joints(path: Path) -> np.ndarray:
    """One recording of UTD-MHAD with all of its joints, ``[T, 20, 3]``, metres, y up."""
    return np.asarray(scipy.io.loadmat(path)["d_skel"].transpose(2, 0, 1))


def read_msr(folder: Path) -> list[SkeletonClip]:
    """MSR-Action3D: ``aA_sS_eE_skeleton3D.txt``, twenty lines ``x y z confidence`` a frame."""
    clips = []
    for path in sorted(folder.glob("a*_skeleton3D.txt")):
        action, person = map(int, re.findall(r"a(\d+)_s(\d+)", path.name)[0])
        joints = np.loadtxt(path).reshape(-1, 20, 4)[:, _MSR_ORDER, :3]
        joints = joints[np.abs(joints).sum((1, 2)) > 0]
        if len(joints) >= 8:
            clips.append(SkeletonClip(
                _down(joints), MSR_RATE, str(action), "msr", f"msr {person}", person in MSR_TEST))
    return clips


def read_walks(archive: Path) -> list[SkeletonClip]:
    """Kinect gait: people walking on a semicircle, millimetres, one clip a walk."""
    with zipfile.ZipFile(archive) as file:
        deltas = np.load(io.BytesIO(lzma.decompress(file.read("skeletons.npy.xz"))))
        table = json.loads(file.read("skeletons.json"))
    walks = table["walks"] if isinstance(table, dict) else table
    people = sorted({str(walk["person"]) for walk in walks})
    held = set(np.random.default_rng(7).permutation(people)[:WALK_TEST].tolist())
    clips = []
    for walk in walks:
        part = deltas[walk["start"] : walk["start"] + walk["frames"]]
        joints = np.cumsum(part.astype(np.int64), 0)[:, _WALK_ORDER] / 1000
        person = str(walk["person"])
        clips.append(SkeletonClip(
            _down(joints), WALK_RATE, "walk", "walks", f"walks {person}", person in held))
    return clips


def _down(joints: np.ndarray) -> np.ndarray:
    """``[T, J, 3]`` with y up -> float32 with y down."""
    return (joints * np.array([1, -1, 1])).astype(np.float32)


def read_sets(folder: Path, cache: Path) -> list[SkeletonClip]:
    """All four sets, JHMDB in its first split; read once and kept in ``cache``.

    folder: holds ``jhmdb``, ``utd`` and ``msr``, folders, and ``kinect-gait.zip``.
    """
    path = cache / "skeletons.npz"
    if not path.exists():
        clips = [*read_jhmdb(folder / "jhmdb", 1), *read_utd(folder / "utd"),
                 *read_msr(folder / "msr"), *read_walks(folder / "kinect-gait.zip")]
        about = [[c.rate, c.action, c.source, c.person, c.test] for c in clips]
        cache.mkdir(parents=True, exist_ok=True)
        np.savez(path, allow_pickle=False, about=np.array(json.dumps(about)),
                 **{str(k): clip.joints for k, clip in enumerate(clips)})
    with np.load(path, allow_pickle=False) as kept:
        return [SkeletonClip(kept[str(k)], *own)
                for k, own in enumerate(json.loads(str(kept["about"])))]
