"""What a unit goes with, where it is known."""

import numpy as np
import pytest

from hybridcore.layers.correlates import correlations, goes_with


def test_a_unit_goes_with_the_signal_that_it_follows_or_opposes() -> None:
    rng = np.random.default_rng(0)
    kitchen, door = np.repeat([0.0, 1, 0], 30), np.tile([0.0, 0, 1], 30)
    states = rng.normal(size=(90, 4)) * 0.1
    states[:, 1] += kitchen
    states[:, 3] -= 2 * door
    states[:, 2] = 0.4  # never moves
    found = goes_with(states, {"kitchen": kitchen, "door": door, "level": np.ones(90)})
    assert {unit: name for unit, (name, _) in found.items()} == {1: "kitchen", 3: "door"}
    assert found[1][1] == pytest.approx(np.corrcoef(states[:, 1], kitchen)[0, 1])
    assert found[3][1] < -0.9


def test_over_a_few_steps_nothing_is_said() -> None:
    line = np.arange(8.0)
    assert correlations(line[:, None], line[:, None]) == pytest.approx(1)
    assert goes_with(line[:, None], {"line": line}) == {}
    assert goes_with(np.tile(line, 9)[:, None], {}) == {}
