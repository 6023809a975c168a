"""What the player shows: the log mel bands of the recording, and what is heard at every step."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from hybridcore.digits.figures import COLOURS
from hybridcore.digits.model import LABELS, WORDS
from hybridcore.digits.result import NOT_SURE, STEP, DigitResult
from hybridcore.figures import OTHER
from hybridcore.media.recording import Recording
from hybridcore.system import Answer, Item, Items
from hybridcore.text import percent, vtt_text
from hybridcore.view import Event, Line, Panel, PlayerView, Series, Strip

DigitAnswer = Answer[Recording, DigitResult]

_MARK = 0.12  # s that a digit lasts on the strip at least
_SAID = 0.5  # s that it is said over the picture at least
_SUBTITLE = 10  # digits in a line
_SAY = (*WORDS, NOT_SURE)


def player_view(answer: DigitAnswer, item: int) -> PlayerView:
    """The film of the recording, and what the chosen network says at every step."""
    result = answer.result
    p = np.exp(result.log_p)
    order = np.argsort(-p, axis=1)
    sure = np.ones(len(p))
    for digit in result.digits:
        sure[_span(result, digit.start, digit.end, _MARK)] = digit.sure
    now = Series("Now", LABELS, order, np.take_along_axis(p, order, 1),
                 colours=(OTHER, *COLOURS))
    return PlayerView(
        times=result.times,
        strips=[Strip("Heard", said_codes(result, _MARK), _SAY, (*COLOURS, OTHER), sure)],
        panels=[Panel("At this step", [now], [so_far(result)])],
        label=Line("Said", _SAY, said_codes(result, _SAID)),
        size=answer.source.size, sound=True, subtitles=vtt_text(cues(result)),
        alt=f"The sound of {answer.source.name} as bands of tones over time: {result.headline()}")


def said_codes(result: DigitResult, lasting: float) -> np.ndarray:
    """Which digit is said at each step, 0..9, 10 where it is not sure, else -1; each for so many
    seconds at least, or until the next one."""
    codes = np.full(len(result.log_p), -1)
    for digit in result.digits:
        codes[_span(result, digit.start, digit.end, lasting)] = \
            digit.digit if result.is_sure(digit) else len(WORDS)
    return codes


def so_far(result: DigitResult) -> Line:
    """The digits heard up to each step."""
    texts = [" ".join(map(result.shown, result.digits[max(0, k - _SUBTITLE) : k]))
             for k in range(1, len(result.digits) + 1)]
    starts = [digit.start for digit in result.digits]
    return Line("Heard so far", texts,
                np.searchsorted(starts, np.arange(len(result.log_p)), side="right") - 1)


def cues(result: DigitResult) -> list[tuple[float, float, str]]:
    """Start and end, s, of every digit as a subtitle, with those before it."""
    edges = [*(digit.start * STEP for digit in result.digits), len(result.log_p) * STEP]
    return [(start, end, text) for (start, end), text in zip(
        pairwise(edges), so_far(result).labels, strict=True)]


def items(answer: DigitAnswer) -> Items:
    """Every digit that is heard."""
    result = answer.result
    return Items("Digit", tuple(
        Item(f"{k} · {digit.start * STEP:.2f} s · {digit.word}"
             f"{'' if result.is_sure(digit) else f', {NOT_SURE}'}",
             start=digit.start * STEP, end=digit.end * STEP)
        for k, digit in enumerate(result.digits, 1)), follow=True)


def events(answer: DigitAnswer) -> Sequence[Event]:
    """Every digit that is heard."""
    return [Event(digit.start * STEP, f"{digit.word}, {percent(digit.sure)}")
            for digit in answer.result.digits]


def _span(result: DigitResult, start: int, end: int, lasting: float) -> slice:
    """The steps of a digit, lengthened to so many seconds, but not into the next one."""
    following = next((d.start for d in result.digits if d.start > start), len(result.log_p))
    return slice(start, min(following, max(end, start + round(lasting / STEP))))
