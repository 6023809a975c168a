"""A listener that learned from recordings which material is struck.

After Owens et al. 2016, section 6.2: a linear classifier of cochleagrams that has only heard real
sounds judges those that were made. Left out is what tells recordings from sounds that were made:
loudness, what was heard before the blow, and what lies below 200 Hz (rumble) or above 13 kHz (which
codecs cut).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from hybridcore.sound.cochleagram import BANDS, RATE, Sound, cochleagram_numpy

_LEAD, _LENGTH = 0.05, 0.5  # s before and after the blow
_NOISE = 3  # frames before the blow
_STAGES = ((3, 6), (6, 9), (9, 14), (14, 23), (23, 50))  # frames; the blow is in the first
_BANDS = slice(5, 38)  # of 42
_REGULARISED = 0.01  # inverse strength


def blows(sound: Sound, times: NDArray[np.floating]) -> NDArray[np.float32]:
    """What is heard of the blows at ``times [N]`` s, each until the next: ``[N, 5, 33]``, without
    their loudness. A blow in silence is zero."""
    lead, length = round(_LEAD * RATE), round(_LENGTH * RATE)
    padded = np.pad(sound, (lead, lead + length))
    heard = []
    for time in times:
        at = round(float(time) * RATE)
        piece = padded[at : at + lead + length].copy()
        later = times[times > time + _LEAD]
        if len(later):
            piece[lead + round(float(later.min() - time) * RATE) :] = 0
        values = cochleagram_numpy(piece)[:, _BANDS]
        above = np.maximum(values - values[:_NOISE].mean(0), 0)
        above /= max(float(np.linalg.norm(above)), 1e-4)
        heard.append(np.stack([above[a:b].mean(0) for a, b in _STAGES]))
    size = len(_STAGES), len(range(*_BANDS.indices(BANDS)))
    return np.stack(heard) if heard else np.zeros((0, *size), np.float32)


class Listener:
    """heard: ``[N, 5, 33]`` of :func:`blows`; materials, places: ``[N]`` names. Every material
    counts alike, and in it every place."""

    def __init__(
        self, heard: NDArray[np.float32], materials: Sequence[str], places: Sequence[str]
    ) -> None:
        both = Counter(zip(materials, places, strict=True))
        spread = Counter(material for material, _ in both)
        weights = np.array([
            1 / (both[m, p] * spread[m]) for m, p in zip(materials, places, strict=True)])
        self._classifier = make_pipeline(
            StandardScaler(), LogisticRegression(C=_REGULARISED, max_iter=500))
        self._classifier.fit(heard.reshape(len(heard), -1), list(materials),
                             logisticregression__sample_weight=weights / weights.mean())

    def names(self, heard: NDArray[np.float32]) -> list[str]:
        """The material of each of ``[N, 5, 33]``."""
        if not len(heard):
            return []
        return list(map(str, self._classifier.predict(heard.reshape(len(heard), -1))))
