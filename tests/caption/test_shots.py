"""How shots are read: which frames, and how much each counts."""

import numpy as np
import pytest

from hybridcore.caption.seen import Seen
from hybridcore.caption.shots import FRAMES, MIDDLE, mean, mean_seen, moments, shares


def test_frames_lie_evenly_in_their_shot_and_the_middle_one_in_its_middle() -> None:
    times = np.reshape(moments([(0.0, 1.0), (2.0, 7.0)]), (2, FRAMES))
    assert times[:, MIDDLE] == pytest.approx([0.5, 4.5])
    np.testing.assert_allclose(np.diff(times), [[0.2] * 4, [1.0] * 4])


def test_what_shows_little_counts_little() -> None:
    black, sharp = 0.33, 0.75
    weights = shares(np.array([[sharp, sharp, black, sharp, sharp], [sharp] * FRAMES]))
    np.testing.assert_allclose(weights.sum(1), 1, atol=1e-6)
    assert weights[0, 2] < 0.05 * weights[0, 0]
    np.testing.assert_allclose(weights[1], 1 / FRAMES, atol=1e-6)


def test_means_are_of_each_shot_by_itself() -> None:
    rng = np.random.default_rng(0)
    weights = shares(rng.uniform(0.3, 0.8, (2, FRAMES)))
    seen = Seen(*(rng.random((2 * FRAMES, *shape), np.float32)
                  for shape in ((3,), (4,), (3, 7, 7))))
    together = mean_seen(seen, weights)
    for shot in range(2):
        part = slice(shot * FRAMES, (shot + 1) * FRAMES)
        own = weights[shot]
        expected = sum(w * m for w, m in zip(own, seen.maps[part], strict=True))
        np.testing.assert_allclose(together.maps[shot], expected, rtol=1e-5)
        np.testing.assert_allclose(together.words[shot], own @ seen.words[part], rtol=1e-5)
    alike = np.repeat(rng.random((2, 49, 6), np.float32), FRAMES, 0)
    np.testing.assert_allclose(mean(alike, weights), alike[::FRAMES], rtol=1e-5)
