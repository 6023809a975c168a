"""Angles, speeds and steps of bodies whose movement is known."""

import numpy as np
import pytest

from hybridcore.people.readings import calibrated
from hybridcore.people.steps import at_steps
from hybridcore.pose.actions import ACTIONS, SITTING, STANDING
from hybridcore.pose.joints import JOINTS, LEGS
from hybridcore.pose.measures import BODY, angles, joints_of, seen_share, speeds
from hybridcore.pose.networks import without_legs
from tests.pose.made_up import body


def test_angles_are_those_of_the_pose() -> None:
    joints = np.zeros((2, 13, 2), np.float32)
    for name, place in (("left shoulder", (0, 0)), ("left elbow", (0, 10)),
                        ("left wrist", (0, 20))):
        joints[:, JOINTS.index(name)] = place
    joints[1, JOINTS.index("left wrist")] = 10, 10
    np.testing.assert_allclose(angles(joints)["left elbow"], [180, 90], atol=0.01)
    joints[0, JOINTS.index("left wrist")] = np.nan
    assert np.isnan(angles(joints)["left elbow"][0])


@pytest.mark.parametrize("rate", [10.0, 25.0, 60.0])
def test_a_speed_is_the_same_at_any_frame_rate(rate: float) -> None:
    times = np.arange(int(3 * rate)) / rate
    joints = np.zeros((len(times), 13, 2), np.float32)
    joints[:, 1:3, 1] = -50  # shoulders over hips: a torso is 50 px
    joints[..., 0] = 100 * times[:, None]  # all of it two torsos a second to the right
    found = speeds(joints, times)
    assert found.keys() >= {BODY, "left wrist"}
    np.testing.assert_allclose(found[BODY][int(rate):], 2, atol=1e-3)


def test_one_frame_is_one_step() -> None:
    steps, found = at_steps(np.ones((1, 13, 2), np.float32), np.array([0.0]), 15.0)
    assert len(steps) == len(found) == 1


def test_joints_that_are_not_seen_are_missing() -> None:
    somebody = body(legs=False)
    joints = joints_of(somebody.landmarks, somebody.visibility, (360, 640))
    assert np.isnan(joints[:, 9:]).all()
    assert np.isfinite(joints[:, :9]).all()
    np.testing.assert_allclose(joints[0, 1], [0.24 * 640, 0.3 * 360], rtol=1e-5)
    assert seen_share(somebody.visibility, (9, 10, 11, 12)) == 0
    assert seen_share(somebody.visibility, (0, 1)) == 1


def test_without_legs_standing_and_sitting_are_alike_likely() -> None:
    logits = np.zeros((2, len(ACTIONS)), np.float32)
    logits[:, ACTIONS.index(STANDING)] = 5
    joints = np.zeros((2, 13, 2), np.float32)
    joints[0, list(LEGS)] = np.nan
    p = calibrated(without_legs(logits, joints), 1.0)
    pair = [ACTIONS.index(STANDING), ACTIONS.index(SITTING)]
    assert p[0, pair[0]] == pytest.approx(p[0, pair[1]])
    assert p[0, pair].sum() == pytest.approx(p[1, pair].sum(), abs=1e-5)
    np.testing.assert_allclose(p[1], calibrated(logits[1], 1.0))
