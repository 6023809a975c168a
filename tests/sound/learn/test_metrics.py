"""Metrics against cases worked out by hand."""

import numpy as np
import pytest

from hybridcore.sound.learn.metrics import (
    Detections,
    average_precision,
    careful_threshold,
    class_average,
    correlation,
    counts,
    found,
    lateness,
    onset_f1,
    quiet_stretches,
    spectral_centroid,
)


def clip(times: list[float], scores: list[float], true: list[float]) -> Detections:
    return Detections(np.array(times), np.array(scores), np.array(true))


def test_an_event_is_matched_once() -> None:
    assert counts(clip([1.0, 1.05], [0.9, 0.8], [1.02]), 0.5) == (1, 1, 0)
    assert counts(clip([1.0, 1.05], [0.9, 0.4], [1.02]), 0.5) == (1, 0, 0)


def test_the_tolerance_is_a_tenth_of_a_second() -> None:
    assert counts(clip([1.09], [0.9], [1.0]), 0.5) == (1, 0, 0)
    assert counts(clip([1.11], [0.9], [1.0]), 0.5) == (0, 1, 1)


def test_a_stricter_tolerance_counts_less() -> None:
    assert counts(clip([1.07], [0.9], [1.0]), 0.5, tolerance=0.05) == (0, 1, 1)


def test_which_true_onsets_are_found() -> None:
    assert found(clip([1.0, 3.0], [0.9, 0.4], [1.02, 2.0, 3.0]), 0.5).tolist() == [1, 0, 0]


def test_lateness_is_that_of_the_clip_in_the_middle() -> None:
    clips = [clip([1 + late, 2 + late, 3.5], [0.9] * 3, [1.0, 2.0, 3.0])
             for late in (0.0, 0.01, 0.02, 0.03, 0.04)]
    assert lateness(clips, 0.5) == pytest.approx(0.02)
    assert lateness([clip([], [], [1.0])], 0.5) == 0


def test_neighbours_do_not_take_each_others_event() -> None:
    # The first could take either event; only if it takes the first is the second left for 1.15.
    assert counts(clip([1.0, 1.15], [0.9, 0.9], [0.95, 1.08]), 0.5) == (2, 0, 0)


def test_f1_adds_counts_over_clips() -> None:
    clips = [clip([1.0, 2.0], [0.9, 0.9], [1.0]), clip([], [], [1.0, 2.0])]
    assert onset_f1(clips, 0.5) == pytest.approx(2 * 1 / (2 * 1 + 1 + 2))


def test_average_precision_by_hand() -> None:
    # By score: right, wrong, right; three true events, one never found.
    clips = [clip([1.0, 2.0], [0.9, 0.8], [1.0, 5.0]), clip([3.0], [0.7], [3.05])]
    assert average_precision(clips) == pytest.approx((1 + 2 / 3) / 3)
    assert average_precision([clip([1.0], [0.5], [1.0])]) == 1
    assert average_precision([clip([], [], [1.0])]) == 0


def test_precision_does_not_depend_on_the_scale_of_scores() -> None:
    rng = np.random.default_rng(0)
    times, true = np.sort(rng.uniform(0, 30, 60)), np.sort(rng.uniform(0, 30, 40))
    scores = rng.random(60)
    one, other = Detections(times, scores, true), Detections(times, scores**3, true)
    assert average_precision([one]) == pytest.approx(average_precision([other]))


def test_the_threshold_is_high_where_that_costs_little() -> None:
    clips = [clip([1.0, 2.0, 3.0], [0.9, 0.8, 0.3], [1.0, 2.0])]
    assert careful_threshold(clips) == pytest.approx(0.8)
    many = np.arange(100.0)
    clips = [clip([*many, 200.0, 201.0], [*np.linspace(0.5, 0.9, 100), 0.49, 0.48], [*many])]
    assert onset_f1(clips, 0.5) == 1
    assert careful_threshold(clips, 0.0) == pytest.approx(0.5)
    assert careful_threshold(clips, 0.02) == pytest.approx(0.51)


def test_correlation_and_class_average() -> None:
    assert correlation(np.array([1.0, 2, 3]), np.array([2.0, 4, 6])) == pytest.approx(1)
    assert correlation(np.ones(3), np.arange(3.0)) == 0
    assert class_average(np.array([0, 0, 0, 0]), np.array([0, 0, 0, 1])) == pytest.approx(0.5)


def test_the_centroid_of_one_band_is_that_band() -> None:
    sound = np.zeros((2, 42))
    sound[0, 7] = 0.3
    sound[1, [10, 20]] = 1
    np.testing.assert_allclose(spectral_centroid(sound), [7, 15])


def test_quiet_stretches_keep_away_from_events() -> None:
    found = quiet_stretches(np.array([2.0, 2.5, 5.0]), 0.0, 5.5, longer=1.0)
    np.testing.assert_allclose(found, [(0.0, 1.9), (2.6, 4.9)])
