"""Who is who, from sights that are made up."""

import numpy as np
import pytest

from hybridcore.people.appearance import BINS, difference, torso_colours
from hybridcore.people.following import Followers, Sight, apart, distinct

RED, BLUE = np.eye(BINS)[0], np.eye(BINS)[8]
STEP = 0.1  # s


def sight(x: float, colours: np.ndarray | None, source: int = 0, side: float = 100.0) -> Sight:
    return Sight(np.array([x, 100.0]), side, np.array([x - 15, 60, x + 15, 140]), colours, source)


def test_two_who_cross_keep_their_numbers() -> None:
    """One walks right, one left; while one hides the other, only the front one is seen."""
    followers = Followers(patience=2)
    for k in range(21):
        red, blue = sight(100 + 10 * k, RED), sight(300 - 10 * k, BLUE)
        hidden = abs(red.centre[0] - blue.centre[0]) < 25
        numbers = followers.assign(STEP * k, [blue] if hidden else [red, blue])
        assert numbers == ([2] if hidden else [1, 2])


def test_regions_that_change_places_do_not_take_the_names_with_them() -> None:
    followers = Followers(patience=2)
    for k in range(5):
        followers.assign(STEP * k, [sight(100, RED, 1), sight(130, BLUE, 2)])
    # The region of 1 slid onto the blue one, that of 2 onto the red one.
    assert followers.assign(0.5, [sight(130, BLUE, 1), sight(100, RED, 2)]) == [2, 1]


def test_who_stands_still_for_long_stays_the_same() -> None:
    followers = Followers(patience=2)
    numbers = [followers.assign(STEP * k, [sight(100, RED, min(k, 1))]) for k in range(600)]
    assert numbers == [[1]] * 600


def test_who_is_away_longer_than_the_patience_is_new() -> None:
    for away, expected in ((1.5, 1), (2.5, 2)):
        followers = Followers(patience=2)
        followers.assign(0, [sight(100, RED)])
        followers.assign(0.1, [])
        assert followers.assign(away, [sight(105, RED)]) == [expected]


def test_another_who_comes_to_the_same_place_is_new() -> None:
    followers = Followers(patience=2)
    followers.assign(0, [sight(100, RED)])
    followers.assign(0.1, [])
    assert followers.assign(0.3, [sight(100, BLUE)]) == [2]


def test_nobody_jumps_across_the_picture() -> None:
    followers = Followers(patience=2)
    followers.assign(0, [sight(100, None)])
    assert followers.assign(0.1, [sight(400, None)]) == [2]


def test_somebody_followed_who_runs_stays_the_same() -> None:
    followers = Followers(patience=2)
    followers.assign(0, [sight(100, None)])
    assert followers.assign(0.1, [sight(160, None, source=1)]) == [1]


def test_two_looks_at_one_body_are_one() -> None:
    body = np.random.default_rng(0).uniform(0, 100, (25, 2))
    points = body + np.array([[[0, 0]], [[3, 0]], [[40, 0]]])
    assert distinct(points, np.full(3, 100.0), near=0.08) == [0, 2]


def test_a_shape_inside_another_is_not_a_second_one() -> None:
    shapes = np.zeros((3, 20, 20), bool)
    shapes[0, 2:18, 2:10] = shapes[1, 4:10, 4:9] = shapes[2, 2:18, 8:18] = True
    assert apart(shapes, most=0.7) == [0, 2]


def test_colours_of_a_torso() -> None:
    picture = np.full((64, 64, 3), (250, 10, 10), np.uint8)
    picture[:, :16] = (10, 10, 250)  # beside the torso
    region = np.array([32.0, 32.0, 64.0, 0.0])
    landmarks = np.zeros((33, 2))
    landmarks[[11, 12, 24, 23]] = [[45, 20], [20, 20], [20, 45], [45, 45]]
    colours = torso_colours(picture, np.full((256, 256), 255, np.uint8), landmarks, region)
    assert colours is not None
    assert colours[0] == 1
    assert torso_colours(picture, np.zeros((256, 256), np.uint8), landmarks, region) is None
    assert difference(RED, RED) == 0
    assert difference(RED, BLUE) == 1
    assert difference(RED, (RED + BLUE) / 2) == pytest.approx(np.sqrt(1 - np.sqrt(0.5)))
