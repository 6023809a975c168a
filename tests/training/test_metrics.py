"""Metrics against cases counted by hand."""

import numpy as np
import pytest

from hybridcore.training.metrics import (
    auc,
    auc_interval,
    bootstrap,
    edit_score,
    f1,
    match_times,
    segment_matches,
    top_k,
)


def test_top_k() -> None:
    scores = np.array([[0.1, 0.7, 0.2], [0.5, 0.3, 0.2], [0.2, 0.3, 0.5]])
    labels = np.array([1, 1, 0])
    assert top_k(scores, labels, 1) == pytest.approx(1 / 3)
    assert top_k(scores, labels, 2) == pytest.approx(2 / 3)


def test_segments_overlap() -> None:
    true = np.array([0] * 10 + [1] * 10)
    predicted = np.array([0] * 6 + [1] * 14)  # IoU 6/10 and 10/14
    assert segment_matches(predicted, true, 0.5) == (2, 0, 0)
    assert segment_matches(predicted, true, 0.7) == (1, 1, 1)
    flicker = np.array([0, 1] * 10)
    hits, false, missed = segment_matches(flicker, true, 0.1)
    assert (hits, missed) == (2, 0)
    assert false == 18
    assert f1(hits, false, missed) == pytest.approx(2 * 2 / (2 * 2 + 18))


def test_edit_score_counts_segments_not_frames() -> None:
    true = np.array([0] * 10 + [1] * 10)
    assert edit_score(np.array([0] * 3 + [1] * 17), true) == 1
    assert edit_score(np.array([0] * 5 + [2] * 5 + [1] * 10), true) == pytest.approx(2 / 3)


def test_each_event_is_matched_once() -> None:
    assert match_times(np.array([9, 11, 30]), np.array([10, 31]), 2) == [(0, 0), (2, 1)]
    assert match_times(np.array([]), np.array([3.0]), 1) == []


def test_bootstrap_covers_the_mean() -> None:
    rng = np.random.default_rng(0)
    counts = np.full(200, 50.0)
    sums = rng.binomial(50, 0.3, 200).astype(float)
    value, low, high = bootstrap(sums, counts)
    assert low < value < high
    assert abs(value - 0.3) < 0.03
    assert 0.005 < high - low < 0.06


def test_the_area_is_how_often_a_positive_lies_above() -> None:
    positive = np.array([True, False, True, False])
    assert auc(np.array([4.0, 3.0, 2.0, 1.0]), positive) == 0.75
    assert auc(np.zeros(4), positive) == 0.5
    assert auc(-np.array([4.0, 3.0, 2.0, 1.0]), positive) == 0.25


def test_intervals_of_areas_resample_groups_and_pairs() -> None:
    rng = np.random.default_rng(0)
    positive, groups = np.arange(80) % 2 == 0, np.arange(80) // 4
    scores = positive + rng.normal(size=80)
    value, low, high = auc_interval([scores], positive, groups, samples=200)
    assert value == auc(scores, positive)
    assert 0.5 < low < value < high < 1
    assert auc_interval([scores], positive, groups, less=[scores], samples=50) == (0, 0, 0)
    assert auc_interval([scores], positive, groups, less=[-scores], samples=50)[0] == \
        pytest.approx(2 * value - 1)
