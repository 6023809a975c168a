"""The paper's way to a sound: the nearest of a bank is pasted where something is struck.

Owens et al. 2016, section 5.3: the predicted cochleagram around an onset is compared with those of
the bank, and the waveform of the nearest, by L1, is used. Loudness is left out of the comparison
and set from the prediction afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from hybridcore.sound.bank import BEFORE, WINDOW, Bank, unit_windows
from hybridcore.sound.cochleagram import FRAME_RATE
from hybridcore.sound.events import Onset


def window_at(cochleagram: NDArray[np.float32], time: float) -> NDArray[np.float32]:
    """The part ``[18, 42]`` of a cochleagram ``[T', 42]`` around an onset at ``time`` s."""
    first = int(time * FRAME_RATE) - BEFORE
    rows = np.arange(first, first + WINDOW)
    inside = (rows >= 0) & (rows < len(cochleagram))
    window = np.zeros((WINDOW, cochleagram.shape[1]), np.float32)
    window[inside] = cochleagram[rows[inside]]
    return window


def distances(
    windows: NDArray[np.float32], bank: NDArray[np.float32]
) -> NDArray[np.float32]:
    """L1 between windows ``[K, 18, 42]`` and those of a bank ``[N, 18, 42]``: ``[K, N]``."""
    return torch.cdist(
        torch.from_numpy(windows).flatten(1), torch.from_numpy(bank).flatten(1), p=1).numpy()


def ranked(
    bank: Bank, cochleagram: NDArray[np.float32], onsets: Sequence[Onset]
) -> list[list[str]]:
    """For each onset the exemplars of its material and action, as far as the bank has such
    (Bank.choices), by name, the nearest first.

    Raises:
        ValueError: the bank is empty.
    """
    if not len(bank):
        raise ValueError("an empty bank has no nearest sound")
    if not onsets:
        return []
    windows = unit_windows(np.stack([window_at(cochleagram, o.time) for o in onsets]))
    rankings = []
    for row, onset in zip(distances(windows, bank.windows), onsets, strict=True):
        choices = bank.choices(onset.material, onset.action)
        order = np.argsort(row[choices], kind="stable")
        rankings.append([bank.exemplars[choices[k]].name for k in order])
    return rankings


def nearest(
    bank: Bank, cochleagram: NDArray[np.float32], onsets: Sequence[Onset]
) -> list[str]:
    """For each onset the exemplar to paste: the one that a person chose if the bank has it,
    otherwise the nearest of :func:`ranked`."""
    return [
        onset.exemplar if onset.exemplar in bank else names[0]
        for onset, names in zip(onsets, ranked(bank, cochleagram, onsets), strict=True)
    ]
