"""Photographs as moving, spoilt shots."""

import numpy as np
from skimage import data

from hybridcore.caption.grid import SIDE
from hybridcore.caption.learn.moving import pool, shot
from hybridcore.caption.learn.shots_evaluate import WAYS, difference, weights_of
from hybridcore.caption.shots import FRAMES, MIDDLE


def test_the_seed_decides_and_some_shots_are_black_for_a_while() -> None:
    photo = data.coffee()[::4, ::4]
    shots = [shot(photo, seed=(1, number)) for number in range(12)]
    assert {frames.shape for frames in shots} == {(FRAMES, SIDE, SIDE, 3)}
    np.testing.assert_array_equal(shots[3], shot(photo, seed=(1, 3)))
    assert (shots[3] != shots[4]).any()
    black = [(frames.reshape(FRAMES, -1).max(1) == 0).sum() for frames in shots]
    assert 0 < sum(count > 0 for count in black) < 9
    assert max(black) <= 2
    moved = [np.abs(frames[0].astype(int) - frames[-1]).mean() for frames in shots]
    assert np.median(moved) > 10


def test_frames_are_pooled_with_what_they_weigh() -> None:
    cells = np.random.default_rng(0).random((FRAMES, 49, 8), np.float32)
    cells[1] = 0.5
    pooled, contrasts = pool(cells)
    np.testing.assert_allclose(pooled, cells.mean(1), atol=1e-3)
    assert contrasts[1] == 0
    assert contrasts.argmin() == 1
    middle, plain, weighted = (weights_of(way, contrasts[None])[0] for way in WAYS)
    assert middle.tolist() == np.eye(FRAMES)[MIDDLE].tolist()
    np.testing.assert_allclose(plain, 0.2)
    assert weighted[1] < 0.02


def test_differences_are_paired() -> None:
    rng = np.random.default_rng(0)
    base = rng.uniform(0, 2, 300)
    more, low, high = difference(base + 0.1 + rng.normal(0, 0.01, 300), base)
    assert 0.09 < low < more < high < 0.11
