"""What the networks read: the same anywhere, for both hands, and nothing of later."""

import numpy as np
import pytest
import torch

from hybridcore.gesture.features import (
    BODY_SIZE,
    HAND_SIZE,
    STILL_BODY,
    STILL_HAND,
    features,
)
from hybridcore.gesture.learn.puppet import OPEN, joints
from hybridcore.gesture.model import KINDS, GestureConfig, GestureNet
from hybridcore.gesture.points import COUNT, EDGES, HANDS, LANDMARKS, MIRRORED, NAMES
from hybridcore.people.points import BODY_POINTS


@pytest.fixture
def points() -> torch.Tensor:
    """Somebody whose right hand moves to the side, ``[1, 30, 49, 2]``, px."""
    found = np.full((1, 30, COUNT, 2), np.nan, np.float32)
    found[:, :, :7] = [(320, 150), (400, 230), (240, 230), (420, 330), (200, 330), (430, 420),
                       (180, 250)]
    hand = joints(OPEN)[:, :2] * 600
    found[:, :, HANDS[1]] = hand + np.array([180, 250])
    found[:, :, HANDS[1], 0] += 4 * np.arange(30)[None, :, None]
    return torch.from_numpy(found)


def test_points_their_names_and_their_mirror() -> None:
    assert len(NAMES) == len(MIRRORED) == COUNT
    for point, other in enumerate(MIRRORED):
        assert MIRRORED[other] == point
        swapped = NAMES[point].replace("left", "?").replace("right", "left").replace("?", "right")
        assert NAMES[other] == swapped
    assert [BODY_POINTS[k] for k in LANDMARKS] == list(NAMES[:7])
    assert all(a != b for a, b in EDGES)


def test_it_reads_the_same_anywhere_and_at_any_size(points: torch.Tensor) -> None:
    moved = 0.4 * points + torch.tensor([100.0, 30.0])
    for one, other in zip(features(moved), features(points), strict=True):
        torch.testing.assert_close(one.float(), other.float(), atol=3e-3, rtol=0)


def test_both_hands_are_described_alike(points: torch.Tensor) -> None:
    mirrored = points[:, :, list(MIRRORED)] * torch.tensor([-1.0, 1.0])
    there, hands, _ = features(points)
    other_there, other_hands, _ = features(mirrored)
    assert there[0, 0].tolist() == [False, True]
    assert other_there[0, 0].tolist() == [True, False]
    same = (hands[:, :, 1] - other_hands[:, :, 0]).abs().amax((0, 1)) < 1e-3
    assert same.sum() >= HAND_SIZE - 4  # all but the side, and speed in the picture
    assert (hands[:, :, 0] == 0).all() or not there[..., 0].any()


def test_nothing_later_is_read_and_only_motion_needs_an_earlier_step(points: torch.Tensor) -> None:
    later = points.clone()
    later[:, 20:] += 25
    for one, other in zip(features(points), features(later), strict=True):
        torch.testing.assert_close(one[:, :20], other[:, :20])
    still = points[:, -1:].expand(-1, 30, -1, -1)
    _, hands, body = features(points)
    _, still_hands, still_body = features(still)
    torch.testing.assert_close(hands[:, -1, :, :STILL_HAND], still_hands[:, -1, :, :STILL_HAND],
                               atol=2e-3, rtol=0)
    torch.testing.assert_close(body[:, -1, :STILL_BODY], still_body[:, -1, :STILL_BODY],
                               atol=2e-3, rtol=0)
    assert (hands[:, -1, 1, STILL_HAND:] - still_hands[:, -1, 1, STILL_HAND:]).abs().max() > 0.1


@pytest.mark.parametrize("missing", ["body", "hands", "all"])
def test_what_is_not_seen_is_finite(points: torch.Tensor, missing: str) -> None:
    hidden = points.clone()
    hidden[:, :, {"body": slice(0, 7), "hands": slice(7, None), "all": slice(None)}[missing]] = \
        torch.nan
    there, hands, body = features(hidden)
    assert hands.shape == (1, 30, 2, HAND_SIZE)
    assert body.shape == (1, 30, BODY_SIZE)
    assert hands.isfinite().all()
    assert body.isfinite().all()
    assert there.any() == (missing == "body")


@pytest.mark.parametrize("kind", KINDS)
def test_every_network_answers_each_step_from_what_came_before(
    kind: str, points: torch.Tensor
) -> None:
    torch.manual_seed(0)
    config = GestureConfig(kind=kind, classes=5, hand=16, dim=16, hidden=12)
    model = GestureNet(config=config).eval()
    earlier = points.clone()
    earlier[:, :10] += torch.randn(10, COUNT, 2)
    later = points.clone()
    later[:, 20:] *= 1.5
    with torch.inference_mode():
        output, other, before = model(points), model(later), model(earlier)
    assert output.logits.shape == (1, 30, 5)
    torch.testing.assert_close(output.logits[:, :20], other.logits[:, :20])
    assert not torch.allclose(output.logits[:, 21:], other.logits[:, 21:])
    remembers = not torch.allclose(output.logits[:, 19], before.logits[:, 19], atol=1e-7)
    assert remembers or kind == "frame"
