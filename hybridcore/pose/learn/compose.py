"""Continuous sequences joined from clips: several actions one after the other, with pauses.

A clip is moved and scaled so that its hips begin where those of the clip before ended; in between
the joints glide for a fraction of a second (labelled with nothing) or the body rests in its last
pose. All clips of a sequence are of one part, and it is seen from one side.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hybridcore.pose.actions import ACTIONS, SITTING, STANDING
from hybridcore.pose.features import RATE
from hybridcore.pose.joints import HIPS
from hybridcore.pose.learn.footage import TILT, TURN, followed, held_poses, hold, lying
from hybridcore.pose.learn.skeletons import SkeletonClip
from hybridcore.pose.learn.spoil import picture, resample, torsos_of
from hybridcore.pose.learn.vocabulary import IGNORED, UNKNOWN, action_of, frame_labels

LONGEST = 6.0  # s taken of one clip
_RESTS = {ACTIONS.index(STANDING), ACTIONS.index(SITTING)}
# Shares of the clips of footage:
_HELD, _WALK = 0.2, 0.15  # in whose place somebody stands or sits, or walks
_LYING = 0.05  # that are turned over, which has no name
_FOLLOWED = 0.3  # by a camera that goes along


@dataclass(frozen=True, eq=False)
class Sequence2D:
    """joints float32 ``[T, 13, 2]``; labels int64 ``[T]``, as :func:`frame_labels` gives them."""

    joints: np.ndarray
    labels: np.ndarray


class Composer:
    """Draws sequences from clips of one part."""

    def __init__(self, clips: Sequence[SkeletonClip]) -> None:
        self._by_action: dict[str, list[tuple[SkeletonClip, np.ndarray]]] = defaultdict(list)
        for clip in clips:
            self._by_action[action_of(clip) or "other"].append((clip, frame_labels(clip)))
        self.actions = sorted(self._by_action)
        self._held = held_poses(clips)

    def draw(
        self, rng: np.random.Generator, *, count: int, turn: float = 70.0, warp: bool = True,
        footage: bool = False,
    ) -> Sequence2D:
        """A sequence of ``count`` clips, all actions alike often.

        turn: degrees, how far from the front it is seen at most; warp: whether clips get a pace of
        their own; footage: as fixed cameras show people (learn/footage.py): from any side and from
        above, standing and sitting about for long.
        """
        view = int(rng.integers(2**31))
        sides = (TURN, TILT) if footage else (turn,)
        joints: list[np.ndarray] = []
        labels: list[np.ndarray] = []
        for action in rng.choice(self.actions, count):
            part, mark = self._footage_part(action, rng) if footage else \
                self._part(action, rng, warp)
            part = picture(part, np.random.default_rng(view), *sides)
            if footage and rng.random() < _LYING:
                part, mark = lying(part, rng), np.full(len(mark), UNKNOWN)
            part = part / torsos_of(part[None])[0]
            if joints:
                before = joints[-1][-1]
                part = part - part[0, list(HIPS)].mean(0) + before[list(HIPS)].mean(0)
                rest = int(rng.integers(0, 30)) if labels[-1][-1] in _RESTS else 0
                glide = int(rng.integers(2, 7))
                joints += [np.repeat(before[None], rest, 0), _glide(before, part[0], glide)]
                labels += [np.repeat(labels[-1][-1], rest), np.full(glide, IGNORED)]
            joints.append(part)
            labels.append(mark)
        return Sequence2D(np.concatenate(joints).astype(np.float32), np.concatenate(labels))

    def _part(
        self, action: str, rng: np.random.Generator, warp: bool
    ) -> tuple[np.ndarray, np.ndarray]:
        """One of the clips of an action, and its labels."""
        own = self._by_action[action]
        clip, marks = own[int(rng.integers(len(own)))]
        return _paced(clip, marks, rng, warp=warp)

    def _footage_part(
        self, action: str, rng: np.random.Generator
    ) -> tuple[np.ndarray, np.ndarray]:
        """Somebody who stands, sits or walks, or a clip of an action; and the labels."""
        drawn = rng.random()
        if drawn < _HELD:
            rest = SITTING if self._held[SITTING] and rng.random() < 0.4 else STANDING
            poses = self._held[rest]
            joints = hold(poses[int(rng.integers(len(poses)))], rng)
            return joints, np.full(len(joints), ACTIONS.index(rest))
        part, mark = self._part("walking" if drawn < _HELD + _WALK else action, rng, True)
        return followed(part) if rng.random() < _FOLLOWED else part, mark


def _paced(
    clip: SkeletonClip, marks: np.ndarray, rng: np.random.Generator, *, warp: bool
) -> tuple[np.ndarray, np.ndarray]:
    """A clip at the pace of the networks, at most :data:`LONGEST`, and its labels."""
    together = np.concatenate(
        [clip.joints.reshape(len(marks), -1), marks[:, None]], 1)[:, None]
    together = resample(together, clip.rate, rng if warp else None, round(LONGEST * RATE))
    labels = together[:, 0, -1]
    whole = np.round(labels)
    return (together[:, 0, :-1].reshape(len(labels), *clip.joints.shape[1:]),
            np.where(np.abs(labels - whole) < 1e-3, whole, IGNORED).astype(np.int64))


def _glide(first: np.ndarray, last: np.ndarray, steps: int) -> np.ndarray:
    """Poses between two, ``[steps, 13, 2]``."""
    part = (np.arange(1, steps + 1) / (steps + 1))[:, None, None]
    return first * (1 - part) + last * part


def batch_of(sequences: Sequence[Sequence2D]) -> tuple[np.ndarray, np.ndarray]:
    """Sequences of unequal length as joints ``[B, T, 13, 2]`` and labels ``[B, T]``; what is
    beyond an end repeats its last pose and is labelled with nothing."""
    longest = max(len(sequence.labels) for sequence in sequences)
    joints = np.empty((len(sequences), longest, *sequences[0].joints.shape[1:]), np.float32)
    labels = np.full((len(sequences), longest), IGNORED)
    for row, mark, sequence in zip(joints, labels, sequences, strict=True):
        count = len(sequence.labels)
        row[:count], row[count:], mark[:count] = sequence.joints, sequence.joints[-1], \
            sequence.labels
    return joints, labels
