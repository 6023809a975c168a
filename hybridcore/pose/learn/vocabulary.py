"""How the labels of the data sets map onto the actions that the networks say, frame by frame."""

from __future__ import annotations

import numpy as np

from hybridcore.pose.actions import ACTIONS, SITTING, STANDING
from hybridcore.pose.joints import ANGLES, HIPS, KNEES, SHOULDERS
from hybridcore.pose.learn.skeletons import SkeletonClip

IGNORED = -1  # a frame that teaches nothing
UNKNOWN = -2  # a frame of something that has no name here: the networks should be unsure
_OF: dict[str, dict[str, str]] = {
    "jhmdb": {
        "catch": "catching", "clap": "clapping", "golf": "golf swing", "jump": "jumping",
        "pick": "picking up", "pour": "pouring", "pullup": "pulling up", "push": "pushing",
        "run": "running", "sit": "sitting down", "stand": "standing up", "throw": "throwing",
        "walk": "walking", "wave": "waving",
    },
    "utd": {
        "1": "gesturing", "2": "gesturing", "3": "waving", "4": "clapping", "5": "throwing",
        "6": "gesturing", "7": "throwing", "8": "gesturing", "9": "gesturing", "10": "gesturing",
        "11": "gesturing", "13": "punching", "14": "swinging", "15": "swinging", "17": "swinging",
        "18": "pushing", "20": "catching", "21": "picking up", "22": "running", "23": "walking",
        "24": "standing up", "25": "sitting down", "26": "squatting", "27": "squatting",
    },
    "msr": {
        "1": "waving", "2": "waving", "4": "catching", "5": "punching", "6": "throwing",
        "7": "gesturing", "8": "gesturing", "9": "gesturing", "10": "clapping", "11": "waving",
        "12": "punching", "13": "picking up", "14": "kicking", "15": "kicking", "16": "running",
        "17": "swinging", "18": "swinging", "19": "golf swing", "20": "picking up",
    },
    "walks": {"walk": "walking"},
}
_TWO_IN_ONE = {("utd", "21"), ("msr", "20")}  # pick up and throw: the second half is not labelled
_REST = 0.45  # torsos a second, over which a body moves
_LEAST_REST = 0.3  # s


def action_of(clip: SkeletonClip) -> str | None:
    """The action of a clip, None where its set has one that the networks do not say."""
    return _OF[clip.source].get(clip.action)


def frame_labels(clip: SkeletonClip) -> np.ndarray:
    """Position in ``ACTIONS`` at every frame, int64 ``[T]``, or :data:`IGNORED`, or
    :data:`UNKNOWN`.

    The still beginning and end of a recording are standing, or sitting next to sitting down and
    standing up.
    """
    action = action_of(clip)
    labels = np.full(len(clip.joints), ACTIONS.index(action) if action else UNKNOWN)
    if (clip.source, clip.action) in _TWO_IN_ONE:
        labels[len(labels) // 2 :] = IGNORED
    if clip.source == "walks" or (clip.source == "jhmdb" and clip.action not in ("sit", "stand")):
        return labels  # cut to the action, which may be a quiet one
    moving = np.flatnonzero(_speed(clip) > _REST)
    least = round(_LEAST_REST * clip.rate)
    first, last = (int(moving[0]), int(moving[-1]) + 1) if len(moving) else (0, len(labels))
    for part, seated in (
        (slice(0, first), action == "standing up"), (slice(last, None), action == "sitting down"),
    ):
        if len(labels[part]) >= least:
            rest = SITTING if seated else STANDING if is_upright(clip.joints[part]) else None
            labels[part] = ACTIONS.index(rest) if rest else IGNORED
    return labels


def _speed(clip: SkeletonClip) -> np.ndarray:
    """How fast the fastest joints move, smoothed over a fifth of a second, torsos a second
    ``[T]``."""
    joints = clip.joints
    torso = np.median(np.linalg.norm(
        joints[:, list(SHOULDERS)].mean(1) - joints[:, list(HIPS)].mean(1), axis=-1))
    long = max(1, round(0.2 * clip.rate))
    kernel = np.ones(long) / long
    smooth = np.apply_along_axis(
        lambda row: np.convolve(np.pad(row, long, mode="edge"), kernel, "same")[long:-long], 0,
        joints)
    moved = np.linalg.norm(np.gradient(smooth, axis=0), axis=-1) * clip.rate / max(torso, 1e-3)
    return np.asarray(np.sort(moved, 1)[:, -3:].mean(1))


def is_upright(joints: np.ndarray) -> bool:
    """Whether knees and hips are stretched in ``[T, 13, D]``."""
    pose = np.median(joints, 0)
    bend = []
    for name in ("left hip", "right hip", "left knee", "right knee"):
        a, b, c = (pose[k] for k in ANGLES[name])
        u, v = a - b, c - b
        bend.append(np.degrees(np.arccos(np.clip(
            u @ v / max(np.linalg.norm(u) * np.linalg.norm(v), 1e-6), -1, 1))))
    down = pose[list(KNEES), 1].mean() > pose[list(HIPS), 1].mean()
    return bool(np.mean(bend) > 150 and down)
