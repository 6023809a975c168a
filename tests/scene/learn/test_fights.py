"""Fights: who is held out, and figures of made-up clips whose pace tells them apart."""

from __future__ import annotations

import numpy as np
import pytest

from hybridcore.scene.learn.courses import course_scores
from hybridcore.scene.learn.fights import PARTS, Fights, head_scores, linear_scores, rows_of
from hybridcore.teach.features import Features
from hybridcore.teach.fit import Lesson
from hybridcore.teach.marks import Mark
from hybridcore.training.metrics import auc


@pytest.fixture(scope="module")
def fights() -> Fights:
    """20 clips of 10 cameras; of fights every other number is higher."""
    rng = np.random.default_rng(0)
    lessons = []
    positive = np.arange(20) % 2 == 0
    for fight in positive:
        values = rng.normal(size=(6, 6)).astype(np.float32)
        values[:, ::2] += 2 * fight
        lessons.append(Lesson(Features(np.arange(6) / 10, values, {"pace": 6}, 0.6),
                              (Mark(0, 0.6, "fight" if fight else "normal"),)))
    return Fights(lessons, positive, np.arange(20) // 2)


def test_a_camera_is_held_out_as_a_whole(fights: Fights) -> None:
    parts = fights.parts(0)
    assert set(parts) == set(range(PARTS))
    for camera in range(10):
        assert len(set(parts[fights.cameras == camera])) == 1
    assert (parts != fights.parts(1)).any()


def test_heads_and_linear_models_tell_what_the_pace_tells(
    fights: Fights, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hybridcore.teach.fit.ROUNDS", 15)
    monkeypatch.setattr("hybridcore.teach.fit.BATCH", 6)
    parts = fights.parts(0, 2)
    for scores in (head_scores(fights, parts, memory=False), linear_scores(fights, parts)):
        assert auc(scores, fights.positive) > 0.95
    area, by_part = rows_of(fights, "made up", [fights.positive + 0.0] * 3, headline=True)
    assert (area["value"], area["interval"], by_part["value"]) == (1.0, [1.0, 1.0], 1.0)
    assert (area["count"], by_part["count"]) == (20, 30)


@pytest.mark.parametrize("over", ["mean", "lstm", "tcn"])
def test_what_is_held_out_is_not_learned(
    fights: Fights, over: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hybridcore.scene.learn.courses._ROUNDS", 15)
    steps = [one.features.values for one in fights.lessons]
    learned = np.arange(20) < 14
    scores = course_scores(steps, fights.positive, learned, over, 0)
    assert auc(scores[~learned], fights.positive[~learned]) > 0.9
    lying = np.where(learned, fights.positive, ~fights.positive)
    np.testing.assert_array_equal(course_scores(steps, lying, learned, over, 0), scores)
