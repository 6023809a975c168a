"""Continuous sequences joined from recordings: several gestures of one person, with pauses.

A word is somebody's own clip. A gesture of the sensor, or a hand of the set of poses, is put before
a camera and onto the upper body of somebody who said words, so that nothing but the hand tells them
apart. Between two of them no hand is seen, or an idle one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hybridcore.gesture.gestures import COMMANDS, GESTURES, NOTHING, WORDS
from hybridcore.gesture.learn.labels import IGNORED, UNKNOWN, gesture_labels, word_labels
from hybridcore.gesture.learn.play import play, resting
from hybridcore.gesture.learn.recordings import SFINGE_RATE, Gesture3D, Person
from hybridcore.gesture.points import (
    BODY,
    COUNT,
    ELBOWS,
    HANDS,
    RATE,
    SHOULDERS,
    SIDES,
    WRIST,
    WRISTS,
)

ACROSS = 0.33  # m between the shoulders, a hand nearer to the camera than they are
PALM = 0.3  # of that, from the wrist to the middle finger
_SHARES = {"word": 0.38, "gesture": 0.18, "pose": 0.07, "puppet": 0.22, "idle": 0.05,
           "unknown": 0.1}
_POSE_STEPS = (10, 35)
_ARM = 0.8  # widths of the shoulders, from shoulder to elbow
# Gestures that are not put into the arm of somebody who says a word: an open hand there is one.
_ELSEWHERE = [GESTURES.index(name) for name in ("open", "swipe left", "swipe right")]
_PLAYS = 600  # of the puppet, drawn once


@dataclass(frozen=True, eq=False)
class Material:
    """What sequences are made of. gestures: of the sensor, label 0 where it is idle; poses: runs of
    hands ``[n, 21, 2]`` with their names."""

    people: Sequence[Person]
    gestures: Sequence[Gesture3D]
    poses: Sequence[tuple[str, np.ndarray]]


class Composer:
    """Draws sequences from the recordings of one part."""

    def __init__(self, material: Material) -> None:
        self.people = material.people
        self._clips = [np.stack([scaled(clip) for clip in person.clips])
                       for person in self.people]
        self._words = [
            {word: [k for k, own in enumerate(person.words) if own == word] for word in WORDS}
            for person in self.people]
        self._others = [(number, k) for number, person in enumerate(self.people)
                        for k, word in enumerate(person.words) if word not in WORDS]
        named: dict[str, list[tuple[np.ndarray, np.ndarray]]] = {
            name: [] for name in (*COMMANDS, "idle", "unknown")}
        for gesture in material.gestures:
            labels = (gesture_labels(gesture.label, gesture.joints) if gesture.label else
                      np.full(len(gesture.joints), GESTURES.index(NOTHING)))
            name = "idle" if not gesture.label else "unknown" if (labels == UNKNOWN).all() \
                else GESTURES[labels.max()]
            named[name].append((gesture.joints, labels))
        self._gestures = named
        self._poses = material.poses
        rng = np.random.default_rng(0)
        self._plays = [play(rng) for _ in range(_PLAYS)]
        self._rests = [resting(rng) for _ in range(_PLAYS // 4)]

    def draw(self, rng: np.random.Generator, steps: int) -> tuple[np.ndarray, np.ndarray]:
        """Points ``[steps, 49, 2]`` in widths of the shoulders, and labels ``[steps]``."""
        number = int(rng.integers(len(self.people)))
        body = self._body(rng, number, steps)
        points, labels = [], []
        count = 0
        while count < steps:
            names, shares = zip(*_SHARES.items(), strict=True)
            part, mark = self._part(rng, str(rng.choice(names, p=shares)), number, body)
            pause = int(rng.integers(1, 14)) if rng.random() < 0.8 else 0
            empty = np.full((pause, COUNT, 2), np.nan)
            empty[:, :BODY] = body[count % len(body)]
            empty[:, [*ELBOWS, *WRISTS]] = np.nan
            points += [part, empty]
            labels += [mark, np.full(pause, IGNORED if pause < 4 else GESTURES.index(NOTHING))]
            count += len(part) + pause
        start = int(rng.integers(count - steps + 1))
        end = start + steps
        return (np.concatenate(points)[start:end].astype(np.float32),
                np.concatenate(labels)[start:end].astype(np.int64))

    def _body(self, rng: np.random.Generator, number: int, steps: int) -> np.ndarray:
        """The upper body of a person for so long, there and back through one of the clips."""
        clips = self._clips[number]
        clip = clips[int(rng.integers(len(clips)))][:, :BODY]
        back = np.concatenate([clip, clip[::-1]])
        return back[np.arange(steps) % len(back)]

    def _part(
        self, rng: np.random.Generator, name: str, number: int, body: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """A word, a gesture or an idle hand at a pace of its own."""
        if name == "word":
            word = str(rng.choice(WORDS))
            clip = self._clips[number][int(rng.choice(self._words[number][word]))]
            return paced(clip, word_labels(word, clip), RATE, rng)
        if name == "unknown" and self._others and rng.random() < 0.6:
            number, k = self._others[int(rng.integers(len(self._others)))]
            clip = self._clips[number][k]
            return paced(clip, word_labels("", clip), RATE, rng)
        if name == "puppet":
            hand, labels, low = self._plays[int(rng.integers(_PLAYS))]
            if int(labels.max()) not in _ELSEWHERE and rng.random() < 0.6:
                clips = self._clips[number]
                placed = in_place(hand, clips[int(rng.integers(len(clips)))])
                if placed is not None:
                    return placed, labels[: len(placed)]
            return self._attach(hand, body, rng, low=low), labels
        if name == "pose":
            label, run = self._poses[int(rng.integers(len(self._poses)))]
            long = min(int(rng.integers(*_POSE_STEPS)), len(run))
            start = int(rng.integers(len(run) - long + 1))
            hand = run[start : start + long] * PALM * np.exp(rng.normal(0, 0.15))
            drift = np.cumsum(rng.normal(0, 0.01, (long, 1, 2)), 0)
            return self._attach(hand + drift, body, rng), np.full(long, GESTURES.index(label))
        own = self._gestures[str(rng.choice(COMMANDS)) if name == "gesture" else name]
        joints, labels = own[int(rng.integers(len(own)))]
        if rng.random() < 0.5:
            joints, labels = backwards(joints, labels)
        joints, labels = paced(joints, labels, SFINGE_RATE, rng)
        view = rng.uniform(-35, 35), rng.uniform(-20, 75), rng.normal(0, 12)
        flat = before_camera(joints, *view) / (ACROSS * np.exp(rng.normal(0, 0.15)))
        return self._attach(flat - flat[0, WRIST], body, rng), labels

    def _attach(
        self, hand: np.ndarray, body: np.ndarray, rng: np.random.Generator, *, low: bool = False
    ) -> np.ndarray:
        """A right hand on a body; now and then a left hand rests below."""
        rest = self._rests[int(rng.integers(len(self._rests)))] if rng.random() < 0.25 else None
        return attach(hand, body, rng, low=low, rest=rest)


def backwards(joints: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A swipe played the other way, which is one to the other side: its direction, and not how a
    hand is held, tells which. Anything else as it is."""
    left, right = (GESTURES.index(f"swipe {side}") for side in SIDES)
    turned = {left: right, right: left}.get(int(labels.max()))
    if turned is None:
        return joints, labels
    return joints[::-1], np.where(labels > 0, turned, labels)[::-1]


