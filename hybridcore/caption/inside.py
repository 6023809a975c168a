"""The sentence of an answer that somebody looks at, and what stood behind its words."""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from hybridcore.caption.align_predict import Alignment
from hybridcore.caption.predict import Captioner
from hybridcore.caption.result import CaptionResult, Encoding, Inside
from hybridcore.system import Answer

CaptionAnswer = Answer[Any, CaptionResult]
# Several charts ask for the same; it lives as long as the answer.
_insides: WeakKeyDictionary[CaptionAnswer, dict[int, Inside]] = WeakKeyDictionary()


def inside_of(answer: CaptionAnswer, item: int) -> Inside:
    """What stood behind the sentence ``item`` of a picture, or of the segment ``item``."""
    insides = _insides.setdefault(answer, {})
    if item not in insides:
        model: Captioner = answer.model
        caption = answer.result.at(item)
        insides[item] = model.look_inside(cells_of(answer, item)[0], answer.kind, caption.numbers)
    return insides[item]


def cells_of(answer: CaptionAnswer, item: int) -> np.ndarray:
    """The encoder's cells, float32 ``[1, 49, 2560]``, of the picture that ``item`` is of."""
    encoding: Encoding = answer.outputs
    number, _ = answer.result.place(item)
    cells: np.ndarray = encoding.cells[number : number + 1]
    return cells


def picture_of(answer: CaptionAnswer, item: int) -> np.ndarray:
    """The picture that ``item`` is of, uint8 RGB ``[h, w, 3]``."""
    encoding: Encoding = answer.outputs
    number, _ = answer.result.place(item)
    picture: np.ndarray = (
        answer.source.array if encoding.segments is None else encoding.segments.frames[number])
    return picture


def alignment_of(answer: CaptionAnswer, item: int) -> Alignment:
    """A person's own sentence, or else the one that is chosen, aligned with its picture.

    Raises:
        TextError: none of its words is known, or there are too many.
        WeightsError: the aligner's weights are missing.
    """
    model: Captioner = answer.model
    text = answer.result.own.strip() or answer.result.at(item).text
    return model.aligner.align(cells_of(answer, item)[0], text)
