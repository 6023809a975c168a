"""What fixed cameras show, made of skeletons of sets."""

from __future__ import annotations

import numpy as np

from hybridcore.pose.actions import ACTIONS, SITTING, STANDING
from hybridcore.pose.joints import ANKLES, HIPS, KNEES, LEGS
from hybridcore.pose.learn.compose import Composer
from hybridcore.pose.learn.footage import (
    followed,
    held_poses,
    hide,
    hold,
    lying,
    seated,
    slow_camera,
)
from hybridcore.pose.learn.spoil import picture
from hybridcore.pose.learn.vocabulary import UNKNOWN, is_upright
from tests.pose.learn.test_learn import clip

RNG = np.random.default_rng


def test_who_is_seated_has_knees_in_front_and_feet_below() -> None:
    for seed in range(5):
        pose = seated(clip("3").joints[:1], RNG(seed))[0]
        assert (pose[list(KNEES), 2] < pose[list(HIPS), 2] - 0.2).all()
        assert (pose[list(ANKLES), 1] > pose[list(KNEES), 1] + 0.2).all()
        assert not is_upright(pose[None])


def test_held_poses_are_of_people_who_stand_with_their_arms_down() -> None:
    raised = clip("3")
    raised.joints[:, 5:7, 1] = -0.9  # above the head
    poses = held_poses([clip("3"), raised, clip("26")])  # a wave, one with raised hands, a lunge
    assert len(poses[STANDING]) == len(poses[SITTING]) == 1
    held = hold(poses[STANDING][0], RNG(0))
    assert held.shape[1:] == (13, 3)
    assert is_upright(held)
    np.testing.assert_allclose(held[:, list(ANKLES)], np.repeat(
        held[:1, list(ANKLES)], len(held), 0), atol=0.05)


def test_from_above_who_is_further_away_is_higher_in_the_picture() -> None:
    walk = np.repeat(clip("3").joints[:1], 2, 0)
    walk[1, :, 2] += 2.0  # away from the camera
    seen = picture(walk, RNG(1), 0.0, (-40.0, -40.0))
    assert seen[1, list(ANKLES), 1].mean() < seen[0, list(ANKLES), 1].mean() - 0.3
    tall = np.ptp(picture(walk[:1], RNG(1), 0.0, (0.0, 0.0))[0, :, 1])
    assert np.ptp(seen[0, :, 1]) < 0.9 * tall


def test_what_is_hidden_stays_hidden_and_walkers_come_in_without_legs() -> None:
    joints = RNG(0).normal(size=(40, 60, 13, 2)).astype(np.float32)
    labels = np.full((40, 60), ACTIONS.index("walking"))
    hidden = np.isnan(hide(joints, labels, RNG(1))).any(-1)
    entering = hidden[:, 0][:, list(LEGS)].all(1)
    assert 0.3 < entering.mean() < 0.8
    others = np.isnan(hide(joints, np.zeros_like(labels), RNG(1))).any(-1)
    assert others[:, 0][:, list(LEGS)].all(1).mean() < 0.2
    assert others.mean((0, 1))[5] > others.mean((0, 1))[0] == 0  # wrists, never the nose


def test_a_slow_camera_moves_joints_straight_between_its_frames() -> None:
    steps = np.arange(31.0)
    joints = np.repeat((steps**2)[None, :, None, None], 13, 2).repeat(2, 3).astype(np.float32)
    slow = slow_camera(joints, RNG(3), share=1.0)
    bends = np.abs(np.diff(slow[0, :, 0, 0], 2)) > 1e-3
    assert np.abs(slow - joints).max() > 0.2
    assert bends.sum() < 25  # at its frames alone
    np.testing.assert_array_equal(slow_camera(joints, RNG(3), share=0.0), joints)


def test_a_camera_that_goes_along_sees_the_hips_in_place() -> None:
    walk = clip("3").joints + np.linspace(0, 3, 60)[:, None, None]
    np.testing.assert_allclose(followed(walk)[:, list(HIPS)].mean(1), 0, atol=1e-5)
    flat = lying(followed(walk)[..., :2], RNG(0))
    assert np.ptp(flat[0, :, 0]) > np.ptp(flat[0, :, 1])


def test_sequences_of_footage_hold_who_stands_and_who_lies() -> None:
    composer = Composer([clip("3"), clip("23"), clip("25")])
    drawn = [composer.draw(RNG(seed), count=3, footage=True) for seed in range(30)]
    labels = np.concatenate([one.labels for one in drawn])
    assert {ACTIONS.index(name) for name in (STANDING, SITTING, "walking")} <= set(labels.tolist())
    assert (labels == UNKNOWN).any()
    assert all(np.isfinite(one.joints).all() for one in drawn)
