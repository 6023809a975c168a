"""Presentation stamps to seconds: one clock for pictures, sound and seeking.

The stamps of a file may start anywhere, and where recordings were joined they jump back or ahead.
A `Span` is a part of the file in which they run on; the spans follow each other without a hole.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

# Two frames with the same stamp are told apart by this much, s.
SMALLEST_STEP = 1e-3

# A stamp this far back is a clock that restarted (recordings joined together), not a duplicate, s.
RESTART = 0.5

# How far sound may reach beyond the pictures that it belongs to, s.
_SLACK = 1.0


@dataclass(frozen=True)
class Span:
    """Where the file's clock runs on.

    first, last: stamps on the file's own clock, s.
    start: s since the clip's first frame, at the stamp ``first``.
    """

    first: float
    last: float
    start: float

    def distance(self, stamp: float) -> float:
        """How far outside the stamp lies, s."""
        return max(self.first - stamp, stamp - self.last, 0.0)


class Clock:
    """Stamps in the order of the file to seconds since the first frame.

    period: s, how far a frame without a stamp lies after the one before.
    spans: of the file, in order; none if they are not known: a restart then begins a new one.
    longest_gap: s; where spans are not known, a stamp further ahead is a clock that jumped.
    """

    def __init__(
        self, period: float, spans: Sequence[Span] = (), longest_gap: float = math.inf
    ) -> None:
        self._period = period
        self._spans = list(spans)
        self._longest_gap = math.inf if spans else longest_gap
        self._at = 0
        self._stamp: float | None = None
        self._newest: float | None = None

    @property
    def runs_on(self) -> bool:
        """Whether the clock of the file never jumps, as far as is known."""
        return len(self._spans) <= 1

    def __call__(self, stamp: float | None) -> float:
        """The time of the next frame, s, later than that of the one before.

        stamp: None when the file gives none.
        """
        if self._newest is None:
            time = self.place(stamp, 0.0)
        else:
            time = self.place(stamp, self._newest + self._period)
            if time <= self._newest:
                time = self._newest + SMALLEST_STEP
        self._newest = time
        return time

    def place(self, stamp: float | None, follows: float) -> float:
        """The time of a stamp, s, not forced to increase.

        follows: the time if it comes right after the one before.
        """
        if stamp is None:
            return follows
        if not self._spans:
            self._spans.append(Span(stamp, stamp, follows))
        self._find(stamp, follows)
        self._stamp = stamp
        span = self._spans[self._at]
        return span.start + (stamp - span.first)

    def _find(self, stamp: float, follows: float) -> None:
        jumped = self._stamp is not None and (
            stamp < self._stamp - RESTART or stamp > self._stamp + self._longest_gap)
        away = math.inf if jumped else self._spans[self._at].distance(stamp)
        if away <= _SLACK:
            return
        later = range(self._at + 1, len(self._spans))
        if later:
            nearest = min(later, key=lambda k: self._spans[k].distance(stamp))
            if self._spans[nearest].distance(stamp) < away:
                self._at = nearest
        elif jumped:
            self._spans.append(Span(stamp, stamp, follows))
            self._at += 1
