"""Why a label is said, and memories that are changed, in the first sample of every system that can
be asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from hybridcore.layers.influence import influence, probabilities, probabilities_from, trace_of
from hybridcore.layers.surgery import Wipe, operate
from hybridcore.studio.why import NAMED, account_of
from hybridcore.system import Answer, At, Sample, System
from hybridcore.why import Why
from tests.systems.conftest import KINDS, name

AnswerOf = Callable[[System, Sample, str], Answer[Any, Any]]
ASKED = [case for case in KINDS if case[0].why is not None]


def why_of(case: tuple[System, str], answered: AnswerOf) -> Why:
    """At a frame in the middle of what the first sample shows."""
    system, kind = case
    answer = answered(system, system.samples[0], kind)
    view = system.view(answer, 0)
    assert system.why is not None
    assert view is not None
    why = system.why(answer, At(frame=len(view.times) // 2))
    if why is None:
        pytest.skip("the frames are lost in what this model reads")
    return why


@pytest.mark.parametrize("case", ASKED, ids=name)
def test_the_frames_named_carry_the_label(
    case: tuple[System, str], answered: AnswerOf
) -> None:
    why = why_of(case, answered)
    reading, label = why.readings[0], int(why.asked[why.frame])
    system, kind = case
    assert reading.title == system.kind(kind).title
    said = probabilities(reading)[reading.step_of(why.frame)]
    assert said.shape == (len(why.labels),)
    account = account_of(why, label)
    assert len(account.thumbs) == len(account.named) <= NAMED
    contribution = influence(reading, reading.step_of(why.frame), label).contribution
    assert contribution.shape == why.times.shape
    if reading.causal:
        assert not contribution[reading.step_of(why.frame) + 1 :].any()


@pytest.mark.parametrize("case", ASKED, ids=name)
def test_a_memory_that_is_not_changed_says_exactly_the_same(
    case: tuple[System, str], answered: AnswerOf
) -> None:
    reading = why_of(case, answered).readings[0]
    if reading.lstm is None:
        pytest.skip("no LSTM")
    trace = trace_of(reading)
    before = probabilities(reading)
    np.testing.assert_array_equal(probabilities_from(reading, operate(trace, [])), before)
    middle = len(reading) // 2
    after = probabilities_from(reading, operate(trace, [Wipe(middle, middle)]))
    np.testing.assert_allclose(after[:middle], before[:middle], atol=1e-6)
    assert np.abs(after - before)[middle:].max() > 0.01


def test_scenes_are_asked_about_as_they_are_shown(answered: AnswerOf) -> None:
    system = next(system for system, _ in ASKED if system.key == "scene")
    why = why_of((system, "lstm"), answered)
    answer = answered(system, system.samples[0], "lstm")
    for reading, kind in zip(why.readings, ("lstm", "tcn", "frame"), strict=True):
        shown = probabilities(reading) * why.share[:, None]
        np.testing.assert_allclose(shown, answer.result.tracks[kind].probabilities, atol=0.01)
    only = influence(why.readings[2], why.frame, int(why.asked[why.frame])).contribution
    assert np.flatnonzero(only).tolist() == [why.frame]
