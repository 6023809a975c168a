"""Strings whose next letter depends on how many are open: what a memory has to count.

A grammar says at every letter what may close: a^n b^n and nested brackets, after Gers &
Schmidhuber, *LSTM Recurrent Networks Learn Simple Context-Free and Context-Sensitive Languages*,
IEEE Transactions on Neural Networks 2001.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from hybridcore.errors import OptionError

MOST = 200  # letters of a string
_PAIRS = {"(": ")", "[": "]"}


@dataclass(frozen=True)
class Grammar:
    """One kind of strings.

    letters: what a network tells apart; any other is its last one, if that is a dot. answers: what
    it says at every letter. follow: of a string, the right answers and how many are open after
    every letter, int ``[T]`` each. draw: (generator, most that are open, length) -> a string of
    that length or a little longer, at whose end nothing is open.
    deepest: how many are open at most in what is learned from.
    """

    key: str
    title: str
    about: str
    example: str
    letters: str
    answers: tuple[str, ...]
    deepest: int
    follow: Callable[[str], tuple[np.ndarray, np.ndarray]]
    draw: Callable[[np.random.Generator, int, int], str]

    def codes(self, text: str) -> np.ndarray:
        """Positions in ``letters``, int ``[T]``.

        Raises:
            OptionError: it is empty, too long, or holds what the grammar does not know.
        """
        if not text:
            raise OptionError("Write at least one letter.")
        if len(text) > MOST:
            raise OptionError(f"This has {len(text)} letters; at most {MOST} are read.")
        other = len(self.letters) - 1 if self.letters.endswith("·") else -1
        codes = np.array([self.letters.find(letter) for letter in text])
        if other >= 0:
            codes[codes < 0] = other
        if (codes < 0).any():
            wrong = text[int((codes < 0).argmax())]
            raise OptionError(f"“{wrong}” is not among the letters {', '.join(self.letters)}.")
        return codes


def _brackets(kinds: str) -> Callable[[str], tuple[np.ndarray, np.ndarray]]:
    closing = [_PAIRS[kind] for kind in kinds]

    def follow(text: str) -> tuple[np.ndarray, np.ndarray]:
        stack: list[int] = []
        answers, depths = [], []
        for place, letter in enumerate(text, 1):
            if letter in kinds:
                stack.append(kinds.index(letter))
            elif letter in closing and (not stack or stack.pop() != closing.index(letter)):
                raise OptionError(f"The “{letter}” at place {place} closes nothing.")
            answers.append(1 + stack[-1] if stack else 0)
            depths.append(len(stack))
        return np.array(answers), np.array(depths)

    return follow


def _draw_brackets(kinds: str) -> Callable[[np.random.Generator, int, int], str]:
    def draw(rng: np.random.Generator, deepest: int, length: int) -> str:
        stack: list[str] = []
        text = []
        rise = rng.uniform(0.35, 0.7)  # strings differ in how deep they go
        for _ in range(length):
            if rng.random() < 0.15:
                text.append("·")
            elif len(stack) < deepest and (not stack or rng.random() < rise):
                stack.append(kinds[rng.integers(len(kinds))])
                text.append(stack[-1])
            else:
                text.append(_PAIRS[stack.pop()])
        return "".join(text + [_PAIRS[letter] for letter in reversed(stack)])

    return draw


def _follow_ab(text: str) -> tuple[np.ndarray, np.ndarray]:
    """After an a anything may follow; after the first b, as many b as are left, then the end."""
    open_, closing = 0, False
    answers, depths = [], []
    for place, letter in enumerate(text, 1):
        if letter == "a" and open_ == 0:
            closing = False
        if letter == "a" and closing:
            raise OptionError(f"The a at place {place} comes before all b have come.")
        if letter == "b" and open_ == 0:
            raise OptionError(f"The b at place {place} has no a.")
        closing = letter == "b"
        open_ += 1 if letter == "a" else -1
        answers.append(0 if not closing else 1 if open_ else 2)
        depths.append(open_)
    return np.array(answers), np.array(depths)


def _draw_ab(rng: np.random.Generator, deepest: int, length: int) -> str:
    text = ""
    while len(text) < length:
        count = int(rng.integers(1, deepest + 1))
        text += "a" * count + "b" * count
    return text


GRAMMARS = (
    Grammar("brackets", "Brackets", "Whether a bracket is open.", "f(g(x(y)), h(z))", "()·",
            ("nothing is open", "“)” may come"), 8, _brackets("("), _draw_brackets("(")),
    Grammar("ab", "aⁿbⁿ", "How many b are still to come.", "aaaaabbbbbaaabbb", "ab",
            ("a or b", "b", "the end"), 8, _follow_ab, _draw_ab),
    Grammar("two", "Two kinds", "Which bracket was opened last.", "([x](y[z]))[w]", "()[]·",
            ("nothing is open", "“)” may come", "“]” may come"), 5, _brackets("(["),
            _draw_brackets("([")),
)