def before_camera(joints: np.ndarray, turn: float, pitch: float, roll: float) -> np.ndarray:
    """A hand ``[T, 21, 3]`` as a camera opposite the person sees it, ``[T, 21, 2]``, y down.

    Args:
        turn, pitch, roll: degrees; a camera at a pitch of 90 looks down from above.
    """
    x, y, z = np.moveaxis(joints - joints[:1, :1], -1, 0)
    x, y, z = -x, -y, -z  # the person's right is to the left of the picture; z away from the camera
    for first, second, angle in (("x", "z", turn), ("y", "z", pitch), ("x", "y", roll)):
        cos, sin = np.cos(np.radians(angle)), np.sin(np.radians(angle))
        axes = {"x": x, "y": y, "z": z}
        a, b = axes[first], axes[second]
        axes[first], axes[second] = a * cos - b * sin, a * sin + b * cos
        x, y, z = axes["x"], axes["y"], axes["z"]
    return np.stack([x, y], -1) * (0.6 / np.clip(0.6 + z, 0.3, None))[..., None]


def attach(
    hand: np.ndarray, body: np.ndarray, rng: np.random.Generator, *, low: bool = False,
    rest: np.ndarray | None = None,
) -> np.ndarray:
    """A right hand ``[T, 21, 2]`` from where it began, somewhere before a body ``[_, 7, 2]``.

    The arms are not seen, or each leads to its hand if that is there, and is else the body's.
    low: the hand is where hands rest; rest: a hand ``[_, 21, 2]`` that rests as the left one.
    """
    points = np.full((len(hand), COUNT, 2), np.nan)
    points[:, :BODY] = body[np.arange(len(hand)) % len(body)]
    highest, deepest = (0.3, 2.0) if low else (-0.7, 1.6)
    points[:, HANDS[1]] = hand + rng.uniform((-1.5, highest), (0.5, deepest))
    if rest is not None:
        rest = rest[: len(hand)]
        rest = np.concatenate([rest, np.repeat(rest[-1:], len(hand) - len(rest), 0)])
        points[:, HANDS[0]] = rest * (-1, 1) + rng.uniform((-0.3, 0.3), (1.3, 2.0))
    if rng.random() < 0.35:
        points[:, [*ELBOWS, *WRISTS]] = np.nan
        return points
    for side, part in enumerate(HANDS):
        wrist = points[:, part.start]
        if np.isfinite(wrist).all():
            points[:, WRISTS[side]] = wrist + rng.normal(0, 0.04, 2)
            points[:, ELBOWS[side]] = _elbow(points[:, SHOULDERS[side]], wrist, 1 - 2 * side, rng)
    return points


