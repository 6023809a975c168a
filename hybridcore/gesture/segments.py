"""Probabilities at every step -> stretches of one gesture, with nothing between them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hybridcore.gesture.gestures import GESTURES, NOTHING, SAID
from hybridcore.gesture.points import RATE
from hybridcore.layers.chain import best_labels, runs

CHANGE_SECONDS = 0.2  # how long one nat must favour another gesture
_NOTHING = GESTURES.index(NOTHING)


@dataclass(frozen=True)
class Segment:
    """One gesture of one person.

    first, last: steps (inclusive); start, end: s; label: position in ``SAID``; gesture: the
    likeliest one, position in ``GESTURES``; probability: its mean.
    """

    first: int
    last: int
    start: float
    end: float
    label: int
    gesture: int
    probability: float

    @property
    def title(self) -> str:
        """What is said; where that is nothing, the likeliest gesture as a question."""
        if self.label < len(GESTURES):
            return SAID[self.label]
        return f"{SAID[self.label]} ({GESTURES[self.gesture]}?)"


def find_segments(
    probabilities: np.ndarray, times: np.ndarray, threshold: float
) -> tuple[Segment, ...]:
    """Segments of one person in order of time.

    The best sequence of gestures where a change must be preferred by one nat for a fifth of a
    second (:mod:`hybridcore.layers.chain`); stretches of nothing are left out, and each other one
    is named by its mean probability.

    Args:
        probabilities: calibrated, ``[T, C]``.
        times: ``[T]``, s, :data:`RATE` a second.
        threshold: what is at least as likely is said.
    """
    if not len(times):
        return ()
    found = []
    log_p = np.log(np.maximum(probabilities.astype(np.float64), 1e-6))
    for start, stop, gesture in runs(best_labels(log_p, CHANGE_SECONDS * RATE)):
        if gesture == _NOTHING:
            continue
        mean = float(probabilities[start:stop, gesture].mean())
        found.append(Segment(
            first=start, last=stop - 1, start=float(times[start]),
            end=float(times[stop - 1]) + 1 / RATE,
            label=gesture if mean >= threshold else len(GESTURES), gesture=gesture,
            probability=mean))
    return tuple(found)
