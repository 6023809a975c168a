"""From which probability on a material is said."""

from dataclasses import replace

import numpy as np
import pytest

from hybridcore.sound.learn.judged import Judged
from hybridcore.sound.learn.metrics import Detections
from hybridcore.sound.learn.sureness import coverage, right_if_said, sure_from
from hybridcore.sound.learn.unstruck import by_camera
from tests.sound.learn.test_data import example


def test_half_of_what_is_said_is_to_be_right() -> None:
    # Of 40 answers at 0.3 none is right, of 20 at 0.5 ten, of 20 at 0.7 twenty: 30 of 40 from 0.5.
    sureness = np.repeat([0.3, 0.3, 0.5, 0.7], 20)
    right = np.repeat([False, False, False, True], 20)
    right[40:50] = True
    assert 0.3 < sure_from([(sureness[::2], right[::2]), (sureness[1::2], right[1::2])]) <= 0.5
    assert sure_from([(sureness[:40], right[:40])]) == 1
    assert sure_from([(sureness[-10:], right[-10:])]) == 1  # too few to know


def test_what_is_said_is_counted_among_the_labelled() -> None:
    one = replace(example("2015-01-01-10-00-00-1", np.arange(4.0)),
                  event_material=np.array([2, 2, -1, 3]))
    judged = Judged(
        one, Detections(np.empty(0), np.empty(0), one.events), 0.5, np.zeros(4), np.zeros(4),
        np.zeros(4, int), material=np.array([2, 1, 2, 3]),
        sureness=np.array([0.6, 0.6, 0.9, 0.2]), sure=0.5)
    assert coverage([judged]) == pytest.approx(2 / 3)
    assert right_if_said([judged]) == 0.5


def test_a_camera_is_to_learn_from_or_to_judge_by() -> None:
    clips = [example(f"s{k // 2}-nofi{k}", np.empty(0)) for k in range(8)]
    learned, judged = by_camera(clips)
    assert [c.name for c in learned] == ["s0-nofi0", "s0-nofi1", "s2-nofi4", "s2-nofi5"]
    assert [c.name for c in judged] == ["s1-nofi2", "s1-nofi3", "s3-nofi6", "s3-nofi7"]
