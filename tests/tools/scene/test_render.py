"""The renderer keeps its geometry and its seed."""

import numpy as np
import pytest

from tools.scene.render import terrain
from tools.scene.render.camera import Camera, level_view, rays
from tools.scene.render.film import develop
from tools.scene.render.heightfield import HeightField
from tools.scene.render.interior import Corridor
from tools.scene.render.noise import fractal

GROUNDS = ("mountains", "dunes", "icebergs", "coast")
SMALL = 128  # cells a side


def flat_ground():
    level = np.zeros((SMALL, SMALL), np.float32)
    return HeightField(level, np.zeros((SMALL, SMALL, 3), np.float32), cell=10.0, far=1e5)


@pytest.mark.parametrize("name", GROUNDS)
def test_a_landscape_is_finite_and_its_seed_repeats_it(name):
    camera = Camera(700, 300, 2600 if name == "mountains" else 90, 30, -3, 2)
    first, again, other = (
        getattr(terrain, name)(seed, size=SMALL).render(camera, 36, 64, 1.0) for seed in (1, 1, 2)
    )
    assert first.shape == (36, 64, 3)
    assert first.dtype == np.float32
    assert np.isfinite(first).all()
    assert first.min() >= 0
    np.testing.assert_array_equal(first, again)
    assert np.abs(first - other).max() > 0.01


def test_the_horizon_of_level_ground_is_in_the_middle():
    depth = flat_ground().depth(Camera(0, 0, 2), 101, 80)
    assert np.isinf(depth[:50]).all()
    assert np.isfinite(depth[52:]).all()


def test_depth_of_level_ground_is_height_over_slope():
    camera = Camera(0, 0, 12, 40, field=70)
    depth = flat_ground().depth(camera, 101, 80)
    rows = np.arange(60, 101)
    expected = 12 * camera.focal(80) / (rows - 50)
    np.testing.assert_allclose(depth[60:], np.repeat(expected[:, None], 80, 1), rtol=0.02)


def test_the_nearer_of_two_walls_is_seen():
    height = np.zeros((SMALL, SMALL), np.float32)
    height[20], height[40] = 50, 50  # at 200 m and 400 m to the north, each 500 m high at most
    field = HeightField(height, np.zeros((SMALL, SMALL, 3), np.float32), cell=10.0, far=1200)
    depth = field.depth(Camera(640, 0, 10), 101, 80)
    assert 190 <= depth[45, 40] <= 202


def test_a_level_picture_is_turned_as_the_rays_are():
    camera = Camera(0, 0, 0, yaw=25, pitch=-7, roll=4)
    view = level_view(camera, 90, 160)
    turned = view.turn(rays(view.camera, view.height, view.width), 90, 160)
    turned /= np.linalg.norm(turned, axis=-1, keepdims=True)
    np.testing.assert_allclose(turned, rays(camera, 90, 160), atol=2e-3)


def test_noise_is_periodic():
    tile = fractal(64, 4, 3, np.random.default_rng(0))
    inside = np.abs(np.diff(tile, axis=0)).max()
    assert np.abs(tile[0] - tile[-1]).max() <= inside * 1.2


def test_the_corridor_vanishes_straight_ahead_and_is_lit():
    picture = Corridor().render(Camera(0, 1, 1.3), 45, 80, 0.0)
    assert picture.shape == (45, 80, 3)
    assert np.isfinite(picture).all()
    assert picture[:22].max() > 3  # a lamp above the horizon
    assert develop(picture).dtype == np.uint8
