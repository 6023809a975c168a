"""The paper's way to a sound: the nearest of a bank is pasted where something is struck.

Owens et al. 2016, section 5.3: the predicted cochleagram around an onset is compared with those of
the bank, and the waveform of the nearest, by L1, is used. Loudness is left out of that comparison;
how hard the blow is counts beside it, as a hard blow sounds different and not only louder. What was
heard at one onset is not heard again at the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from hybridcore.sound.bank import BEFORE, WINDOW, Bank, unit_windows
from hybridcore.sound.cochleagram import FRAME_RATE
from hybridcore.sound.events import Onset

SOFT, HARD = -38.0, -12.0  # dB of full scale: nine in ten blows of Greatest Hits lie between
_STRENGTH = 0.3  # what the softest in place of the hardest costs, beside the median distance


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
    (Bank.choices), by name, those that suit best first: near in the cochleagram, and among their
    like about as hard as the blow.

    Raises:
        ValueError: the bank is empty.
    """
    if not len(bank):
        raise ValueError("an empty bank has no nearest sound")
    groups: dict[tuple[str, str], _Group] = {}
    rankings = []
    for onset in onsets:
        wanted = onset.material, onset.action
        if wanted not in groups:
            groups[wanted] = _Group.of(bank, *wanted)
        group = groups[wanted]
        window = unit_windows(window_at(cochleagram, onset.time))[None]
        (apart,) = distances(window, group.windows)
        blow = np.clip((onset.strength - SOFT) / (HARD - SOFT), 0, 1)
        cost = apart + _STRENGTH * np.median(apart) * np.abs(group.hardness - blow)
        rankings.append([group.names[k] for k in np.argsort(cost, kind="stable")])
    return rankings


def nearest(
    bank: Bank, cochleagram: NDArray[np.float32], onsets: Sequence[Onset]
) -> list[str]:
    """For each onset, in order of time, the exemplar to paste: the one that a person chose if the
    bank has it, otherwise the first of :func:`ranked`, or the next of its material if that was
    heard at one of the two onsets before."""
    names: list[str] = []
    for onset, suited in zip(onsets, ranked(bank, cochleagram, onsets), strict=True):
        if onset.exemplar in bank:
            names.append(onset.exemplar)
            continue
        like = [name for name in suited if bank[name].material == bank[suited[0]].material]
        fresh = [name for count in (2, 1) for name in like if name not in names[-count:]]
        names.append((fresh or like)[0])
    return names


@dataclass(frozen=True)
class _Group:
    """Exemplars that suit one material and action: names; windows ``[N, 18, 42]``; where their
    levels lie among each other ``[N]``, 0 the softest, 1 the hardest."""

    names: list[str]
    windows: NDArray[np.float32]
    hardness: NDArray[np.floating]

    @classmethod
    def of(cls, bank: Bank, material: str, action: str) -> _Group:
        chosen = bank.choices(material, action)
        levels = np.array([bank.exemplars[k].strength for k in chosen])
        span = float(np.ptp(levels))
        return cls(
            [bank.exemplars[k].name for k in chosen], bank.windows(chosen),
            np.full(len(levels), 0.5) if span < 1e-6 else (levels - levels.min()) / span)
