"""Real clips labelled by eye, and how what is said of them is counted."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from hybridcore.pose.actions import ACTIONS
from hybridcore.pose.learn.real_clips import RealClip, Stretch, judge, read_clips, rows_of
from tests.pose.made_up import CHANGE, DOES, KINDS, body

KIND = KINDS[0]


def clip(*stretches: Stretch) -> RealClip:
    return RealClip("owner/name", "a.mp4", "yard", "made up", False, stretches)


def test_stretches_have_names_of_actions_and_an_order() -> None:
    clips = read_clips()
    assert {one.fit for one in clips} == {True, False}
    judging = {one.source for one in clips if not one.fit}
    assert not judging & {one.source for one in clips if one.fit}
    for one in clips:
        assert all(set(stretch.labels) <= set(ACTIONS) for stretch in one.stretches)
        assert all(stretch.start < stretch.end for stretch in one.stretches)
        assert all(a.end <= b.start for a, b in pairwise(one.stretches))


def test_right_wrong_and_unnamed_steps_are_counted() -> None:
    first, second = DOES[KIND]
    judged = judge(clip(
        Stretch(0.0, CHANGE, (first,)),  # right
        Stretch(CHANGE, 1.5, ("walking",)),  # wrong, and sure
        Stretch(1.5, 2.0, ())), [body()], KIND, 0.5)
    assert [one.right.mean() for one in judged] == [1, 0, 0]
    assert all(one.named.all() for one in judged)
    assert {ACTIONS[k] for k in judged[1].said} == {second}
    named, right, wrong, *others = rows_of(judged)
    count = [len(one.said) for one in judged]
    assert named["value"] == 100
    assert named["count"] == sum(count[:2])  # what has no name need not be named
    assert right["value"] == pytest.approx(100 * count[0] / sum(count), abs=0.01)
    assert {row["name"]: row["value"] for row in others} == {
        "standing is named": 100, "walking is named": 0}
    assert wrong["value"] == pytest.approx(100 * sum(count[1:]) / sum(count), abs=0.01)


def test_a_stretch_is_about_who_stands_in_its_part_of_the_picture() -> None:
    both = [body(1), body(3)]  # at 0.2 and at 0.6 of the width
    apart = judge(clip(Stretch(0, 1, ("standing",), (0.5, 0.7))), both, KIND, 0.5)
    together = judge(clip(Stretch(0, 1, ("standing",))), both, KIND, 0.5)
    assert 2 * len(apart[0].said) == len(together[0].said) > 0
    unsure = judge(clip(Stretch(0, 1, ("standing",))), both, KIND, 1.0)
    assert not unsure[0].named.any()
    assert np.isin(unsure[0].sure, together[0].sure).all()
