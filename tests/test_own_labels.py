"""Heads of a system: what they learn from, and features that they do not fit."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from hybridcore.errors import WeightsError
from hybridcore.own_labels import features_key, label_answer, new_head
from hybridcore.scene.system import SYSTEM
from hybridcore.store import store
from tests.scene.made_up import MadeUpClip, answer_of, made_up_result
from tests.teach.made import made_up

# Those of scenes, but narrow.
PARTS = {"appearance": 3, "close-up": 2, "motion": 2, "flow": 1, "pace": 2}


@dataclass
class Clip(MadeUpClip):
    digest: str = "a head's clip"


def test_a_head_learns_from_what_was_asked_and_reads_nothing_else(
    monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hybridcore.teach.fit.ROUNDS", 2)
    lesson = made_up(0, stretches=4)
    lesson = replace(lesson, features=replace(lesson.features, parts=PARTS))
    head = new_head(SYSTEM, [lesson], "Test", "motion only")
    assert (head.aspect, head.parts) == ("motion only", {"motion": 2, "flow": 1})
    assert head.learned_from == "Learned from motion only."
    answer = answer_of(made_up_result(), "lstm", Clip())
    store().keep(features_key(SYSTEM, answer.source.digest), lesson.features)
    assert label_answer(head, answer).times.tolist() == lesson.features.times.tolist()
    with pytest.raises(WeightsError, match="does not have"):
        label_answer(replace(head, parts={"motion": 1, "flow": 2}), answer)
