"""What the networks read: the same wherever and however large a body is, and nothing of later."""

import numpy as np
import pytest
import torch

from hybridcore.pose.features import SIZE, STILL_SIZE, features
from hybridcore.pose.joints import BONES, JOINTS, LANDMARKS, MIRRORED
from hybridcore.pose.model import KINDS, PoseConfig, PoseNet


@pytest.fixture
def joints() -> torch.Tensor:
    """Somebody whose limbs swing, ``[1, 40, 13, 2]``, px."""
    rng = np.random.default_rng(0)
    rest = np.array([[0, -80], [20, -60], [-20, -60], [30, -30], [-30, -30], [35, 0], [-35, 0],
                     [12, 0], [-12, 0], [14, 45], [-14, 45], [14, 90], [-14, 90]])
    swing = np.sin(np.arange(40)[:, None, None] / 4 + rng.random((13, 2))) * rng.random((13, 2)) * 9
    return torch.from_numpy((rest + swing)[None].astype(np.float32))


def test_a_body_reads_the_same_anywhere_and_at_any_size(joints: torch.Tensor) -> None:
    moved = 0.3 * joints + torch.tensor([500.0, 90.0])
    torch.testing.assert_close(features(moved), features(joints), atol=2e-3, rtol=0)


def test_nothing_later_is_read(joints: torch.Tensor) -> None:
    changed = joints.clone()
    changed[:, 25:] += 40
    torch.testing.assert_close(features(changed)[:, :25], features(joints)[:, :25])
    assert not torch.allclose(features(changed)[:, 25], features(joints)[:, 25])


def test_what_is_not_seen_is_zero_and_marked(joints: torch.Tensor) -> None:
    hidden = joints.clone()
    hidden[:, 10:, JOINTS.index("left wrist")] = torch.nan
    found = features(hidden)
    assert found.shape == (1, 40, SIZE)
    assert found.isfinite().all()
    at = JOINTS.index("left wrist")
    assert (found[0, 10:, 2 * at : 2 * at + 2] == 0).all()
    assert (found[0, 10:, 2 * len(JOINTS) + at] == -0.5).all()
    assert (found[0, :10, 2 * len(JOINTS) + at] == 0.5).all()


def test_a_body_without_hips_is_placed_by_its_shoulders(joints: torch.Tensor) -> None:
    torso = joints.clone()
    torso[:, :, 7:] = torch.nan
    whole, part = features(joints), features(torso)
    shoulders = slice(2, 6)
    torch.testing.assert_close(part[..., shoulders], whole[..., shoulders], atol=0.5, rtol=0)


def test_nobody_at_all_is_finite() -> None:
    assert features(torch.full((1, 5, 13, 2), torch.nan)).isfinite().all()


def test_joints_and_their_mirror() -> None:
    assert len(JOINTS) == len(LANDMARKS) == len(MIRRORED)
    for joint, other in enumerate(MIRRORED):
        assert MIRRORED[other] == joint
        assert JOINTS[other] == JOINTS[joint].replace("left", "x").replace("right", "left").replace(
            "x", "right")
    assert all(a != b for a, b in BONES)


@pytest.mark.parametrize("kind", KINDS)
def test_every_network_answers_each_step_from_what_came_before(
    kind: str, joints: torch.Tensor
) -> None:
    torch.manual_seed(0)
    model = PoseNet(config=PoseConfig(kind=kind, classes=7, dim=16, hidden=12, tcn_levels=2)).eval()
    later = joints.clone()
    later[:, 30:] *= 1.5
    with torch.inference_mode():
        output, other = model(joints), model(later)
    assert output.logits.shape == (1, 40, 7)
    assert output.hidden.shape == (1, 40, 12)
    torch.testing.assert_close(output.logits[:, :30], other.logits[:, :30])
    assert not torch.allclose(output.logits[:, 31:], other.logits[:, 31:])


def test_only_the_pose_network_is_blind_to_speed(joints: torch.Tensor) -> None:
    moving = joints + 4 * (torch.arange(40) - 39)[:, None, None]  # ends in the pose it stands in
    still = joints[:, -1:].expand(-1, 40, -1, -1)
    apart = {}
    for kind in KINDS:
        torch.manual_seed(0)
        model = PoseNet(config=PoseConfig(kind=kind, classes=7, dim=16, hidden=12)).eval()
        with torch.inference_mode():
            change = model(moving).logits[:, -1] - model(still).logits[:, -1]
        apart[kind] = float(change.abs().max())
    assert apart["pose"] < 0.3 * min(apart[kind] for kind in ("lstm", "tcn", "speed"))
    assert STILL_SIZE < SIZE
