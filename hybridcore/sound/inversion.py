"""A sound whose cochleagram is the one asked for: envelopes imposed on noise, again and again.

After McDermott & Simoncelli 2011 and Owens et al. 2016, section 5.2. Noise is split into its
sub-bands, each is multiplied by the envelope it lacks, the bands are filtered once more and added
up. As neighbouring bands overlap this does not reach the target at once, so it is repeated.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from hybridcore.sound.cochleagram import DEFAULT, RATE, CochleagramConfig, Sound, expand
from hybridcore.sound.filterbank import Filterbank

_LARGEST_STEP = 30.0  # an envelope is not raised further in one round: it would raise rounding


@torch.inference_mode()
def invert(
    values: Tensor, samples: int, *, rate: int = RATE, seed: int = 0, iterations: int = 8,
    config: CochleagramConfig = DEFAULT,
) -> Sound:
    """A sound with the cochleagram ``values``.

    Args:
        values: ``[T, 42]``; values below zero count as zero.
        samples: length of the sound; ``T`` must be the frames that cover it.
        seed: of the noise.
        iterations: rounds of imposing the envelopes; the paper uses one.

    Returns:
        float32 ``[samples]``; not limited to -1..1.
    """
    bank = Filterbank(samples, rate, config.filterbank)
    if values.shape != (bank.frames, config.filterbank.bands):
        raise ValueError(f"{samples} samples need a cochleagram of {bank.frames} frames")
    target = torch.zeros(config.filterbank.bands, bank.padded_frames)
    target[:, : bank.frames] = expand(values.float(), config).T
    noise = np.random.default_rng(seed).standard_normal(samples).astype(np.float32)
    sound = torch.from_numpy(noise) * 0.1
    for _ in range(iterations):
        shaped = []
        for group, part in zip(bank.groups, bank.split(sound), strict=True):
            frames = part.unflatten(-1, (bank.padded_frames, group.steps))
            present = frames.abs().mean(-1)  # [g, T]
            gain = target[torch.from_numpy(group.bands)] / present.clamp(min=1e-7)
            shaped.append((frames * gain.clamp(max=_LARGEST_STEP)[..., None]).flatten(-2))
        sound = bank.join(shaped)
    return sound.numpy()
