"""The time left is said once it is steady, and then it falls."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from hybridcore.time_left import TimeLeft


def said(times: np.ndarray, fractions: np.ndarray) -> list[float | None]:
    left = TimeLeft(0.0)
    return [left.seconds(float(f), float(t)) for t, f in zip(times, fractions, strict=True)]


def test_even_work_is_estimated_right_after_a_moment() -> None:
    times = np.arange(0.5, 30, 0.5)
    found = said(times, times / 30)
    assert found[:4] == [None] * 4
    for time, left in zip(times[6:], found[6:], strict=True):
        assert left == pytest.approx(30 - time, abs=1e-6)


def test_work_that_slows_down_takes_its_number_back_and_never_climbs() -> None:
    """Half is done in 3 s and the other half takes a minute: "3 s left" must not climb to 60 s."""
    times = np.arange(0.5, 63, 0.5)
    fractions = np.where(times < 3, times / 6, 0.5 + (times - 3) / 120)
    found = said(times, fractions)
    for before, after in itertools.pairwise(found):
        assert before is None or after is None or after <= before
    ends = [t + left for t, left in zip(times, found, strict=True) if left is not None and t > 30]
    assert ends
    assert ends[-1] == pytest.approx(63, abs=5)


def test_work_that_stands_still_says_nothing() -> None:
    times = np.arange(0.5, 40, 0.5)
    found = said(times, np.minimum(times / 20, 0.5))
    assert any(left is not None for left in found[:20])
    assert not any(left is not None and left < 1 for left in found)
