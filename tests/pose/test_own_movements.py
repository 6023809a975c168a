"""What heads learn movements from: the largest body, over all of the clip."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from hybridcore.own_labels import features_of as kept_features
from hybridcore.own_labels import teaching_of
from hybridcore.pose.features import RATE, SIZE, STILL_SIZE
from hybridcore.pose.own_movements import features_of, movements
from hybridcore.pose.result import Body
from hybridcore.pose.system import SYSTEM
from tests.pose.made_up import answer_of, body, result_of

HIDDEN = 160  # of the LSTM that ships


def remembered(one: Body, value: float = 1.0) -> Body:
    """The same body, of which the LSTM has a memory of its real size."""
    reading = one.readings["lstm"]
    hidden = np.full((len(one.steps), HIDDEN), value, np.float32)
    return replace(one, readings={**one.readings, "lstm": replace(reading, hidden=hidden)})


def moving(one: Body, hertz: float) -> Body:
    """Somebody who moves both arms up and down so many times a second."""
    landmarks = one.landmarks.copy()
    landmarks[:, 13:17, 1] -= 0.15 * (1 - np.cos(2 * np.pi * hertz * one.times))[:, None]
    return replace(one, landmarks=landmarks)


def test_there_is_a_row_for_every_step_and_an_empty_body_where_nobody_is() -> None:
    found = features_of(result_of(remembered(body(first=30))))
    assert found.parts == {"pose": STILL_SIZE, "motion": SIZE - STILL_SIZE, "memory": HIDDEN}
    assert len(found) == 30
    nobody, there = found.values[:15], found.values[15:]
    assert (nobody == nobody[0]).all()
    assert not nobody[:, SIZE:].any()
    assert (there[:, SIZE:] == 1).all()
    assert (np.abs(there[:, :STILL_SIZE] - nobody[0, :STILL_SIZE]).max(1) > 0.5).all()
    assert np.abs(there[2:, STILL_SIZE:SIZE]).max() < 1e-2  # stands still


def test_of_two_people_the_larger_one_is_taken_where_it_is_there() -> None:
    small = remembered(body(1), 1.0)
    large = remembered(body(2, last=30), 2.0)
    large = replace(large, boxes=large.boxes + np.array([0, -0.1, 0, 0.1], np.float32))
    for bodies in ((small, large), (large, small)):
        memory = features_of(result_of(*bodies)).values[:, SIZE]
        np.testing.assert_array_equal(memory, [2.0] * 15 + [1.0] * 15)
    done = []
    movements(answer_of(result_of(small, large)), lambda *so_far: done.append(so_far))
    assert done == [(1, 2), (2, 2)]


def test_heads_find_what_their_aspects_name_and_tell_movement_from_rest() -> None:
    answer = answer_of(result_of(remembered(moving(body(), 2.0))))
    features = kept_features(replace(answer, source=SimpleNamespace(digest="moving")))
    still = features_of(result_of(remembered(body())))
    for aspect in teaching_of(SYSTEM).aspects:
        assert features.only(aspect.parts).values.shape == still.only(aspect.parts).values.shape
    flapping, resting = (np.abs(one.only({"motion"}).values).sum(1) for one in (features, still))
    assert np.median(flapping) > 10 * np.median(resting) + 1
    assert features.step == pytest.approx(1 / RATE)
