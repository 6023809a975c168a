"""Rendered walkers before a rendered wall."""

import numpy as np
import pytest

from hybridcore.gait.learn import skeleton as sk
from hybridcore.gait.learn.body import Outfit, Shape
from tests.gait.learn.test_walks import PERIOD, walker
from tools.gait.backdrop import HEIGHT, WIDTH, Lens, backdrop
from tools.gait.film import Actor, advance, film, period

LENS = Lens()


def actor(heading: float = 0.0, x: float = -1.0, z: float = -6.0) -> Actor:
    return Actor(sk.Walk(walker(60), "007", 1, False), Shape(), Outfit(), heading, (x, z))


def test_the_period_of_a_known_walk() -> None:
    assert period(walker(200)) == pytest.approx(PERIOD / sk.RATE, abs=0.02)


def test_the_standing_foot_does_not_slide() -> None:
    joints = walker(200)
    feet = joints[:, [sk.ANKLE_R, sk.ANKLE_L], 0] + advance(joints)[:, None]
    slowest = np.abs(np.diff(feet, axis=0)).min(1)
    walked = np.diff(advance(joints)).mean()
    assert walked > 0.01
    assert slowest.mean() < 0.25 * walked  # the pace is smoothed


def test_boxes_hold_what_moves() -> None:
    empty = backdrop(LENS, wall=9.5, seed=1)
    frames, boxes = film([actor(), actor(180, 1.0, -7.0)], empty, LENS, 0.4, seed=2)
    still, nothing = film([], empty, LENS, 0.04, seed=3)
    assert nothing == []
    for frame, *found in zip(frames, *boxes, strict=True):
        assert frame.shape == (HEIGHT, WIDTH, 3)
        changed = np.abs(frame.astype(int) - still[0]).max(2) > 60  # more than noise or shadow
        for left, top, right, bottom in found:
            assert changed[top:bottom, left:right].mean() > 0.15
            changed[top - 1 : bottom + 1, left - 1 : right + 1] = False
        assert changed.mean() < 1e-3


def test_nearer_is_taller_and_in_front() -> None:
    empty = backdrop(LENS, wall=9.5, seed=1)
    _, (far, near) = film([actor(0, 0, -8), actor(0, 0, -5)], empty, LENS, 0.04, seed=2)
    assert near[0][3] - near[0][1] > 1.3 * (far[0][3] - far[0][1])
