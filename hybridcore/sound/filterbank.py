"""Half-cosine filters on the ERB scale, applied as batched FFTs.

After McDermott & Simoncelli, *Sound Texture Perception via Statistics of the Auditory Periphery*,
Neuron 2011: ``N`` filters, their centres equally spaced in ERB numbers (Glasberg & Moore 1990)

    ERB(f) = 9.265 ln(1 + f / 228.85),      H_k(f) = cos(pi / 2 * (ERB(f) - c_k) / d)

with ``d`` the spacing of the centres, zero beyond one spacing, and a low- and a high-pass that
complete them, so that ``sum_k H_k(f)^2 = 1``: filtering twice and adding up gives the sound back.

A sub-band occupies few bins of the spectrum. Its analytic signal is therefore computed by an
inverse FFT just long enough for these bins: the same Hilbert envelope, sampled more coarsely, and
most of the arithmetic of a Hilbert transform at the full rate is saved.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

# Silence behind the sound, so that its end does not ring into its beginning, frames.
_TAIL = 9


@dataclass(frozen=True)
class FilterbankConfig:
    """Bands and frames.

    filters: number of half-cosine filters; a low- and a high-pass are added.
    low, high: the outer edges of the filters, Hz.
    frame_rate: envelope frames per second.
    """

    filters: int = 40
    low: float = 50.0
    high: float = 20_000.0
    frame_rate: int = 90

    @property
    def bands(self) -> int:
        """Low-pass, filters, high-pass."""
        return self.filters + 2

    @property
    def centres(self) -> NDArray[np.float64]:
        """Frequency of each band ``[bands]``, Hz: of its peak; of its inner edge at both ends."""
        return _hertz(np.linspace(_erb(self.low), _erb(self.high), self.bands))


@dataclass(frozen=True)
class BandGroup:
    """Sub-bands whose envelopes need about the same rate: g bands of at most w bins.

    bands: int64 ``[g]``; bins: int64 ``[g, w]`` of the one-sided spectrum.
    analysis: float32 ``[g, w]``, ``H`` of the bin, doubled for the analytic signal.
    synthesis: float32 ``[g, w]``, undoes the doubling and filters again.
    steps: samples of the analytic signal per envelope frame.
    """

    bands: NDArray[np.int64]
    bins: NDArray[np.int64]
    analysis: NDArray[np.float32]
    synthesis: NDArray[np.float32]
    steps: int


class Filterbank:
    """The filters for sounds of ``samples`` samples at ``rate`` per second.

    frames: envelope frames that cover the sound, ``ceil(samples / rate * frame_rate)``.
    padded_frames, padded_samples: the length that the FFT takes.
    """

    def __init__(self, samples: int, rate: int, config: FilterbankConfig) -> None:
        if samples < 1 or rate < 1:
            raise ValueError("a sound needs at least one sample and a positive rate")
        self.samples, self.rate, self.config = samples, rate, config
        self.frames = -(-samples * config.frame_rate // rate)
        unit = config.frame_rate // math.gcd(rate, config.frame_rate)
        self.padded_frames = unit * _smooth(-(-(self.frames + _TAIL) // unit))
        self.padded_samples = self.padded_frames * rate // config.frame_rate
        self.groups = _plan(self.padded_samples, self.padded_frames, rate, config)

    def split(self, sound: Tensor) -> list[Tensor]:
        """``[..., samples]`` -> the analytic sub-bands of each group, shifted to frequency zero,
        which leaves their magnitudes as they are: complex ``[..., g, padded_frames * steps]``."""
        spectrum = torch.fft.rfft(sound, n=self.padded_samples)  # [..., F]
        parts = []
        for group in self.groups:
            gains = torch.from_numpy(group.analysis).to(sound.device)
            length = self.padded_frames * group.steps
            bins = spectrum[..., torch.from_numpy(group.bins).to(sound.device)] * gains
            parts.append(torch.fft.ifft(bins, n=length) * (length / self.padded_samples))
        return parts

    def join(self, parts: Sequence[Tensor]) -> Tensor:
        """The sound ``[..., samples]`` whose sub-bands, filtered once more, are ``parts``."""
        shape = (*parts[0].shape[:-2], self.padded_samples // 2 + 1)
        spectrum = parts[0].new_zeros(shape)
        for group, part in zip(self.groups, parts, strict=True):
            width = group.bins.shape[1]
            gains = torch.from_numpy(group.synthesis).to(part.device)
            bins = torch.fft.fft(part)[..., :width] * gains
            bins = bins * (self.padded_samples / part.shape[-1])
            index = torch.from_numpy(group.bins).to(part.device).flatten()
            spectrum = spectrum.index_add(-1, index, bins.flatten(-2))
        return torch.fft.irfft(spectrum, n=self.padded_samples)[..., : self.samples]


@lru_cache(maxsize=32)
def _plan(
    samples: int, frames: int, rate: int, config: FilterbankConfig
) -> tuple[BandGroup, ...]:
    """Filters sampled at the bins of an FFT of ``samples``, in groups of similar width."""
    frequency: NDArray[np.float64] = np.arange(samples // 2 + 1) * np.float64(rate / samples)
    gains = gains_at(frequency, config)  # [bands, F]
    sides = np.full(len(frequency), 2.0)
    sides[0] = 1.0
    by_steps: dict[int, list[tuple[int, int, int]]] = {}
    for band, gain in enumerate(gains):
        inside = np.flatnonzero(gain)
        first, width = (int(inside[0]), len(inside)) if len(inside) else (0, 1)
        # The envelope of a band is twice as wide as the band; at least four steps a frame.
        steps = 2 ** max(2, math.ceil(math.log2(2 * width / frames)))
        by_steps.setdefault(steps, []).append((band, first, width))
    groups = []
    for steps, members in sorted(by_steps.items()):
        widest = max(width for _, _, width in members)
        bands = np.array([band for band, _, _ in members])
        bins = np.stack([first + np.arange(widest) for _, first, _ in members])
        bins = bins.clip(max=len(frequency) - 1)
        gain = gains[bands[:, None], bins]
        for row, (_, _, width) in zip(gain, members, strict=True):
            row[width:] = 0  # also where the index was clipped
        groups.append(BandGroup(
            bands, bins, (gain * sides[bins]).astype(np.float32),
            (gain / sides[bins]).astype(np.float32), steps,
        ))
    return tuple(groups)


def gains_at(frequency: NDArray[np.float64], config: FilterbankConfig) -> NDArray[np.float64]:
    """``H_k(f)``: float64 ``[bands, F]``, in 0..1, its squares summing to one over the bands."""
    place = _erb(frequency)
    edges = np.linspace(_erb(config.low), _erb(config.high), config.bands)
    distance = (place - edges[1:-1, None]) / (edges[1] - edges[0])  # [filters, F]
    middle = np.where(np.abs(distance) < 1, np.cos(np.pi / 2 * distance), 0.0)
    low = np.where(place < edges[1], np.sqrt(1 - middle[0] ** 2), 0.0)
    high = np.where(place > edges[-2], np.sqrt(1 - middle[-1] ** 2), 0.0)
    return np.concatenate([low[None], middle, high[None]])


def _erb(hertz: NDArray[np.float64] | float) -> NDArray[np.float64]:
    return 9.265 * np.log1p(np.asarray(hertz) / (24.7 * 9.265))


def _hertz(erb: NDArray[np.float64]) -> NDArray[np.float64]:
    return 24.7 * 9.265 * np.expm1(erb / 9.265)


def _smooth(least: int) -> int:
    """The smallest number from ``least`` on without prime factors above 5: quick to transform."""
    number = least
    while True:
        rest = number
        for prime in (2, 3, 5):
            while rest % prime == 0:
                rest //= prime
        if rest == 1:
            return number
        number += 1
