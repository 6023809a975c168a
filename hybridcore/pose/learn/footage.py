"""What fixed cameras show and the skeleton sets do not.

People of the sets act before a camera at the height of the chest and are seen whole. Those in real
footage are seen from any side and from above, half of them stand or sit about most of the time,
an arm or the far side of the body is hidden for as long as they stay, and there may be five
frames a second. Landmarks of MediaPipe of 20 people who stand and sit still (learn/clips.json)
jitter by 0.01 of a torso from step to step and drift by 0.03: less than the faults of
:func:`hybridcore.pose.learn.spoil.spoil`; elbow and wrist of one arm were hidden in half of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from hybridcore.pose.actions import ACTIONS, SITTING, STANDING
from hybridcore.pose.features import RATE
from hybridcore.pose.joints import ANKLES, HIPS, KNEES, LEGS, SHOULDERS, WRISTS
from hybridcore.pose.learn.skeletons import SkeletonClip
from hybridcore.pose.learn.vocabulary import action_of, is_upright

TURN, TILT = 180.0, (-45.0, 10.0)  # degrees: any side, and up to half from above
HELD_SECONDS = (1.0, 6.0)
_SEATED_AT = {"sitting down": True, "standing up": False}  # at its end
_QUIET = ("picking up", "waving", "clapping", "gesturing", "pushing", "throwing",
          "catching", "swinging", "pouring")  # actions in whose course somebody stands
_ARMS = ((3, 5), (4, 6))  # elbow and wrist
_SWAY = 0.06  # torsos, of a body that stands or sits, slowly
_RATES = (5.0, 7.5, 10.0)  # frames a second of slow cameras


def held_poses(clips: Sequence[SkeletonClip], seed: int = 0) -> dict[str, list[SkeletonClip]]:
    """Poses of people who stand or sit, as clips of two frames, by what they show.

    A pose out of a movement that is held is standing, unless a hand is raised. Those who sit are at
    the end of sitting down and at the beginning of standing up, and, as these are few, those who
    stand with their legs bent.
    """
    rng = np.random.default_rng(seed)
    found: dict[str, list[SkeletonClip]] = {STANDING: [], SITTING: []}
    for clip in clips:
        action, end = action_of(clip), len(clip.joints) - 1
        if action in _SEATED_AT:
            at = end if _SEATED_AT[action] else 0
            if not is_upright(clip.joints[at : at + 1]):
                found[SITTING].append(_of_frames(clip, np.array([at, at])))
        elif action in _QUIET:
            upright = [k for k in rng.permutation(end + 1)[:8]
                       if is_upright(clip.joints[k : k + 1]) and _arms_down(clip.joints[k])]
            if len(upright) > 1:
                pose = _of_frames(clip, np.array(upright[:2]))
                found[STANDING].append(pose)
                if pose.joints.shape[-1] == 3:
                    found[SITTING].append(replace(pose, joints=seated(pose.joints, rng)))
    return found


def seated(joints: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Who stands facing the camera ``[T, 13, 3]``, as if on a chair: thighs forward, shins down."""
    joints = joints.copy()
    for side, hip, knee, ankle in zip((1, -1), HIPS, KNEES, ANKLES, strict=True):
        thigh, shin = (float(np.median(np.linalg.norm(joints[:, a] - joints[:, b], axis=-1)))
                       for a, b in ((hip, knee), (knee, ankle)))
        out, drop, back = rng.uniform(-0.1, 0.4), rng.uniform(-0.1, 0.35), rng.uniform(-0.3, 0.4)
        joints[:, knee] = joints[:, hip] + thigh * _unit(np.array([side * out, drop, -1.0]))
        joints[:, ankle] = joints[:, knee] + shin * _unit(np.array([side * out / 3, 1.0, back]))
    return joints


def _unit(vector: np.ndarray) -> np.ndarray:
    return np.asarray(vector / np.linalg.norm(vector))


def _of_frames(clip: SkeletonClip, frames: np.ndarray) -> SkeletonClip:
    return SkeletonClip(clip.joints[frames], RATE, clip.action, clip.source, clip.person, clip.test)


