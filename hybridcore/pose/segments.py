"""Probabilities at every moment -> stretches of one action."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hybridcore.layers.chain import best_labels, runs
from hybridcore.pose.actions import ACTIONS, SAID

CHANGE_SECONDS = 0.25  # how long one nat must favour another action


@dataclass(frozen=True)
class Segment:
    """One thing said of one person for a while.

    first, last: rows of the person's track (inclusive); start, end: s; label: position in ``SAID``;
    action: the likeliest one, position in ``ACTIONS``; probability: its mean.
    """

    first: int
    last: int
    start: float
    end: float
    label: int
    action: int
    probability: float

    @property
    def title(self) -> str:
        """What is said; where that is nothing, the likeliest action as a question."""
        if self.label < len(ACTIONS):
            return SAID[self.label]
        return f"{SAID[self.label]} ({ACTIONS[self.action]}?)"


def find_segments(
    probabilities: np.ndarray, times: np.ndarray, threshold: float
) -> tuple[Segment, ...]:
    """Segments of one person in order of time.

    First the best sequence of actions, where a change must be preferred by one nat for a quarter of
    a second (:mod:`hybridcore.layers.chain`); then each stretch is named by its mean probability.

    Args:
        probabilities: calibrated, ``[T, C]``.
        times: ``[T]``, s.
        threshold: what is at least as likely is said.
    """
    if not len(times):
        return ()
    step = float(np.median(np.diff(times))) if len(times) > 1 else 1.0
    log_p = np.log(np.maximum(probabilities.astype(np.float64), 1e-6))
    found = []
    for start, stop, action in runs(best_labels(log_p, CHANGE_SECONDS / max(step, 1e-3))):
        mean = float(probabilities[start:stop, action].mean())
        end = float(times[stop]) if stop < len(times) else float(times[-1]) + step
        found.append(Segment(
            first=start, last=stop - 1, start=float(times[start]), end=end,
            label=action if mean >= threshold else len(ACTIONS), action=action, probability=mean))
    return tuple(found)
