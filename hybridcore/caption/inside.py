"""The sentence of an answer that somebody looks at, and what stood behind its words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from hybridcore.caption.align_predict import Alignment
from hybridcore.caption.grid import CELLS
from hybridcore.caption.predict import SAY, Captioner
from hybridcore.caption.result import CaptionResult, Encoding, Inside
from hybridcore.caption.seen import SeenWord
from hybridcore.caption.word_regions import WordRegion, regions_of, word_regions
from hybridcore.system import Answer

CaptionAnswer = Answer[Any, CaptionResult]
# Several charts ask for the same; it lives as long as the answer.
_insides: WeakKeyDictionary[CaptionAnswer, dict[int, Inside]] = WeakKeyDictionary()


def inside_of(answer: CaptionAnswer, item: int) -> Inside | None:
    """What stood behind the sentence ``item`` of a picture, or of the segment ``item``; None where
    words stand alone in place of a sentence."""
    insides = _insides.setdefault(answer, {})
    if item not in insides:
        model: Captioner = answer.model
        caption, result = answer.result.at(item), answer.result
        if caption.alone:
            return None
        if answer.kind == SAY:
            number, _ = result.place(item)
            insides[item] = model.speaker.look_inside(
                result.pictures[number].heard, caption.numbers, given=result.given)
        else:
            insides[item] = model.look_inside(
                cells_of(answer, item)[0], answer.kind, caption.numbers)
    return insides[item]


def words_of(answer: CaptionAnswer, item: int) -> tuple[SeenWord, ...]:
    """The words that were seen in the picture of ``item``, the surest first: all of them, as they
    were seen."""
    model: Captioner = answer.model
    (words,) = model.seer.words_in(encoding_of(answer, item).seen)
    return words


def heard_of(answer: CaptionAnswer, item: int) -> tuple[SeenWord, ...]:
    """The words that a sentence about the picture of ``item`` is made from."""
    number, _ = answer.result.place(item)
    model: Captioner = answer.model
    if answer.kind == SAY:
        return answer.result.pictures[number].heard
    return model.speaker.hearer.choose(words_of(answer, item))


def word_maps(answer: CaptionAnswer, item: int, names: Iterable[str]) -> dict[str, np.ndarray]:
    """Where words are in the picture of ``item``, float32 ``[7, 7]`` in 0..1 each; those that a
    person added may be nowhere."""
    encoding = encoding_of(answer, item)
    model: Captioner = answer.model
    return model.seer.maps(encoding.seen, encoding.cells[0], tuple(names))


def maps_of(answer: CaptionAnswer, item: int) -> np.ndarray | None:
    """A map for every word of the sentence ``item``, ``[T, 7, 7]``: where the network looked, or
    where the seen word is that supports it, empty where language added it. None: it looks
    nowhere."""
    caption = answer.result.at(item)
    if answer.kind == SAY:
        found = word_maps(answer, item, {name for name in caption.supports if name})
        nowhere = np.zeros((CELLS, CELLS), np.float32)
        return np.stack([found.get(name or "", nowhere) for name in caption.supports])
    inside = inside_of(answer, item)
    return None if inside is None else inside.attention


def cells_of(answer: CaptionAnswer, item: int) -> np.ndarray:
    """The encoder's cells, float32 ``[1, 49, 2560]``, of the picture that ``item`` is of."""
    return encoding_of(answer, item).cells


def encoding_of(answer: CaptionAnswer, item: int) -> Encoding:
    """Of the picture or segment that ``item`` is of, as it was read for this answer."""
    encoding: Encoding = answer.outputs
    number, _ = answer.result.place(item)
    return encoding.read_by(answer.options["shot"]).one(number)


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
    return model.aligner.align(
        cells_of(answer, item)[0], text, regions=regions_of(regions_in(answer, item)))


def regions_in(answer: CaptionAnswer, item: int) -> list[WordRegion]:
    """Where the heard words are in the picture of ``item``."""
    model: Captioner = answer.model
    heard = heard_of(answer, item)
    maps = word_maps(answer, item, [word.name for word in heard])
    return word_regions(heard, maps, model.speaker.hearer.kind_of)
