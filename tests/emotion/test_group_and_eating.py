"""Groups and people who eat: measurements with a known answer."""

import numpy as np
import pytest

from hybridcore.emotion.classes import EMOTIONS
from hybridcore.emotion.crops import mouth_opening
from hybridcore.emotion.eating import chewing, foods, speaking_while_chewing
from hybridcore.emotion.group import face_weights, group_mood, intensities
from hybridcore.emotion.result import EmotionOutputs, EmotionResult, Person
from hybridcore.encoder.labels import object_names
from tests.emotion.made_up import mesh

HAPPY = EMOTIONS.index("happy")


def person(number: int, box: tuple[float, float, float, float], p: np.ndarray) -> Person:
    """A face that is seen once; its crop is as grey as its number says."""
    return Person(number, np.zeros(1, np.int64), np.array([box], np.float32),
                  np.zeros((1, 468, 2), np.float32), np.full((1, 48, 48), number, np.uint8),
                  {"face": np.log(p)}, np.zeros(1, np.float32), np.ones(1, np.float32),
                  np.zeros(1, bool))


def of(*people: Person) -> EmotionResult:
    outputs = EmotionOutputs(np.zeros(1), 0.0, (640, 480), people, None)
    return EmotionResult("face", outputs, {"face": 1.0}, {"face": 0.5})


def only(emotion: int, share: float) -> np.ndarray:
    p = np.full((1, len(EMOTIONS)), (1 - share) / 6)
    p[0, emotion] = share
    return p


def test_happiness_runs_from_nought_to_five() -> None:
    log_p = np.log(np.concatenate([only(HAPPY, 0.9999), only(0, 0.9999)]))
    np.testing.assert_allclose(intensities(log_p), [5, 0], atol=0.01)


def test_large_faces_in_the_middle_count_most() -> None:
    row = np.array([[0, 0, 10, 10], [20, 0, 30, 10], [40, 0, 50, 10]], float)
    weights = face_weights(row)
    assert weights.sum() == pytest.approx(1)
    assert weights[1] > weights[0] == pytest.approx(weights[2])
    row[0] = [-10, -10, 20, 20]  # closer to the camera
    assert face_weights(row)[0] > weights[0]


def test_a_group_is_its_faces_in_one_frame() -> None:
    near = person(1, (0.3, 0.3, 0.6, 0.6), only(HAPPY, 0.8))
    far = person(2, (0.0, 0.0, 0.1, 0.1), only(0, 0.94))
    unseen = person(3, (0.5, 0.5, 0.9, 0.9), np.full((1, 7), np.nan))
    mood = group_mood(of(near, far, unseen), 0)
    assert mood is not None
    assert mood.people == (near, far)
    assert mood.mean == pytest.approx(5 * (0.8 + 0.01) / 2, abs=1e-4)
    assert mood.mean < mood.weighted < 4
    np.testing.assert_array_equal(mood.crops[:, 0, 0], [2, 1])  # what counts most comes last
    assert group_mood(of(near, far), 7) is None
    assert group_mood(of(near, unseen), 0) is None


def test_the_pace_of_a_mouth_is_measured() -> None:
    times = np.arange(0, 10, 1 / 25)
    opening = 0.1 + 0.08 * np.sin(2 * np.pi * 1.5 * times)
    chewed = chewing(opening, times)
    np.testing.assert_allclose(chewed.times, np.arange(2, 9))
    np.testing.assert_allclose(chewed.rate, 1.5, atol=0.08)
    assert chewed.chews.all()
    meshes = np.stack([mesh(mouth=float(value)) for value in opening])
    np.testing.assert_allclose(mouth_opening(meshes), opening, atol=1e-5)


def test_a_mouth_at_rest_or_at_random_does_not_chew() -> None:
    times = np.arange(0, 10, 1 / 25)
    rng = np.random.default_rng(0)
    assert not chewing(0.1 + 0.005 * rng.normal(size=len(times)), times).chews.any()
    rough = chewing(0.1 + 0.1 * rng.normal(size=len(times)), times)
    assert np.isfinite(rough.rate).all()
    assert rough.chews.mean() < 0.5
    assert len(chewing(np.zeros(30), times[:30]).times) == 0  # shorter than a window


def test_speaking_while_chewing_is_a_share_of_the_chewing() -> None:
    times = np.arange(0, 12, 1 / 25)
    opening = np.where(times < 6, 0.1 + 0.08 * np.sin(2 * np.pi * 1.5 * times), 0.1)
    chewed = chewing(opening, times)
    assert speaking_while_chewing(chewed, times, times < 6) > 0.8
    assert speaking_while_chewing(chewed, times, times > 8) == 0
    assert np.isnan(speaking_while_chewing(chewing(0 * opening, times), times, times < 6))


def test_foods_are_foods() -> None:
    logits = np.zeros(1000)
    logits[object_names().index("banana")] = 9
    logits[object_names().index("goldfish")] = 12
    (name, share), *others = foods(logits)
    assert name == "banana"
    assert 0 < share < 0.1
    assert "hay" not in [name for name, _ in foods(logits, 44)]
    assert len(others) == 2
