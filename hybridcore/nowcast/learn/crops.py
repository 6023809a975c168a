"""Batches of crops of starts, spoilt in ways that rain comes in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from torch import Tensor

from hybridcore.nowcast.learn.samples import MISSING, Starts, decoded
from hybridcore.nowcast.moving import LEADS, PAST
from hybridcore.nowcast.networks import log_rain

_GAIN = (0.7, 1.4)  # of the rain
_DRIFT, _FARTHEST = 0.03, 6  # px a minute, deviation of the errors made in the motion; px
_LOOKS = 6  # places that are looked at for rain before one is taken


def batches(
    events: Sequence[Starts], rng: np.random.Generator, *, moving: bool, size: int, side: int
) -> Iterator[tuple[Tensor, Tensor]]:
    """Endless batches of crops: ``past [B, 4, 2, h, w]`` as networks read it, and the rates that
    came, ``[B, 6, h, w]`` in mm/h, NaN where there is no data.

    Crops are turned, mirrored, made wetter and drier; of the moving frame, the motion is a little
    wrong. Every other batch is of crops twice as wide, shrunk to ``side``: there showers are small,
    and keep. Crops with rain in them are drawn more often.
    """
    wide = [event for event in events if min(event.fixed.shape[-2:]) >= 2 * (side + _FARTHEST)]
    while True:
        among, shrink = (wide, 2) if wide and rng.random() < 0.5 else (events, 1)
        weights = np.array([_amount(one) for one in among]) ** 0.5
        chosen = rng.choice(len(among), size, p=weights / weights.sum())
        crops = np.stack([_crop(among[k], rng, moving, shrink * side) for k in chosen])
        rates = shrunk(decoded(crops), shrink)  # [B, 10, h, w]
        gain = np.exp(rng.uniform(np.log(_GAIN[0]), np.log(_GAIN[1]), (size, 1, 1, 1)))
        rates = rates * gain.astype(np.float32)
        if rng.random() < 0.5:
            rates = rates.swapaxes(-1, -2)
        rates = np.ascontiguousarray(np.rot90(rates, int(rng.integers(4)), (-2, -1)))
        yield (torch.from_numpy(log_rain(rates[:, : len(PAST)])),
               torch.from_numpy(rates[:, len(PAST) :]))


def shrunk(rates: np.ndarray, factor: int) -> np.ndarray:
    """``[..., h, w]`` on fewer pixels, the mean of a square of them; no data where one has none."""
    if factor == 1:
        return rates
    height, width = rates.shape[-2:]
    squares = rates.reshape(*rates.shape[:-2], height // factor, factor, width // factor, factor)
    return squares.mean((-3, -1))


def _amount(event: Starts) -> float:
    """How many pixels of leads it holds."""
    leads = (np.asarray(event.fixed[0, len(PAST) :]) != MISSING).any((1, 2)).sum()
    return float(len(event.minute) * leads * event.fixed[0, 0].size)


def _crop(event: Starts, rng: np.random.Generator, moving: bool, side: int) -> np.ndarray:
    fields = event.moving if moving else event.fixed
    height, width = fields.shape[-2:]
    drift = rng.normal(0, _DRIFT, 2) if moving else np.zeros(2)
    shifts = np.rint(np.outer((*PAST, *LEADS), drift)).astype(int)  # [10, 2]
    shifts = np.clip(shifts, -_FARTHEST, _FARTHEST)
    best, most = None, -1.0
    for _ in range(_LOOKS):
        start = int(rng.integers(len(fields)))
        y, x = (int(rng.integers(_FARTHEST, length - side - _FARTHEST + 1))
                for length in (height, width))
        look = np.asarray(fields[start, len(PAST) - 1, y : y + side : 4, x : x + side : 4])
        wet = ((look > 23) & (look != MISSING)).mean()  # 0.1 mm/h
        score = min(wet, 0.3) + rng.random() * 0.3 - 0.5 * (look == MISSING).mean()
        if score > most:
            best, most = (start, y, x), score
    assert best is not None
    start, y, x = best
    return np.stack([fields[start, k, y + dy : y + dy + side, x + dx : x + dx + side]
                     for k, (dy, dx) in enumerate(shifts)])
