"""Counted shares and their intervals."""

import pytest

from hybridcore.shares import wilson


def test_wilson_against_published_values() -> None:
    low, high = wilson(8, 20)  # R: prop.test(8, 20, correct = FALSE)
    assert (low, high) == (pytest.approx(0.2188, abs=1e-3), pytest.approx(0.6134, abs=1e-3))
    assert wilson(0, 0) == (0.0, 1.0)