def _elbow(
    shoulder: np.ndarray, wrist: np.ndarray, side: int, rng: np.random.Generator
) -> np.ndarray:
    """Where an arm bends between two points ``[T, 2]``: down and to its side (1 right in the
    picture, -1 left), as long as it looks from the front."""
    way = wrist - shoulder
    half = np.linalg.norm(way, axis=-1, keepdims=True).clip(1e-3) / 2
    aside = np.sqrt(np.maximum((_ARM * rng.uniform(0.7, 1.1)) ** 2 - half**2, 0))
    across = np.stack([-way[:, 1], way[:, 0]], -1) / (2 * half)
    down = across @ (0.45 * side, 0.85)
    return np.asarray(shoulder + way / 2 + np.where(down < 0, -1, 1)[:, None] * aside * across)


def in_place(hand: np.ndarray, clip: np.ndarray) -> np.ndarray | None:
    """A right hand ``[T, 21, 2]`` in place of the one that says a word in ``clip [_, 49, 2]``,
    moved by the arm that moves there; None where that wrist is not seen long enough."""
    count = min(len(hand), len(clip))
    seen = [np.isfinite(clip[:count, part.start, 0]).sum() for part in HANDS]
    side = int(seen[1] >= seen[0])
    wrist = clip[:count, WRISTS[side]]
    if np.isfinite(wrist).all(-1).mean() < 0.5:
        return None
    points = clip[:count].copy()
    points[:, HANDS[1 - side]] = np.nan
    shape = (hand[:count] - hand[:count, :1]) * (1 if side else -1, 1)
    points[:, HANDS[side]] = shape + wrist[:, None]
    return points


def paced(
    values: np.ndarray, labels: np.ndarray, rate: float, rng: np.random.Generator | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Values ``[T, ...]`` and their labels at :data:`RATE` steps a second; with ``rng`` at a pace
    of its own that changes on the way. Labels are those of the nearest frame."""
    pace = rate / RATE
    last = len(values) - 1
    if rng is not None:
        pace *= float(np.exp(rng.normal(0, 0.25)))
    count = max(3, int(last / pace) + 1)
    times = np.linspace(0, last, count)
    if rng is not None:
        warp = np.cumsum(np.exp(np.interp(
            np.arange(count), np.linspace(0, count, 4), rng.normal(0, 0.2, 4))))
        times = (warp - warp[0]) / (warp[-1] - warp[0]) * last
    low = np.minimum(times.astype(int), max(last - 1, 0))
    part = (times - low).reshape(-1, *[1] * (values.ndim - 1))
    between = values[low] * (1 - part) + values[np.minimum(low + 1, last)] * part
    nearest = np.round(times).astype(int)
    return np.where(np.isfinite(between), between, values[nearest]), labels[nearest]


def scaled(clip: np.ndarray) -> np.ndarray:
    """A clip ``[T, 49, 2]`` from between the shoulders, in their widths."""
    left, right = (clip[:, k] for k in SHOULDERS)
    centre = np.nanmedian((left + right) / 2, 0)
    return np.asarray((clip - centre) / np.nanmedian(np.linalg.norm(left - right, axis=-1)))
