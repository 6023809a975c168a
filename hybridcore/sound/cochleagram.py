"""The cochleagram: how loud each band of hearing is, 90 times a second.

After Owens et al., *Visually Indicated Sounds*, CVPR 2016 (arXiv 1512.08512), section 4: the sound
``w`` passes 40 filters on an ERB scale, a low- and a high-pass (filterbank.py); the envelope of
each sub-band is brought to 90 Hz and compressed with ``c = 0.3``:

    s_k = D(|w * f_k + j Hilbert(w * f_k)|)^c

Two decisions. ``D`` is the mean over each 1/90 s, which keeps an onset inside its frame and
envelopes positive. Compression starts smoothly at -80 dB, ``(e^2 + floor^2)^(c/2) - floor^c``: the
power alone would magnify rounding errors, and has no gradient in silence.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from hybridcore.sound.filterbank import Filterbank, FilterbankConfig

Values = TypeVar("Values", Tensor, NDArray[np.float32])

RATE = 44_100  # samples per second of every sound that this room makes
Sound = NDArray[np.float32]  # one channel, ``[n]`` at that rate, full scale = 1


@dataclass(frozen=True)
class CochleagramConfig:
    """How a cochleagram is taken.

    compression: exponent ``c``; floor: envelope from which on it acts, full scale = 1.
    """

    filterbank: FilterbankConfig = field(default_factory=FilterbankConfig)
    compression: float = 0.3
    floor: float = 1e-4


DEFAULT = CochleagramConfig()
BANDS = DEFAULT.filterbank.bands
FRAME_RATE = DEFAULT.filterbank.frame_rate

_PIECE, _MARGIN = 1800, 180  # frames: of a piece of a long sound, and of what is heard around it


def cochleagram(
    sound: Tensor, rate: int = RATE, config: CochleagramConfig = DEFAULT
) -> Tensor:
    """Compressed sub-band envelopes, differentiable.

    Args:
        sound: float ``[..., samples]`` in -1..1.
        rate: samples per second; bands above ``rate / 2`` are silent.

    Returns:
        float ``[..., T, 42]``, ``T = ceil(90 * samples / rate)``, from 0 (silence) to about 1;
        low bands first. Frame ``t`` covers ``t / 90 .. (t + 1) / 90`` s.
    """
    bank = Filterbank(sound.shape[-1], rate, config.filterbank)
    envelopes = sound.new_zeros((*sound.shape[:-1], config.filterbank.bands, bank.frames))
    for group, part in zip(bank.groups, bank.split(sound), strict=True):
        steps = part.abs().unflatten(-1, (bank.padded_frames, group.steps))
        means = steps.mean(-1)[..., : bank.frames]  # [..., g, T]
        bands = torch.from_numpy(group.bands).to(sound.device)
        envelopes = envelopes.index_copy(-2, bands, means)
    return compress(envelopes.transpose(-1, -2), config)


def cochleagram_numpy(
    sound: NDArray[np.float32], rate: int = RATE, config: CochleagramConfig = DEFAULT
) -> NDArray[np.float32]:
    """:func:`cochleagram` without torch: float32 ``[..., samples]`` -> ``[..., T, 42]``."""
    bank = Filterbank(sound.shape[-1], rate, config.filterbank)
    spectrum = np.fft.rfft(sound, n=bank.padded_samples)
    envelopes = np.zeros((*sound.shape[:-1], config.filterbank.bands, bank.frames))
    for group in bank.groups:
        length = bank.padded_frames * group.steps
        analytic = np.fft.ifft(spectrum[..., group.bins] * group.analysis, n=length)
        steps = np.abs(analytic).reshape(*analytic.shape[:-1], bank.padded_frames, group.steps)
        means = steps.mean(-1) * (length / bank.padded_samples)
        envelopes[..., group.bands, :] = means[..., : bank.frames]
    floor, c = config.floor, config.compression
    compressed = (envelopes**2 + floor**2) ** (c / 2) - floor**c
    return compressed.swapaxes(-1, -2).astype(np.float32)


def long_cochleagram(sound: Sound) -> NDArray[np.float32]:
    """:func:`cochleagram_numpy` of a sound of any length at 44.1 kHz, piece after piece.

    Ten minutes at once would take 14 GB. Up to 20 s it is the same; beyond, the lowest bands, which
    ring longest, differ by at most 0.02 where two pieces meet.
    """
    step = RATE // FRAME_RATE
    pieces = []
    for first in range(0, max(1, -(-len(sound) // step)), _PIECE):
        before = min(first, _MARGIN)
        part = sound[(first - before) * step : (first + _PIECE + _MARGIN) * step]
        pieces.append(cochleagram_numpy(part)[before : before + _PIECE])
    return np.concatenate(pieces)


def compress(envelopes: Tensor, config: CochleagramConfig = DEFAULT) -> Tensor:
    """Envelopes (full scale = 1, from 0) -> cochleagram values, elementwise."""
    floor, c = config.floor, config.compression
    return (envelopes.square() + floor**2) ** (c / 2) - floor**c


def expand(values: Tensor, config: CochleagramConfig = DEFAULT) -> Tensor:
    """The inverse of :func:`compress`; values below zero count as zero."""
    floor, c = config.floor, config.compression
    squares = (values.clamp(min=0) + floor**c) ** (2 / c) - floor**2
    return squares.clamp(min=0).sqrt()


def loudness(values: Values) -> Values:
    """Loudness of each frame: the Euclidean norm over bands, ``[..., T, 42]`` -> ``[..., T]``."""
    return (values**2).sum(-1) ** 0.5
