"""What a captioner said of one picture; the page, the command line and the tests read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from torch import Tensor

from hybridcore.caption.model import Kind
from hybridcore.layers.recurrent import LSTMTrace
from hybridcore.text import json_text

TOP = 10


@dataclass(frozen=True)
class Caption:
    """A sentence. ``words`` ends with ``<end>`` unless it was stopped at the longest length;
    ``probabilities`` are those of the words, given the ones before; ``log_probability`` is the sum
    of their logarithms."""

    text: str
    words: tuple[str, ...]
    numbers: tuple[int, ...]
    probabilities: tuple[float, ...]
    log_probability: float

    def to_json(self) -> dict[str, Any]:
        """``{"text", "log_probability", "words": [{"word", "probability"}]}``."""
        return {
            "text": self.text,
            "log_probability": round(self.log_probability, 4),
            "words": [
                {"word": word, "probability": round(p, 4)}
                for word, p in zip(self.words, self.probabilities, strict=True)
            ],
        }


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
class CaptionResult:
    """The sentences of one picture, the best first, and every word that was followed.

    cells: float32 ``[L, 2560]``, the encoder's grid, from which the sentence can be gone through
    again (:meth:`Captioner.look_inside`).
    """

    kind: Kind
    captions: tuple[Caption, ...]
    tree: tuple[Node, ...]
    cells: Tensor

    @property
    def best(self) -> Caption:
        """The sentence that won."""
        return self.captions[0]

    def to_json(self) -> dict[str, Any]:
        """``{"captions": [...]}``; the file's name is the caller's."""
        return {"captions": [caption.to_json() for caption in self.captions]}

    def to_table(self) -> list[dict[str, Any]]:
        """One row a sentence, for CSV."""
        return [
            {"rank": rank + 1, "caption": caption.text,
             "log_probability": round(caption.log_probability, 4)}
            for rank, caption in enumerate(self.captions)
        ]


def to_json_text(kind: Kind, told: Mapping[str, Sequence[dict[str, Any]]]) -> str:
    """``{"model", "images": [{"file", "captions"}]}`` as the text of a file; ``told`` holds what
    comes after the model."""
    return json_text({"model": kind, **told})


@dataclass(frozen=True)
class Inside:
    """What stood behind every word of one sentence, T words.

    alternatives: the ten likeliest words at every step, and their probabilities float32
    ``[T, 10]``; entropy float32 ``[T]``, bits, of the whole distribution; attention float32
    ``[T, h, w]``, sums to one, and gate float32 ``[T]`` in 0..1, None without attention; trace:
    gates and states of the LSTM.
    """

    words: tuple[str, ...]
    numbers: tuple[int, ...]
    probabilities: np.ndarray
    alternatives: tuple[tuple[str, ...], ...]
    alternative_probabilities: np.ndarray
    entropy: np.ndarray
    attention: np.ndarray | None
    gate: np.ndarray | None
    trace: LSTMTrace