def hold(pose: SkeletonClip, rng: np.random.Generator) -> np.ndarray:
    """A held pose ``[T, 13, D]``: it sways, and half of the time goes over into the second one,
    slowly."""
    steps = round(rng.uniform(*HELD_SECONDS) * RATE)
    first, second = pose.joints
    torso = float(np.linalg.norm(first[1:3].mean(0) - first[list(HIPS)].mean(0)))
    part = np.linspace(0, 1, steps)[:, None, None] * (rng.random() < 0.5) * (steps > 3 * RATE)
    knots = rng.normal(0, _SWAY * torso, (2 + steps // 20, 1, first.shape[1]))
    at = np.linspace(0, len(knots) - 1, steps)
    sway = np.stack([np.interp(at, np.arange(len(knots)), column)
                     for column in knots[:, 0].T], -1)[:, None]
    sway = sway * np.linspace(1, 0, len(first))[None, :, None]  # feet stay where they are
    return np.asarray(first * (1 - part) + second * part + sway, np.float32)


def _arms_down(pose: np.ndarray) -> bool:
    """Whether both wrists of ``[13, D]`` are below the shoulders."""
    return bool(pose[list(WRISTS), 1].min() > pose[list(SHOULDERS), 1].mean())


def followed(joints: np.ndarray) -> np.ndarray:
    """``[T, 13, D]`` as a camera sees it that goes along with the body: the hips stay in place."""
    return joints - joints[:, list(HIPS)].mean(1, keepdims=True)


def lying(joints: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """``[T, 13, 2]`` turned over to one side."""
    angle = np.radians(rng.uniform(55, 125) * rng.choice((-1, 1)))
    return np.asarray(joints @ np.array(
        [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]))


def hide(joints: np.ndarray, labels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Joints of ``[B, T, 13, 2]`` that are hidden for most of a sequence, NaN: the far arm, with
    it the far leg, both hands of who is seen from behind, legs that furniture hides. Half of those
    who walk at first, by ``labels [B, T]``, come in over the lower edge of the picture."""
    joints = joints.copy()
    for clip, own in zip(joints, labels, strict=True):
        if own[0] == ACTIONS.index("walking") and rng.random() < 0.5:
            legs = int(rng.integers(4, 20))
            clip[:legs, list(LEGS)] = np.nan
            clip[: int(rng.integers(legs)), list(HIPS)] = np.nan
        far, drawn = int(rng.integers(2)), rng.random()
        if drawn < 0.2:
            _lose(clip, _ARMS[far], rng)
            if rng.random() < 0.4:
                _lose(clip, (KNEES[far], ANKLES[far]), rng)
        elif drawn < 0.35:
            _lose(clip, (5, 6), rng)
            if rng.random() < 0.4:
                _lose(clip, (3, 4), rng)
        elif drawn < 0.45:
            _lose(clip, LEGS if rng.random() < 0.5 else ANKLES, rng)
    return joints


def _lose(clip: np.ndarray, joints: Sequence[int], rng: np.random.Generator) -> None:
    """Hide joints from somewhere on, or up to there, or always."""
    border, which = int(rng.integers(len(clip))), rng.random()
    part = slice(border, None) if which < 0.2 else slice(0, border) if which < 0.4 else slice(None)
    clip[part, list(joints)] = np.nan


def slow_camera(joints: np.ndarray, rng: np.random.Generator, share: float = 0.3) -> np.ndarray:
    """``[B, T, 13, 2]`` as seen by cameras of fewer frames a second, a ``share`` of the clips:
    joints move straight from frame to frame."""
    joints = joints.copy()
    for clip in joints:
        if rng.random() < share:
            frames = np.arange(0, len(clip), RATE / _RATES[int(rng.integers(len(_RATES)))])
            seen = clip[frames.astype(int)]
            after = np.clip(np.searchsorted(frames, np.arange(len(clip))), 1, len(frames) - 1)
            part = (np.arange(len(clip)) - frames[after - 1]) / np.diff(frames)[after - 1]
            part = np.clip(part, 0, 1)[:, None, None].astype(np.float32)
            clip[:] = seen[after - 1] * (1 - part) + seen[after] * part
    return joints
