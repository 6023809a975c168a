"""The map of clothes and how it is judged, on numbers that can be worked out."""

import numpy as np
import pytest

from hybridcore.gait.learn import clothes
from hybridcore.gait.learn.clothes_lstm import strongest, train_lstm
from hybridcore.gait.learn.clothes_metrics import Trials, trials

PEOPLE, FEATURES = 12, 10


@pytest.fixture(scope="module")
def looks() -> np.ndarray:
    """Three features tell people apart, five change with camera and side far more."""
    rng = np.random.default_rng(0)
    found = np.zeros((2, PEOPLE, 2, 8, FEATURES), np.float32)
    found[..., :3] = rng.normal(0, 1, (PEOPLE, 1, 1, 3))
    found[..., 3:8] = rng.normal(0, 5, (2, 8, 5))
    return found + rng.normal(0, 0.05, found.shape).astype(np.float32)


def test_the_map_keeps_what_tells_people_apart(looks: np.ndarray) -> None:
    people = np.arange(PEOPLE)
    seen, held = people[:8], people[8:]
    found = {}
    for name, embed in (
        ("map", clothes.mean_of(*clothes.fit(looks[:, seen], 3, 0.01))),
        ("untrained", clothes.untrained)):
        tracks = clothes.tracks_of(looks[0], 1, embed)
        assert np.linalg.norm(tracks, axis=-1) == pytest.approx(1)
        found[name] = trials(tracks, clothes.across(1), held)
    assert (found["map"].rank == 0).mean() > 0.95
    assert (found["untrained"].rank == 0).mean() < 0.6
    assert found["map"].equal_error() < 0.1 < found["untrained"].equal_error()


def test_trials_are_of_the_person_and_of_everybody_else() -> None:
    tracks = np.zeros((3, 2, 1, 3))
    for person in range(3):
        tracks[person, :, 0, person] = 1
    tracks[1, 1, 0] = 0.6, 0.8, 0  # the second camera takes the second for the first, in part
    result = trials(tracks, [((0, 0), (1, 0))], np.array([0, 1]))
    assert result.own == pytest.approx(np.array([[1, 1], [0.8, 0.8]]))
    assert result.others[0] == pytest.approx(np.array([[0.6, 0], [0, 0]]))
    assert result.others[1] == pytest.approx(np.array([[0, 0], [0.6, 0]]))
    assert (result.rank == 0).all()
    assert result.missed(0.9) == pytest.approx([0, 1])
    assert result.mistaken(0.5) == pytest.approx([0.25, 0.25])


def test_equal_error_is_where_both_errors_meet() -> None:
    own = np.array([[0.2, 0.6, 0.7, 0.8]])
    others = np.array([[[0.1], [0.3], [0.15], [0.65]]])
    assert Trials(own, others).equal_error() == pytest.approx(0.25, abs=1e-6)


def test_thresholds_are_the_shares_that_they_say() -> None:
    rng = np.random.default_rng(1)
    own, others = rng.uniform(0.5, 1, (5, 1000)), rng.uniform(-1, 0.6, (5, 1000, 4))
    same_pictures = Trials(np.ones((5, 10)), others[:, :10])
    same, other = clothes.thresholds([
        {"two cameras": Trials(own, others), clothes.SAME_PICTURES: same_pictures}])
    assert (others >= same).mean() == pytest.approx(clothes.MISTAKEN, abs=3e-4)
    assert (own < other).mean() == pytest.approx(clothes.MISSED, abs=1e-3)


def test_pairs_of_one_camera_share_no_picture() -> None:
    for views in (1, 3):
        for (one, i), (other, j) in clothes.within(views):
            assert one == other
            sides = [{(first + k) % 8 for k in range(views)} for first in (i, j)]
            assert not sides[0] & sides[1]
    assert len(clothes.across(8)) == 1
    assert clothes.across(1, same=True) == [((0, k), (1, k)) for k in range(8)]


def test_an_lstm_on_top_begins_as_the_mean(looks: np.ndarray) -> None:
    mapped = clothes.fit(looks, 3, 0.01)
    embed = train_lstm(looks, mapped, on_top=True, minutes=1e-9, seed=0)
    tracks = looks[0, :, :, :4]
    assert embed(tracks) == pytest.approx(clothes.mean_of(*mapped)(tracks), abs=1e-5)
    matrix, bias = strongest(looks[..., :8])
    assert np.cov((looks[..., :8].reshape(-1, 8) @ matrix + bias).T) == pytest.approx(
        np.eye(8), abs=1e-3)
