"""What happens in the samples, as every system names it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from hybridcore.system import Answer, At, Sample, System
from hybridcore.view import all_events
from tests.systems.conftest import CASES, name

AnswerOf = Callable[[System, Sample, str], Answer[Any, Any]]


@pytest.mark.parametrize("case", CASES, ids=name)
def test_events_lie_in_the_film_and_in_order(
    case: tuple[System, Sample], answered: AnswerOf
) -> None:
    system, sample = case
    answer = answered(system, sample, system.kinds[0].key)
    view, own = system.view(answer, 0), system.events(answer)
    if view is None:
        assert not own  # nothing is played, so there is nowhere to go
        return
    times = [event.time for event in all_events(view, own)]
    assert times == sorted(times)
    assert all(view.times[0] <= time <= view.times[-1] + 0.2 for time in times)
    assert all(event.title for event in own)


@pytest.mark.parametrize("case", CASES, ids=name)
def test_what_is_worked_out_adds_up_over_a_map(
    case: tuple[System, Sample], answered: AnswerOf
) -> None:
    system, sample = case
    if system.worked is None:
        pytest.skip("this system works no number out")
    for kind in system.kinds:
        product = system.worked(answered(system, sample, kind.key), At())
        if product is not None:
            assert product.weights.sum() == pytest.approx(1, abs=1e-3)
            assert product.weights.shape == product.values.shape
            assert product.total > 0
