"""Patterns of units found in states that are made up, so that every place is known."""

import numpy as np

from hybridcore.layers.patterns import Place, places_like, units_on


def states() -> np.ndarray:
    """60 steps of 6 units: units 1, 2 and 4 are on from 10 to 14, again from 30 to 36 (with the
    third of them late), and two of them from 50 to 54."""
    h = np.full((60, 6), -0.2, np.float32)
    h[10:15, 1], h[10:15, 2], h[10:15, 4] = 0.9, 0.5, 0.7
    h[8:40, 5] = 0.31
    h[12, 5] = 0.2
    h[30:37, 1], h[30:37, 2], h[32:37, 4] = 0.8, 0.8, 0.8
    h[50:55, 1], h[50:55, 4] = 0.6, 0.6
    return h


def test_units_are_on_only_if_they_stay_on() -> None:
    assert units_on(states(), 10, 14, 0.3).tolist() == [1, 4, 2]
    assert units_on(states(), 10, 14, 0.6).tolist() == [1, 4]
    assert units_on(states(), 10, 11, 0.3).tolist() == [1, 4, 2, 5]
    assert units_on(states(), 10, 15, 0.3).tolist() == []


def test_places_with_more_of_the_units_come_first_and_the_span_itself_is_none() -> None:
    places = places_like(states(), np.array([1, 4, 2]), 10, 14, 0.3)
    assert places == [Place(32, 36, 3), Place(50, 54, 2)]


def test_where_the_units_are_on_for_less_than_the_span_there_is_no_place() -> None:
    h = states()
    h[36] = h[54] = h[32] = -1
    assert places_like(h, np.array([1, 4, 2]), 10, 14, 0.3) == []


def test_without_units_or_with_a_span_as_long_as_all_there_are_none() -> None:
    h = states()
    assert places_like(h, np.array([], int), 10, 14, 0.3) == []
    assert places_like(h, np.array([1]), 0, 59, -1.0) == []
