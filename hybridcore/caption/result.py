"""What the encoder gave of pictures, and the sentences that a captioner made from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from hybridcore.caption.options import MIDDLE_FRAME
from hybridcore.caption.seen import Seen, SeenWord
from hybridcore.layers.flow import Step
from hybridcore.layers.recurrent import LSTMTrace

Span = tuple[float, float]
MEAN_STEP = "mean over frames"  # on the way of a video


class Segmentation(Protocol):
    """How a video is cut into segments; found elsewhere.

    times: float64 ``[T]``, s, of every frame. spans: start and end of each segment, s.
    """

    @property
    def times(self) -> NDArray[np.float64]: ...

    def spans(self) -> list[Span]: ...


@dataclass(frozen=True)
class Segments:
    """The N segments of a video of T frames.

    spans: float64 ``[N, 2]``, start and end, s. frames: uint8 ``[N, h, w, 3]``, the one in the
    middle of each, its longer side at most 640. times: float64 ``[T]``, s, of every frame.
    """

    spans: NDArray[np.float64]
    frames: NDArray[np.uint8]
    times: NDArray[np.float64]

    def first(self, count: int) -> Segments:
        """The same video up to the end of its segment number ``count`` (from 1)."""
        inside = self.times < self.spans[count - 1, 1]
        return Segments(self.spans[:count], self.frames[:count], self.times[inside])


@dataclass(frozen=True)
class Encoding:
    """What the encoder gave of a picture (N = 1), or of each segment of a video, read as the mean
    of a few of its frames (:mod:`hybridcore.caption.shots`).

    cells: float32 ``[N, 49, 2560]``, row by row of the 7 x 7 grid. seen: the words found in them.
    contrasts: float32 ``[N]`` (:func:`hybridcore.caption.sureness.contrast`). flow: shapes on the
    way. segments: of a video. middle: the same of the middle frame of each segment alone.
    """

    cells: NDArray[np.float32]
    seen: Seen
    contrasts: NDArray[np.float32]
    flow: tuple[Step, ...]
    segments: Segments | None = None
    middle: Encoding | None = None

    def read_by(self, shot: str) -> Encoding:
        """As shots are read by the option ``shot``; a picture is read as it is."""
        if shot != MIDDLE_FRAME or self.middle is None:
            return self
        flow = tuple(replace(step, name="middle frames") if step.name == MEAN_STEP else step
                     for step in self.flow)
        return replace(self.middle, flow=flow, segments=self.segments)

    def one(self, number: int) -> Encoding:
        """Only picture or segment ``number``, as a picture."""
        part = slice(number, number + 1)
        return Encoding(
            self.cells[part], self.seen.part(part), self.contrasts[part], ())


@dataclass(frozen=True)
class Caption:
    """A sentence. ``words`` ends with ``<end>`` unless it was stopped at the longest length;
    ``probabilities`` are those of the words, given the ones before; ``log_probability`` is the sum
    of their logarithms. supports: of a model that says what it saw, the seen word that each word
    says, None where language added it.

    Where words stand alone in place of a sentence there are no ``numbers``.
    """

    text: str
    words: tuple[str, ...]
    numbers: tuple[int, ...]
    probabilities: tuple[float, ...]
    log_probability: float
    supports: tuple[str | None, ...] = ()

    @property
    def alone(self) -> bool:
        """Whether these are words in place of a sentence."""
        return not self.numbers

    def to_json(self) -> dict[str, Any]:
        """``{"text", "log_probability", "words": [{"word", "probability", "seen"}]}``; ``seen``:
        what supports the word, of models that say what they saw."""
        words: list[dict[str, Any]] = [
            {"word": word, "probability": round(p, 4)}
            for word, p in zip(self.words, self.probabilities, strict=True)]
        for word, support in zip(words, self.supports, strict=False):
            word["seen"] = support
        return {"text": self.text, "log_probability": round(self.log_probability, 4),
                "words": words}


@dataclass(frozen=True)
class Confidence:
    """Calibrated probabilities that a sentence is right, partly right or wrong; they sum to 1."""

    right: float
    partly: float
    wrong: float

    @property
    def not_wrong(self) -> float:
        """That it is right, or partly."""
        return 1 - self.wrong

    def to_json(self) -> dict[str, float]:
        """``{"right", "partly", "wrong"}``."""
        return {name: round(value, 3) for name, value in vars(self).items()}


@dataclass(frozen=True)
class Node:
    """One word that beam search followed: ``parent`` is the position of the word before it in the
    tree (-1: the first), ``score`` the log-probability of the sentence up to it, ``best`` whether
    the best sentence goes through it."""

    word: str
    step: int
    parent: int
    probability: float
    score: float
    best: bool


@dataclass(frozen=True)
class Captions:
    """The sentences of one picture, the best first, and every word that was followed.

    Of a model that says what it saw: heard, the words that the sentences are made from, the surest
    first; sure, whether they support a sentence, otherwise they stand alone before it; confidence,
    in the best sentence. None where a model knows nothing of that.
    """

    captions: tuple[Caption, ...]
    tree: tuple[Node, ...]
    heard: tuple[SeenWord, ...] = ()
    sure: bool | None = None
    confidence: Confidence | None = None

    @property
    def best(self) -> Caption:
        """The sentence that won."""
        return self.captions[0]

    def to_json(self) -> dict[str, Any]:
        """``{"captions": [...]}``, and of a model that says what it saw ``{"sure", "confidence",
        "words_seen": [{"word", "probability"}]}``."""
        captions: dict[str, Any] = {"captions": [caption.to_json() for caption in self.captions]}
        if self.confidence is None:
            return captions
        return {
            "sure": self.sure, "confidence": self.confidence.to_json(),
            "words_seen": [{"word": word.name, "probability": round(word.probability, 4)}
                           for word in self.heard],
            **captions}

    def to_table(self) -> list[dict[str, Any]]:
        """One row a sentence; with ``sure``, yes or no, where that is known."""
        sure = {} if self.sure is None else {"sure": "yes" if self.sure else "no"}
        return [
            {"rank": rank + 1, "caption": caption.text,
             "log_probability": round(caption.log_probability, 4), **sure}
            for rank, caption in enumerate(self.captions)
        ]


@dataclass(frozen=True)
class CaptionResult:
    """The sentences of a picture, or of every segment of a video.

    kind: of the network. pictures: one, or one a segment. spans: of the segments, s; None for a
    picture. given: how many words at the beginning were given. unknown: those that a person gave
    and that are not known; they are left out. own: a person's own sentence, to be aligned in place
    of the network's; empty: none.
    """

    kind: str
    pictures: tuple[Captions, ...]
    spans: tuple[Span, ...] | None = None
    given: int = 0
    unknown: tuple[str, ...] = ()
    own: str = ""

    def place(self, item: int) -> tuple[int, int]:
        """Picture and rank of what is chosen: a sentence of the picture, or a segment."""
        return (0, item) if self.spans is None else (item, 0)

    def at(self, item: int) -> Caption:
        """The sentence that is chosen."""
        number, rank = self.place(item)
        return self.pictures[number].captions[rank]

    def to_json(self) -> dict[str, Any]:
        """``{"captions": [...]}`` of a picture, ``{"segments": [{"start", "end", "captions"}]}`` of
        a video."""
        if self.spans is None:
            return self.pictures[0].to_json()
        return {"segments": [
            {**times, **picture.to_json()}
            for times, picture in zip(_rounded(self.spans), self.pictures, strict=True)
        ]}

    def to_table(self) -> list[dict[str, Any]]:
        """One row a sentence; those of a video begin with ``start`` and ``end``."""
        if self.spans is None:
            return self.pictures[0].to_table()
        return [
            {**times, **row}
            for times, picture in zip(_rounded(self.spans), self.pictures, strict=True)
            for row in picture.to_table()
        ]


@dataclass(frozen=True)
class Inside:
    """What stood behind every word of one sentence, T words.

    alternatives: the ten likeliest words at every step, and their probabilities float32
    ``[T, 10]``; entropy float32 ``[T]``, bits, of the whole distribution; attention float32
    ``[T, h, w]``, sums to one, and gate float32 ``[T]`` in 0..1, None without attention; hearing
    float32 ``[T, M]``, attention over the M words heard, None where none are heard; trace: gates
    and states of the LSTM; flow: shapes on the way from the encoder's cells to the words.
    """

    words: tuple[str, ...]
    probabilities: np.ndarray
    alternatives: tuple[tuple[str, ...], ...]
    alternative_probabilities: np.ndarray
    entropy: np.ndarray
    attention: np.ndarray | None
    gate: np.ndarray | None
    trace: LSTMTrace
    flow: tuple[Step, ...]
    hearing: np.ndarray | None = None


def _rounded(spans: Sequence[Span]) -> list[dict[str, float]]:
    """As they are written: to a millisecond."""
    return [{"start": round(start, 3), "end": round(end, 3)} for start, end in spans]
