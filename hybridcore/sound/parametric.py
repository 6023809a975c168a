"""The other way to a sound: the predicted cochleagram itself, inverted around each onset."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from hybridcore.sound.cochleagram import FRAME_RATE, RATE
from hybridcore.sound.events import Onset
from hybridcore.sound.inversion import invert
from hybridcore.sound.mix import Piece

_LEAD = 1  # frames before the onset
_LONGEST = 45  # frames
_FADE = 12  # frames at the end
_STEP = RATE // FRAME_RATE


def pieces(
    cochleagram: NDArray[np.float32], onsets: Sequence[Onset], seed: int = 0
) -> list[Piece]:
    """One piece of shaped noise for each onset, half a second long or until the next onset.

    Between the onsets there is silence, whatever the network says of it: it was trained on
    recordings, in which there always is some noise.
    """
    ends = [*[onset.time for onset in onsets], np.inf][1:]
    return [
        piece(cochleagram, onset, end, seed + k)
        for k, (onset, end) in enumerate(zip(onsets, ends, strict=True))
    ]


def piece(
    cochleagram: NDArray[np.float32], onset: Onset, end: float = np.inf, seed: int = 0
) -> Piece:
    """The noise of one onset; ``end``: s, where the next one begins."""
    first = int(onset.time * FRAME_RATE) - _LEAD
    length = int(min(_LONGEST, max(6, (end - onset.time) * FRAME_RATE)))
    rows = np.arange(first, first + length)
    inside = (rows >= 0) & (rows < len(cochleagram))
    values = np.zeros((length, cochleagram.shape[1]), np.float32)
    values[inside] = cochleagram[rows[inside]]
    fade = min(_FADE, length)
    values[-fade:] *= np.linspace(1, 0, fade, dtype=np.float32)[:, None]
    sound = invert(torch.from_numpy(values), length * _STEP, seed=seed)
    return Piece(sound, round(onset.time * RATE) - first * _STEP, onset.time, onset.strength)
