"""Non-maximum suppression and the vertex of a parabola."""

import numpy as np
import pytest

from hybridcore.peaks import suppress_neighbours, vertex


def test_the_highest_claim_their_surroundings() -> None:
    heights = np.array([0.9, 0.95, 0.5, 0.8, 0.8])
    positions = np.array([0.0, 0.1, 0.3, 0.32, 1.0])
    assert suppress_neighbours(heights, positions, 0.2).tolist() == [1, 3, 4]
    assert suppress_neighbours(heights, positions, 0.15).tolist() == [1, 3, 4]
    assert suppress_neighbours(heights, positions, 0.001).tolist() == [0, 1, 2, 3, 4]
    assert suppress_neighbours(np.array([1.0, 1.0]), np.array([3, 4]), 2).tolist() == [0]
    assert suppress_neighbours(np.empty(0), np.empty(0), 1).tolist() == []


def test_the_vertex_of_a_parabola() -> None:
    top = 0.3
    left, middle, right = (1 - (x - top) ** 2 for x in (-1, 0, 1))
    assert vertex(left, middle, right) == pytest.approx(top)
    assert vertex(1.0, 0.0, 1.0) == 0.0
