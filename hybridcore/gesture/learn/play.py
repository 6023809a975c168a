"""Gestures of a puppet hand (learn/puppet.py): any shape, place, pace and view, without a sensor.

They widen what recordings show: swipes with any hand and of any width, shapes that have no name
here, and hands that rest in view.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from hybridcore.gesture.gestures import GESTURES, NOTHING
from hybridcore.gesture.learn import puppet as p
from hybridcore.gesture.learn.labels import IGNORED, UNKNOWN
from hybridcore.gesture.learn.puppet import Pose, between, motion

_ACROSS = 0.36  # m between the shoulders
_LINGER = 3  # steps after a swipe in which it may still be said
_UNNAMED = (p.VICTORY, p.THUMB_UP, p.THREE, p.CALL, p.LITTLE, p.RING, p.GUN)
_SWIPED = (p.FLAT, p.OPEN, p.LOOSE, p.POINT)


def play(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, bool]:
    """One gesture of a right hand: points ``[T, 21, 2]`` from where the wrist begins, in widths of
    the shoulders; labels ``[T]``; whether it belongs low, where hands rest."""
    name = str(rng.choice((
        "swipe left", "swipe right", "pinch", "grab", "open", "point", "unnamed", "rest")))
    if name == "rest":
        hand = resting(rng)
        return hand, np.full(len(hand), GESTURES.index(NOTHING)), bool(rng.random() < 0.8)
    if name.startswith("swipe"):
        poses, labels = _swipe(name, rng)
    elif name in ("point", "unnamed"):
        shape = p.POINT if name == "point" else _UNNAMED[int(rng.integers(len(_UNNAMED)))]
        count = int(rng.integers(8, 35))
        end = replace(shape, place=tuple(rng.normal(0, 0.04, 3).tolist()))
        poses = [between(shape, end, share) for share in np.linspace(0, 1, count)]
        labels = np.full(count, GESTURES.index(name) if name == "point" else UNKNOWN)
    else:
        poses, labels = _close(name, rng)
    return _seen(poses, rng), labels, False


def resting(rng: np.random.Generator) -> np.ndarray:
    """A loose hand that hardly moves or drifts, from any side: ``[T, 21, 2]``."""
    count = int(rng.integers(10, 40))
    first = replace(p.LOOSE, roll=rng.uniform(-180, 180))
    last = replace(first, place=tuple(rng.normal(0, 0.05, 3).tolist()),
                   roll=first.roll + rng.normal(0, 15))
    return _seen([between(first, last, share) for share in np.linspace(0, 1, count)], rng)


def _swipe(name: str, rng: np.random.Generator) -> tuple[list[Pose], np.ndarray]:
    """Held, quickly across, held, and often slowly back."""
    shape = _SWIPED[int(rng.integers(len(_SWIPED)))]
    side = 1 if name.endswith("left") else -1  # the person's left is to the right of the picture
    far = replace(shape, place=(side * rng.uniform(0.15, 0.55), rng.normal(0, 0.03), 0.0),
                  roll=side * rng.uniform(-5, 35))
    before, quick, after = (int(k) for k in rng.integers((0, 3, 1), (9, 9, 9)))
    back = int(rng.integers(10, 22)) if rng.random() < 0.5 else 0
    way = _eased(quick)
    shares = [*np.zeros(before), *way, *np.ones(after), *_eased(back)[::-1]]
    labels = np.full(len(shares), IGNORED)
    labels[before : before + quick + min(after, _LINGER)] = GESTURES.index(name)
    return [between(shape, far, share) for share in shares], labels


def _close(name: str, rng: np.random.Generator) -> tuple[list[Pose], np.ndarray]:
    """An open hand that pinches or grabs, and opens again; or a fist that opens."""
    rest = replace(p.OPEN, spread=rng.uniform(0.1, 0.9),
                   bends=tuple(rng.uniform(0, 0.25, 5).tolist()))
    shut = p.PINCH if name == "pinch" else p.FIST
    before, way, held, after = (int(k) for k in rng.integers((2, 3, 6, 3), (10, 9, 20, 12)))
    shares = np.array([*np.zeros(before), *_eased(way), *np.ones(held), *_eased(way)[::-1],
                       *np.zeros(after)])
    labels = np.where(shares > 0.6, GESTURES.index("pinch" if name == "pinch" else "grab"), IGNORED)
    if name != "pinch":
        labels[(np.arange(len(shares)) > before + way) & (shares < 0.3)] = GESTURES.index("open")
    if name == "open":
        shares, labels = shares[before + way :], labels[before + way :]
    return [between(rest, shut, float(share)) for share in shares], labels


def _eased(steps: int) -> np.ndarray:
    """From 0 to 1, speeding up and slowing down."""
    return np.asarray((1 - np.cos(np.pi * np.arange(1, steps + 1) / (steps + 1))) / 2)


def _seen(poses: list[Pose], rng: np.random.Generator) -> np.ndarray:
    """Poses as a camera opposite the person sees them, held and shaped a little differently."""
    turn, pitch, roll = rng.normal(0, 28), rng.normal(8, 25), rng.normal(0, 16)
    bends, size = rng.normal(0, 0.1, 5), np.exp(rng.normal(0, 0.12)) / _ACROSS
    points = motion([replace(
        pose, turn=pose.turn + turn, pitch=pose.pitch + pitch, roll=pose.roll + roll,
        bends=tuple(np.clip(np.array(pose.bends) + bends, -0.1, 1.1).tolist())) for pose in poses])
    away = rng.uniform(0.5, 1.1) + points[..., 2:]
    flat = points[..., :2] * (p.DISTANCE / (away + 0.2)) * size
    return np.asarray(flat - flat[0, 0])
