"""Motion features: what they see, and what they must not see."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from skimage import data

from hybridcore.media import Clip
from hybridcore.sound.features import (
    GRID,
    SIZE,
    MotionMaps,
    camera_motion,
    read_features,
)
from hybridcore.sound.strokes import MIRRORED, STATISTICS, StrokeStatistics
from tests.sound.grey import GreyEncoder

RATE = 30.0


def ground() -> np.ndarray:
    return cv2.resize(data.coffee(), (SIZE[1] + 60, SIZE[0] + 40))


def strokes_film(frames: int, *, still: bool = False) -> np.ndarray:
    """A bar that falls for 12 frames and stops, again and again."""
    film = np.empty((frames, *SIZE, 3), np.uint8)
    for k in range(frames):
        film[k] = ground()[: SIZE[0], : SIZE[1]]
        y = 20 if still else 20 + 5 * min(k % 20, 12)
        cv2.rectangle(film[k], (60, y), (110, y + 12), (240, 240, 240), -1)
    return film


def statistics(film: np.ndarray, rate: float = RATE) -> np.ndarray:
    maps = MotionMaps().step(film, np.arange(len(film)) / rate)
    return StrokeStatistics().step(maps)


def test_what_falls_is_seen_to_fall_and_to_stop() -> None:
    found = statistics(strokes_film(20))
    down = found[:, STATISTICS.index("speed down of what moves")]
    up = found[:, STATISTICS.index("speed up of what moves")]
    assert down[3:12].min() > 4 * up[3:12].max()
    lost = found[:, STATISTICS.index("power, lost")]
    assert lost.argmax() == 13  # the first frame at which it does not move any more


def test_velocity_is_in_seconds_not_frames() -> None:
    film = strokes_film(12)
    name = STATISTICS.index("downward velocity of what moves")
    fast, slow = statistics(film, 30.0)[3:, name], statistics(film, 15.0)[3:, name]
    np.testing.assert_allclose(np.sinh(fast), 2 * np.sinh(slow), rtol=0.1)


def test_a_still_film_moves_nothing() -> None:
    assert np.abs(statistics(strokes_film(8, still=True))).max() < 0.05


def test_the_cameras_motion_is_taken_away() -> None:
    wide = ground()
    film = np.stack([wide[k : k + SIZE[0], 2 * k : 2 * k + SIZE[1]] for k in range(10)])
    speed = STATISTICS.index("speed, mean")
    moved = statistics(film)[2:, speed].mean()
    shift = np.log1p(np.hypot(2, 1) * RATE / SIZE[0] / 0.5)  # what it would be
    assert moved < 0.15 * shift


def test_camera_motion_of_an_affine_field() -> None:
    y, x = np.mgrid[: GRID[0], : GRID[1]]
    x, y = (x + 0.5) * SIZE[1] / GRID[1], (y + 0.5) * SIZE[0] / GRID[0]
    true = np.array([[0.01, -0.02, 1.5], [0.02, 0.01, -0.5]])
    flow = (np.stack([x, y, np.ones_like(x)], -1) @ true.T).astype(np.float32)
    flow[4:8, 5:9] += 9  # something moves by itself
    assert (np.abs(camera_motion(flow) - true) < [0.002, 0.002, 0.1]).all()


@pytest.mark.parametrize("length", [1, 7])
def test_features_do_not_depend_on_the_chunk(length: int, clip_writer: Callable) -> None:
    path = clip_writer(strokes_film(26), RATE)
    encoder = GreyEncoder()
    whole = list(read_features(Clip.open(path), encoder, chunk=64))
    parts = list(read_features(Clip.open(path), encoder, chunk=length))
    for name in ("times", "strokes", "appearance"):
        joined = np.concatenate([getattr(p, name) for p in parts])
        np.testing.assert_allclose(joined, getattr(whole[0], name), atol=1e-4)
    assert parts[-1].done == 26


def test_features_do_not_see_the_future() -> None:
    film = strokes_film(16)
    changed = film.copy()
    changed[10:] = 0
    np.testing.assert_array_equal(statistics(film)[:10], statistics(changed)[:10])


@pytest.mark.parametrize(("rate", "kept"), [(5, 24), (30, 24), (60, 12), (240, 3)])
def test_fast_clips_are_thinned(rate: int, kept: int, clip_writer: Callable) -> None:
    path: Path = clip_writer(strokes_film(24), rate)
    chunks = list(read_features(Clip.open(path), GreyEncoder()))
    times = np.concatenate([c.times for c in chunks])
    assert len(times) == kept
    assert np.diff(times).min() > 1 / 31
    assert all(np.isfinite(c.strokes).all() for c in chunks)


def test_one_frame(clip_writer: Callable) -> None:
    (only,) = read_features(Clip.open(clip_writer(strokes_film(1), RATE)), GreyEncoder())
    assert only.strokes.shape == (1, len(STATISTICS))
    assert not only.strokes.any()


def test_mirrored_film_mirrored_statistics() -> None:
    film = strokes_film(14)
    film[:, :, :, 0] = np.roll(film[:, :, :, 0], 3, 0)  # something that moves sideways in colour
    there, back = statistics(film), statistics(np.ascontiguousarray(film[:, :, ::-1]))
    turned = back.copy()
    turned[:, MIRRORED] *= -1
    assert np.abs(there - turned).mean() < 0.2 * np.abs(there).mean()
