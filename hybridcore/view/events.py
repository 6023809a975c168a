"""What happens in a result, as places in time to step through.

A system names its own events; that two models disagree, and where the model is least certain, is
seen in the strips of any result.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hybridcore.view.player import PlayerView, Strip

_LASTING = 0.2  # s; models that disagree for less only change at slightly different frames
_LEAST_CERTAIN = 0.1  # of the frames
_APART = 0.5  # s; places that are uncertain and nearer than that are one


@dataclass(frozen=True)
class Event:
    """Something that happens. time: s; title: what, in a few words."""

    time: float
    title: str


def all_events(view: PlayerView, own: Sequence[Event]) -> list[Event]:
    """A system's own events and those that the strips show, in order of time."""
    events = [*own, *disagreements(view), *least_certain(view)]
    return sorted(events, key=lambda event: event.time)


def disagreements(view: PlayerView) -> list[Event]:
    """Where the first strip and another one with the same labels begin to differ."""
    if not view.strips:
        return []
    first, *others = view.strips
    return [
        Event(float(view.times[start]),
              f"models disagree: {_label(first, start)} ({first.name}), "
              f"{_label(other, start)} ({other.name})")
        for other in others if list(other.labels) == list(first.labels)
        for start, stop in _runs((first.codes != other.codes)
                                 & (first.codes >= 0) & (other.codes >= 0))
        if view.times[min(stop, len(view.times) - 1)] - view.times[start] >= _LASTING
    ]


def least_certain(view: PlayerView) -> list[Event]:
    """The frame at which the first strip is least certain; none where it says no certainty."""
    first = next(iter(view.strips), None)
    if first is None or first.confidence is None or not (first.codes >= 0).any():
        return []
    frame = int(np.where(first.codes >= 0, first.confidence, np.inf).argmin())
    return [Event(float(view.times[frame]), f"least certain: {_label(first, frame)}, "
                                            f"{100 * first.confidence[frame]:.1f} %")]


def uncertain_frames(view: PlayerView) -> list[int]:
    """The least certain frame of every stretch in which the first strip is among its least certain
    tenth; none where it says no certainty, or is equally certain throughout."""
    first = next(iter(view.strips), None)
    if first is None or first.confidence is None or not (first.codes >= 0).any():
        return []
    certain = np.where(first.codes >= 0, first.confidence, np.inf)
    said = certain[first.codes >= 0]
    least = float(np.quantile(said, _LEAST_CERTAIN))
    if least >= said.max():
        return []
    frames: list[int] = []
    for start, stop in _runs(certain <= least):
        if frames and view.times[start] - view.times[frames[-1]] < _APART:
            if certain[start:stop].min() >= certain[frames[-1]]:
                continue
            frames.pop()
        frames.append(start + int(certain[start:stop].argmin()))
    return frames


def _label(strip: Strip, frame: int) -> str:
    return strip.labels[strip.codes[frame]]


def _runs(flags: np.ndarray) -> list[tuple[int, int]]:
    """First frame and the one after the last of every run of true ones in ``flags [T]``."""
    edges = np.diff(np.concatenate([[0], flags.astype(np.int8), [0]]))
    return list(zip(np.flatnonzero(edges == 1).tolist(), np.flatnonzero(edges == -1).tolist(),
                    strict=True))
