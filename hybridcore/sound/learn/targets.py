"""What the models are trained towards: events of the data set made precise by the sound.

The labels of the data set are rounded down to 1/15 s; the sound has each blow to about 10 ms.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hybridcore.sound.heard import Floats, SoundOnsets

LABELLED = 512 / 15  # s: the labels of every video end there, whatever its length

_STRONG = 8.0  # dB of mean rise
_SEARCH = 0.12  # s around a label
_APART = 0.2  # s between two onsets


def refine(events: Floats, onsets: SoundOnsets) -> Floats:
    """Times ``[N]`` of labelled events, each moved to the steepest onset of the sound near it."""
    refined = np.array(events, float)
    for k, time in enumerate(events):
        near = np.flatnonzero(np.abs(onsets.times - time) <= _SEARCH)
        if len(near):
            refined[k] = onsets.times[near[onsets.rises[near].argmax()]]
    return refined


def unlabelled(events: Floats, onsets: SoundOnsets) -> Floats:
    """Times of strong onsets of the sound that no event is near: blows after the labels end, and
    what the labels leave out (a bounce, a voice).
    """
    kept: list[float] = []
    for k in np.argsort(-onsets.rises):
        time = float(onsets.times[k])
        others = np.concatenate([events, kept])
        if onsets.rises[k] >= _STRONG and (np.abs(others - time) >= _APART).all():
            kept.append(time)
    return np.sort(np.array(kept))


def soft_onsets(times: Floats, onsets: Floats, width: float = 0.033) -> NDArray[np.float32]:
    """A bump of height one and ``width`` s (standard deviation) at each onset: ``[T]``."""
    if not len(onsets):
        return np.zeros(len(times), np.float32)
    distance = np.abs(times[:, None] - onsets).min(1)
    return np.exp(-0.5 * np.square(distance / width)).astype(np.float32)
