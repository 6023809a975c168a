"""Two stretches of letters that belong together, moved apart: what the order of motifs tells."""

from __future__ import annotations

import numpy as np

from hybridcore.dna.danq import DanQ
from hybridcore.dna.letters import BASES, one_hot
from hybridcore.dna.scan import logits_of
from hybridcore.dna.targets import TARGET_KEYS, Target

BACKGROUNDS = 32  # random sequences that each spacing is tried in


def spaced_apart(
    network: DanQ, target: Target, spacings: np.ndarray, seed: int = 0
) -> np.ndarray:
    """Logits of the target with its halves so many letters apart, in the middle of random letters:
    float32 ``[2, spacings, BACKGROUNDS]``, of both strands. The same letters lie around each."""
    length = network.config.length
    first, second = (one_hot(half) for half in target.halves)
    rng = np.random.default_rng(seed)
    ground = np.eye(len(BASES), dtype=np.float32)[
        rng.integers(0, len(BASES), (BACKGROUNDS, length))]
    windows = np.repeat(ground[None], len(spacings), 0)
    for own, spacing in zip(windows, spacings, strict=True):
        start = (length - len(first) - len(second) - int(spacing)) // 2
        own[:, start : start + len(first)] = first
        start += len(first) + int(spacing)
        own[:, start : start + len(second)] = second
    logits = logits_of(network, windows.reshape(-1, length, len(BASES)))
    found: np.ndarray = logits[TARGET_KEYS.index(target.key)]
    return found.reshape(2, len(spacings), BACKGROUNDS)
