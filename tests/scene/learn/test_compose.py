"""Composed sequences: the seed decides, the labels fit, the camera stays inside."""

import numpy as np
import pytest

from hybridcore.media.moving import camera_path, view
from hybridcore.scene.learn.compose import ComposeConfig, compose, compose_many, draw_shots
from hybridcore.training.spoil import EVENTS

CONFIG = ComposeConfig(side=64)


@pytest.fixture(scope="module")
def photos() -> np.ndarray:
    rng = np.random.default_rng(0)
    return rng.integers(0, 256, (6, 128, 128, 3), np.uint8)


def test_the_seed_decides(photos: np.ndarray) -> None:
    labels = np.arange(6) % 3
    a, b, c = (list(compose_many(photos, labels, 3, seed=s, config=CONFIG)) for s in (5, 5, 6))
    for (x, lx), (y, ly) in zip(a, b, strict=True):
        np.testing.assert_array_equal(x.frames, y.frames)
        np.testing.assert_array_equal(lx, ly)
    assert any(x.frames.shape != z.frames.shape or (x.frames != z.frames).any()
               for (x, _), (z, _) in zip(a, c, strict=True))


def test_shots_fill_the_length() -> None:
    rng = np.random.default_rng(1)
    for length in (8, 40, 96):
        shots = draw_shots(length, CONFIG, rng)
        assert sum(shots) == length
        assert min(shots) >= CONFIG.shot_length[0]


def test_cuts_and_labels_agree(photos: np.ndarray) -> None:
    for sequence, labels in compose_many(photos, np.arange(6), 8, seed=2, config=CONFIG):
        np.testing.assert_array_equal(np.flatnonzero(np.diff(sequence.shot)) + 1, sequence.cuts)
        assert len(labels) == len(sequence.frames) == len(sequence.degraded)
        changes = np.flatnonzero(np.diff(labels)) + 1
        assert set(changes) <= set(sequence.cuts)


def test_a_hard_cut_is_hard_and_a_clean_clip_is_clean() -> None:
    black, white = np.zeros((64, 64, 3), np.uint8), np.full((64, 64, 3), 250, np.uint8)
    config = ComposeConfig(side=32, dissolve_share=0.0)
    clip = compose([black, white], [10, 12], config, np.random.default_rng(0), degraded=False)
    brightness = clip.frames.mean((1, 2, 3))
    assert brightness[:10].max() < 5
    assert brightness[10:].min() > 150
    assert not clip.degraded.any()


def test_a_dissolve_is_centred_on_its_cut() -> None:
    black, white = np.zeros((64, 64, 3), np.uint8), np.full((64, 64, 3), 200, np.uint8)
    config = ComposeConfig(side=32, dissolve_share=1.0, dissolve_length=(10, 11))
    clip = compose([black, white], [20, 20], config, np.random.default_rng(0), degraded=False)
    brightness = clip.frames.mean((1, 2, 3))
    assert brightness[14] < 10
    assert brightness[26] > 140
    assert (np.diff(brightness[15:25]) > 0).all()
    assert brightness[19] < 110 < brightness[21]


def test_the_whole_photograph_is_seen_at_window_one() -> None:
    ramp = np.tile(np.arange(128, dtype=np.uint8)[None, :, None], (128, 1, 3))
    seen = view(ramp, np.array([0.5, 0.5, 1.0, 0.0]), (128, 128))
    np.testing.assert_array_equal(seen, ramp)


def test_the_camera_stays_inside() -> None:
    for seed in range(20):
        path = camera_path(30, np.random.default_rng(seed), shake=0)
        low, high = path[:, :2] - path[:, 2:3] / 2, path[:, :2] + path[:, 2:3] / 2
        assert low.min() > -1e-9
        assert high.max() < 1 + 1e-9


@pytest.mark.parametrize("event", EVENTS, ids=lambda e: e.__name__)
def test_events_change_a_frame_and_keep_its_shape(event, photos: np.ndarray) -> None:
    frame, dice = photos[0], np.random.default_rng(0).random(8)
    after = event(frame.copy(), 0.9, dice)
    assert after.shape == frame.shape
    assert after.dtype == np.uint8
    assert np.abs(after.astype(int) - frame).mean() > 5
