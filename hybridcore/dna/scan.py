"""A network slid along a sequence, letter by letter, on both strands."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from hybridcore.dna.danq import DanQ
from hybridcore.dna.letters import one_hot
from hybridcore.dna.targets import TARGET_KEYS, Target
from hybridcore.progress import Progress

WINDOWS_AT_ONCE = 256


def windows_of(letters: str, length: int) -> np.ndarray:
    """The window around every letter, float32 ``[n, length, 4]``; beyond the ends nothing is known.

    The middle of window ``p`` is letter ``p``.
    """
    half = length // 2
    padded = np.pad(one_hot(letters), ((half, length - 1 - half), (0, 0)))
    view = np.lib.stride_tricks.sliding_window_view(padded, length, axis=0)  # [n, 4, length]
    return view.transpose(0, 2, 1)


@torch.inference_mode()
def logits_of(
    network: DanQ, windows: np.ndarray, progress: Progress | None = None
) -> np.ndarray:
    """Both strands of windows ``[N, length, 4]`` -> float32 ``[targets, 2, N]``.

    progress: is told the windows that are done, of those given.
    """
    device = network.head.weight.device
    parts: list[Tensor] = []
    for start in range(0, len(windows), WINDOWS_AT_ONCE):
        chunk = np.ascontiguousarray(windows[start : start + WINDOWS_AT_ONCE])
        parts.append(network.strands(torch.from_numpy(chunk).to(device)).cpu())
        if progress is not None:
            progress(start + len(chunk), len(windows))
    found: np.ndarray = torch.cat(parts, 1).permute(2, 0, 1).contiguous().numpy()
    return found


def footprints(network: DanQ, windows: np.ndarray, target: Target) -> np.ndarray:
    """The letter of each window ``[N, length, 4]`` around which lies what its answer rests on, int
    ``[N]``: the middle of the letters that the target covers whose bases raise the log-odds of the
    likelier strand most (gradient times input: Shrikumar et al., 2016)."""
    found: list[int] = []
    box, output = np.ones(target.footprint), TARGET_KEYS.index(target.key)
    for start in range(0, len(windows), WINDOWS_AT_ONCE):
        tensor = torch.from_numpy(np.ascontiguousarray(windows[start : start + WINDOWS_AT_ONCE]))
        tensor = tensor.to(network.head.weight.device).requires_grad_()
        with torch.backends.cudnn.flags(enabled=False):  # whose LSTM goes back only in training
            logits = network.strands(tensor)[..., output].amax(0).sum()
            (slopes,) = torch.autograd.grad(logits, tensor)
        # What a base adds, beyond what any base there would.
        worth = (tensor * (slopes - slopes.mean(2, keepdim=True))).sum(2).detach().cpu().numpy()
        found += [int(np.convolve(row, box, "same").argmax()) for row in worth]
    return np.array(found, int)
