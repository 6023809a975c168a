"""What is usual in a clip, against the formulas and against itself."""

import numpy as np
import pytest
import torch

from hybridcore.sound.usual import Usual


@pytest.fixture
def usual() -> Usual:
    module = Usual(numbers=3, prior=20)
    module.learn(torch.from_numpy(np.random.default_rng(0).normal(2, 3, (500, 3))).float())
    return module


def from_usual(usual: Usual, statistics: torch.Tensor) -> torch.Tensor:
    return usual(statistics)[0][..., :3]


def clip(length: int, middle: float, spread: float) -> torch.Tensor:
    return torch.from_numpy(np.random.default_rng(1).normal(middle, spread, (length, 3))).float()


def test_the_first_frame_is_measured_by_the_training_set(usual: Usual) -> None:
    frame = usual.mean + 2 * usual.scale
    # By hand: mean 2 s / 21, variance (20 s^2 + 4 s^2) / 21 - (2 s / 21)^2, in units of s.
    expected = (2 - 2 / 21) / np.sqrt(24 / 21 - (2 / 21) ** 2)
    np.testing.assert_allclose(from_usual(usual, frame[None])[0], expected, rtol=1e-4)


def test_a_long_clip_is_measured_by_itself(usual: Usual) -> None:
    said = from_usual(usual, clip(4000, 40, 0.5))[-1000:]
    assert said.mean().abs() < 0.3
    # Twice as far away and twice as wide is the same clip, once it is known.
    wider = from_usual(usual, 2 * clip(4000, 40, 0.5))[-1000:]
    assert np.corrcoef(said[:, 0], wider[:, 0])[0, 1] > 0.99


def test_the_level_is_measured_by_the_training_set_throughout(usual: Usual) -> None:
    statistics = clip(300, 3, 2)
    expected = ((statistics - usual.mean) / usual.scale).clamp(-5, 5)
    torch.testing.assert_close(usual(statistics)[0][..., 3:], expected)


def test_how_a_clip_is_cut_does_not_matter(usual: Usual) -> None:
    whole = usual(clip(50, 3, 2))[0]
    sums, parts = None, []
    for part in clip(50, 3, 2).split(7):
        said, sums = usual(part, sums)
        parts.append(said)
    torch.testing.assert_close(torch.cat(parts), whole)


def test_later_frames_change_nothing_before_them(usual: Usual) -> None:
    one, other = clip(40, 3, 2), clip(40, 3, 2)
    other[30:] += 100
    torch.testing.assert_close(usual(one)[0][:30], usual(other)[0][:30])


def test_stillness_is_the_same_in_a_clip_that_begins_with_it(usual: Usual) -> None:
    frame = from_usual(usual, torch.zeros(1, 3))[0]
    np.testing.assert_allclose(frame, usual.still(), atol=0.1)
