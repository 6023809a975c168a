"""Whose hands are whose."""

import numpy as np

from hybridcore.gesture.points import HANDS
from hybridcore.gesture.signers import signers
from hybridcore.people.masks import gathered
from hybridcore.people.result import Hand, People, Person
from hybridcore.people.steps import at_steps

COUNT = 12


def person(number: int, x: float, *, shoulders: float = 0.9) -> Person:
    landmarks = np.zeros((COUNT, 33, 5), np.float32)
    for point, place in {0: (x, 50), 11: (x + 40, 120), 12: (x - 40, 120), 13: (x + 60, 180),
                         14: (x - 60, 180), 15: (x + 70, 110), 16: (x - 70, 110)}.items():
        landmarks[:, point, :2] = place
        landmarks[:, point, 3:] = shoulders
    return Person(**_track(number), landmarks=landmarks,
                  world=np.zeros((COUNT, 33, 3), np.float32), masks=gathered([]))


def hand(number: int, place: tuple[float, float], right: float) -> Hand:
    landmarks = np.zeros((COUNT, 21, 3), np.float32)
    landmarks[:, :, :2] = np.add(place, np.arange(21)[:, None])
    return Hand(**_track(number), landmarks=landmarks, world=np.zeros((COUNT, 21, 3), np.float32),
                right=np.full(COUNT, right, np.float32))


def _track(number: int) -> dict[str, object]:
    return {"number": number, "frames": np.arange(COUNT), "times": np.arange(COUNT) / 30,
            "boxes": np.zeros((COUNT, 4), np.float32), "regions": np.zeros((COUNT, 4), np.float32),
            "presence": np.ones(COUNT, np.float32)}


def people(persons: tuple[Person, ...], hands: tuple[Hand, ...]) -> People:
    return People((480, 640), np.arange(COUNT) / 30, persons, hands, ())


def test_a_hand_belongs_to_the_nearest_wrist_whatever_it_looks_like() -> None:
    two = (person(1, 150), person(2, 450))
    found = signers(people(two, (hand(1, (82, 112), 0.1), hand(2, (522, 108), 0.9))))
    assert len(found) == 2
    first, second = (np.isfinite(one.points[0]).all(-1) for one in found)
    assert first[HANDS[1]].all()  # at the right wrist, though the network took it for a left hand
    assert not first[HANDS[0]].any()
    assert second[HANDS[0]].all()
    assert not second[HANDS[1]].any()


def test_hands_of_nobody_are_somebody_of_their_own() -> None:
    (alone,) = signers(people((), (hand(1, (100, 100), 0.9), hand(2, (300, 100), 0.1))))
    seen = np.isfinite(alone.points[0]).all(-1)
    assert seen[HANDS[0]].all()
    assert seen[HANDS[1]].all()
    assert not seen[:7].any()
    far = signers(people((person(1, 150),), (hand(1, (600, 400), 0.9),)))
    assert len(far) == 2


def test_bodies_without_shoulders_and_hands_are_left_out() -> None:
    assert signers(people((person(1, 150, shoulders=0.2),), ())) == []
    assert len(signers(people((person(1, 150),), ()))) == 1


def test_what_is_hardly_visible_is_kept_as_a_guess_and_not_counted_as_seen() -> None:
    body = person(1, 150)
    body.landmarks[4:, 13, 3], body.landmarks[4:, 13, 4] = 0.9, 0.4  # the lower of both counts
    (one,) = signers(people((body,), ()))
    np.testing.assert_array_equal(np.isfinite(one.points[:, 3]).all(-1), np.arange(COUNT) < 4)
    np.testing.assert_array_equal(one.landmarks[:, 3], np.tile([210, 180], (COUNT, 1)))
    np.testing.assert_allclose(one.visibility[:, 3], np.where(np.arange(COUNT) < 4, 0.9, 0.4))
    assert (one.visibility[:, 7:] == 0).all()  # no hand was found


def test_steps_lie_between_the_frames_and_know_nothing_of_gaps_and_of_missing_points() -> None:
    times = np.array([0.0, 0.1, 0.2, 1.0, 1.1])
    points = np.repeat(times[:, None, None], 2, 1).repeat(2, 2).astype(np.float32)
    points[1, 1] = np.nan
    steps, found = at_steps(points, times, 15.0)
    assert len(steps) == 17
    known = np.isfinite(found[:, 0]).all(-1)
    np.testing.assert_allclose(found[known, 0, 0], steps[known], atol=1e-6)
    assert known[steps <= 0.2].all()
    assert not known[(steps > 0.21) & (steps < 0.99)].any()
    assert np.isnan(found[1:3, 1]).all()
    assert np.isfinite(found[[0, 3], 1]).all()
