"""How a shot of a video is read: by the mean of a few of its frames, or by the middle one alone.

Paper: Venugopalan et al., *Translating Videos to Natural Language Using Deep Recurrent Neural
Networks*, NAACL 2015 (arXiv 1412.4729): the features of the frames of a shot are averaged, and the
sentence is made from the mean. Here the encoder's cells are averaged, and with them the
probabilities and maps of the words that are seen.

Deviation: a frame weighs more where the encoder finds more in it: frame k with contrast ``s_k``
(:func:`hybridcore.caption.sureness.contrast`) weighs ``exp(s_k / t)`` over the sum of these, so
that what is dark, blurred or covered does not water down the rest.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from hybridcore.caption.seen import Seen

FRAMES = 5  # that are read of a shot
MIDDLE = FRAMES // 2  # the one in the middle of it
TEMPERATURE = 0.1  # t, in the unit of the contrast


def moments(spans: Sequence[tuple[float, float]]) -> list[float]:
    """When the frames of shots are read, s: in the middle of each of :data:`FRAMES` equal parts,
    shot by shot."""
    parts = (np.arange(FRAMES) + 0.5) / FRAMES
    return [start + (end - start) * float(part) for start, end in spans for part in parts]


def shares(contrasts: NDArray[np.floating]) -> NDArray[np.float32]:
    """How much each frame weighs, ``[N, F]``, in rows that sum to one, by its contrast
    ``[N, F]``."""
    weights = np.exp((contrasts - contrasts.max(1, keepdims=True)) / TEMPERATURE)
    return (weights / weights.sum(1, keepdims=True)).astype(np.float32)


def mean(values: NDArray[np.floating], weights: NDArray[np.float32]) -> NDArray[np.float32]:
    """The mean ``[N, ...]`` of the frames ``[N F, ...]`` of N shots by ``weights [N, F]``."""
    by_shot = values.reshape(*weights.shape, *values.shape[1:])
    averaged: NDArray[np.float32] = np.einsum("nf...,nf->n...", by_shot, weights)
    return averaged.astype(np.float32, copy=False)


def mean_seen(seen: Seen, weights: NDArray[np.float32]) -> Seen:
    """What was seen in N shots, of what was seen in their frames."""
    return Seen(*(mean(values, weights) for values in (seen.words, seen.classes, seen.maps)))
