"""Metrics of identification against cases worked by hand."""

import numpy as np
import pytest

from hybridcore.gait.identification import distances
from hybridcore.gait.learn.evaluate import Identified, identify
from hybridcore.gait.learn.metrics import (
    equal_error,
    open_set,
    person_distances,
    ranks,
    roc,
    threshold_at,
)
from hybridcore.gait.learn.walks import Clips
from hybridcore.gait.model import VIEWS

NEAREST = np.array([[0.1, 0.5, 0.9], [0.4, 0.3, 0.8], [0.2, 0.6, 0.7]], np.float32)
TRUE = np.array([0, 0, 2])


def test_distances() -> None:
    found = distances(np.array([[0.0, 3.0]]), np.array([[4.0, 0.0], [0.0, 3.0]]))
    np.testing.assert_allclose(found, [[5, 0]])


def test_nearest_walk_of_each_person() -> None:
    found = person_distances(np.array([[3.0, 1.0, 2.0]]), np.array([0, 2, 0]), 3)
    np.testing.assert_array_equal(found, [[2, np.inf, 1]])


def test_ranks() -> None:
    assert ranks(NEAREST, TRUE).tolist() == [0, 1, 2]


def test_open_set_removes_the_true_person() -> None:
    known, unknown = open_set(NEAREST, TRUE)
    np.testing.assert_allclose(known, [0.1, np.inf, np.inf])  # the others are named wrongly
    np.testing.assert_allclose(unknown, [0.5, 0.3, 0.2])


def test_equal_error_where_one_of_four_crosses() -> None:
    known, unknown = np.array([0.1, 0.2, 0.3, 0.6]), np.array([0.4, 0.7, 0.8, 0.9])
    threshold, error = equal_error(known, unknown)
    assert threshold == pytest.approx(0.4)
    assert error == pytest.approx(0.25)
    thresholds, right, false = roc(known, unknown)
    assert (np.diff(right) >= 0).all()
    assert (np.diff(false) >= 0).all()
    assert right[thresholds.tolist().index(0.3)] == 0.75
    assert false[-1] == 1


def test_threshold_at_a_share_of_the_unknown() -> None:
    known, unknown = np.array([0.1, 0.45]), np.array([0.4, 0.5, 0.6, 0.7])
    assert threshold_at(known, unknown, 0.25) == pytest.approx(0.45)  # 0.5 would accept a half
    assert threshold_at(known, unknown, 0.0) == pytest.approx(0.1)


def test_the_diagonal_is_the_same_view() -> None:
    views = np.arange(len(VIEWS))
    rank = np.where(np.eye(len(VIEWS)) > 0, 0, 3)
    found = Identified(rank, np.zeros(len(VIEWS), int), views)
    assert found.row("same", 1, same=True)["value"] == 100
    assert found.row("across", 1, same=False)["value"] == 0
    assert found.row("across", 5, same=False)["value"] == 100
    assert found.row("across", 1, same=False)["count"] == 110
    np.testing.assert_array_equal(found.right(1), np.eye(len(VIEWS)))


def test_gallery_is_of_the_first_walks_and_normal() -> None:
    """Features name the person, but for walks that must not be enrolled: those name another."""
    grid = [(p, n, v, c) for p in (0, 1) for n in (1, 2, 3, 4) for v in range(11) for c in (0, 2)]
    person, number, view, condition = (np.array(column) for column in zip(*grid, strict=True))
    clips = Clips(np.zeros((len(grid), 0, 0), np.uint8), person, number, view, condition)
    enrolled = (number < 4) & (condition == 0)
    features = np.where(enrolled | (number == 4), person, 1 - person)[:, None].astype(np.float32)
    assert (identify(features, clips, 2).rank == 0).all()
