"""The strip of one result under that of another, on the other's clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from hybridcore.view.player import PlayerView, Strip


@dataclass(frozen=True, eq=False)
class PinnedStrip:
    """A strip with its own clock. source: what it was measured on; strips of one source share its
    clock, those of others begin together. times: float64 [T], s, of its frames."""

    strip: Strip
    times: np.ndarray
    source: str


def beside(view: PlayerView, source: str, pinned: Sequence[PinnedStrip]) -> PlayerView:
    """``view``, measured on ``source``, with pinned strips under its own."""
    if not pinned:
        return view
    return replace(view, strips=[*view.strips, *(
        _recoloured(on_clock(one, view.times, same=one.source == source), view.strips)
        for one in pinned)])


def on_clock(pinned: PinnedStrip, times: np.ndarray, *, same: bool) -> Strip:
    """A pinned strip at other ``times [T]``, s: at each, the frame that is on screen then.

    Args:
        same: both were measured on one input; otherwise the first frames of both lie together, and
            after its last frame the pinned one is empty.
    """
    own = pinned.times if same else pinned.times - pinned.times[0] + times[0]
    at = np.searchsorted(own, times + 1e-6, side="right") - 1
    length = float(np.median(np.diff(own))) if len(own) > 1 else 1.0  # s of the last frame
    there = (at >= 0) & (times < own[-1] + length)
    strip, at = pinned.strip, np.maximum(at, 0)
    certain = strip.confidence
    return replace(strip, codes=np.where(there, strip.codes[at], -1),
                   confidence=None if certain is None else np.where(there, certain[at], 0.0))


def _recoloured(strip: Strip, others: Sequence[Strip]) -> Strip:
    """The same strip with the colour that a label has in the others, if it has one there: results
    choose their colours by themselves, and side by side one colour is to mean one thing."""
    seen: dict[str, set[str]] = {}
    for other in others:
        for label, colour in zip(other.labels, other.colours, strict=True):
            seen.setdefault(label, set()).add(colour)
    return replace(strip, colours=[
        next(iter(seen[label])) if len(seen.get(label, ())) == 1 else colour
        for label, colour in zip(strip.labels, strip.colours, strict=True)])
