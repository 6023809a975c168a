"""Augmentation of the statistics of motion."""

import numpy as np

from hybridcore.sound.learn.augment import augment, warp_time
from hybridcore.sound.strokes import STATISTICS


def test_augmentation_keeps_length_and_leaves_the_original() -> None:
    rng = np.random.default_rng(0)
    original = rng.random((40, len(STATISTICS)), np.float32)
    kept = original.copy()
    changed = augment(original, rng)
    np.testing.assert_array_equal(original, kept)
    assert changed.shape == original.shape
    assert not np.allclose(changed, original)
    for available in (1, 30, 500):
        frames = warp_time(available, 64, rng)
        assert frames.shape == (64,)
        assert 0 <= frames.min() <= frames.max() < available
        assert (np.diff(frames) >= 0).all()
