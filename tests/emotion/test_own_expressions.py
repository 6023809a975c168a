"""What heads learn expressions from: the largest face, over all of the clip."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from hybridcore.emotion.face import FaceConfig
from hybridcore.emotion.face_lstm import FaceLSTMConfig
from hybridcore.emotion.own_expressions import expressions
from hybridcore.emotion.result import EmotionOutputs, EmotionResult, Person
from hybridcore.emotion.system import SYSTEM
from hybridcore.errors import MediaError
from hybridcore.layers.recurrent import LSTMTrace
from hybridcore.own_labels import teaching_of

TIMES = np.arange(75) / 25


def person(number: int, height: float, frames: np.ndarray) -> Person:
    """Somebody whose crops and memory are as grey as the number says."""
    states = np.full((len(frames), FaceLSTMConfig.hidden), number, np.float32)
    return Person(
        number, frames, np.tile(np.array([0.1, 0.1, 0.3, 0.1 + height], np.float32),
                                (len(frames), 1)),
        np.zeros((len(frames), 468, 2), np.float32),
        np.full((len(frames), 48, 48), number, np.uint8), {}, np.zeros(len(frames)),
        np.ones(len(frames)), np.zeros(len(frames), bool), LSTMTrace(*[states] * 6))


def answer_of(*people: Person) -> SimpleNamespace:
    """Of a CNN that finds how grey a crop is."""
    def look(crops: np.ndarray) -> SimpleNamespace:
        return SimpleNamespace(
            features=np.tile(crops[:, :1, 0].astype(np.float32), (1, FaceConfig.features)))

    outputs = EmotionOutputs(TIMES, 3.0, (640, 480), people, None)
    faces = SimpleNamespace(cnn=SimpleNamespace(look=look))
    return SimpleNamespace(result=EmotionResult("face", outputs, {}, {}),
                           model=SimpleNamespace(faces=faces))


def test_the_largest_face_of_every_step_and_zeros_where_nobody_is() -> None:
    small = person(1, 0.2, np.arange(25, 75))
    large = person(2, 0.5, np.arange(50, 75))
    found = expressions(answer_of(large, small))  # type: ignore[arg-type]
    assert found.parts == {"face": FaceConfig.features, "memory": FaceLSTMConfig.hidden}
    np.testing.assert_allclose(found.times, np.arange(30) / 10)
    expected = np.repeat([0, 1, 2], 10)
    np.testing.assert_array_equal(found.values, np.tile(expected[:, None], found.values.shape[1]))


def test_without_a_face_there_is_nothing_to_learn() -> None:
    with pytest.raises(MediaError, match="No face"):
        expressions(answer_of())  # type: ignore[arg-type]
    assert {part for one in teaching_of(SYSTEM).aspects for part in one.parts} == {"face", "memory"}
