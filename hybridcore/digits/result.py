"""What the networks hear; page, command line, store and tests read the same."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from hybridcore.digits.heard import BEAM, Digit, digits_of, surely
from hybridcore.digits.model import POOL
from hybridcore.layers.ctc import occupancy, prefix_beam
from hybridcore.media.mel import FRAMES
from hybridcore.text import percent

STEP = POOL / FRAMES  # s
NOT_SURE = "not sure"
_LEAST = -12.0  # log probability below which prefix search begins no label


@dataclass(frozen=True)
class DigitOutputs:
    """log_p: of each kind float32 ``[T, 11]``, log probabilities of the blank and the digits at
    every step."""

    log_p: dict[str, np.ndarray]


@dataclass(frozen=True, eq=False)
class DigitResult:
    """What the network of one kind hears.

    log_p: float32 ``[T, 11]``. cut: from how sure on a digit is called sure, 0..1
    (:func:`~hybridcore.digits.heard.surely`).
    """

    columns: ClassVar = ("digit", "word", "start", "end", "probability", "sure")

    kind: str
    log_p: np.ndarray
    cut: float

    @cached_property
    def times(self) -> np.ndarray:
        """When each step begins, s, float64 ``[T]``."""
        times: np.ndarray = np.arange(len(self.log_p)) * STEP
        return times

    @cached_property
    def digits(self) -> tuple[Digit, ...]:
        """Those of the likeliest path, in order."""
        return digits_of(self.log_p)

    @cached_property
    def hypotheses(self) -> list[tuple[list[int], float]]:
        """The likeliest sequences of digits by prefix search, each with its probability, the best
        first."""
        return [([label - 1 for label in labels], float(np.exp(value)))
                for labels, value in prefix_beam(self.log_p, BEAM, least=_LEAST)]

    @cached_property
    def lattice(self) -> tuple[np.ndarray, float]:
        """How likely each state of the digits heard is at each step, ``[T, 2 L + 1]``, and the
        probability of all paths that say them."""
        shares, total = occupancy(self.log_p, [digit.digit + 1 for digit in self.digits])
        return shares, float(np.exp(total))

    @cached_property
    def sure(self) -> frozenset[Digit]:
        """The digits that it is sure of."""
        called = surely([digit.sure for digit in self.digits], self.cut)
        return frozenset(digit for digit, one in zip(self.digits, called, strict=True) if one)

    def is_sure(self, digit: Digit) -> bool:
        """Whether it is sure of a digit."""
        return digit in self.sure

    def shown(self, digit: Digit) -> str:
        """A digit as it is written, with a question mark where it is not sure."""
        return f"{digit.digit}{'' if self.is_sure(digit) else '?'}"

    def headline(self) -> str:
        """The answer in a line."""
        return " ".join(map(self.shown, self.digits)) or "no digit"

    def to_text(self) -> str:
        """What the command prints."""
        lines = [self.headline()]
        lines += [f"{digit.start * STEP:6.2f} s  {digit.word:<6} {percent(digit.sure)}"
                  f"{'' if self.is_sure(digit) else '  ' + NOT_SURE}" for digit in self.digits]
        return "\n".join(lines)

    def to_table(self) -> list[dict[str, Any]]:
        """A row a digit."""
        return [{"digit": digit.digit, "word": digit.word, "start": round(digit.start * STEP, 3),
                 "end": round(digit.end * STEP, 3), "probability": round(digit.sure, 4),
                 "sure": self.is_sure(digit)} for digit in self.digits]

    def to_json(self) -> dict[str, Any]:
        """The digits, and the likeliest sequences."""
        return {
            "model": self.kind, "sure_from": round(self.cut, 4), "digits": self.to_table(),
            "sequences": [{"digits": digits, "probability": round(p, 6)}
                          for digits, p in self.hypotheses]}
