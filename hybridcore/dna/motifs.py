"""What the scanners look for, as motifs.

A scanner's motif is made of all stretches of letters to which it answers with more than half of its
highest answer, aligned and counted (Alipanahi et al., *DeepBind*, Nature Biotechnology 2015; DanQ
does the same); its logo has the height of what each place tells (Schneider & Stephens, *Sequence
logos*, Nucleic Acids Research 1990).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from scipy.special import xlogy

from hybridcore.dna.danq import DanQ
from hybridcore.dna.letters import BASES

_ANSWERED = 0.5  # of the highest answer of a scanner
_ONE_EACH = 1.0  # that is added to every count, so that no frequency is zero


@torch.inference_mode()
def count_motifs(network: DanQ, windows: np.ndarray) -> np.ndarray:
    """Letters under the answers of every scanner: uint32 ``[motifs, kernel, 4]``.

    windows: one-hot ``[N, length, 4]``; both strands are read. Where a scanner answers nowhere its
    counts are zero.
    """
    config = network.config
    tensor = torch.from_numpy(np.ascontiguousarray(windows, dtype=np.float32))
    both = torch.cat([tensor, tensor.flip(1, 2)])
    chunks = both.split(256)
    highest = torch.stack([network.scan(chunk).amax((0, 2)) for chunk in chunks]).amax(0)
    counts = torch.zeros(config.motifs, config.kernel, len(BASES))
    for chunk in chunks:
        answers = network.scan(chunk)  # [N, motifs, positions]
        stretches = chunk.unfold(1, config.kernel, 1)  # [N, positions, 4, kernel]
        strong = (answers > _ANSWERED * highest[:, None]) & (highest[:, None] > 0)
        counts += torch.einsum("nmp,npbk->mkb", strong.float(), stretches)
    return counts.numpy().astype(np.uint32)


def frequencies(counts: np.ndarray) -> np.ndarray:
    """Counts ``[..., kernel, 4]`` -> shares of the bases, none of them zero."""
    more = counts + _ONE_EACH
    shares: np.ndarray = more / more.sum(-1, keepdims=True)
    return shares


def information(shares: np.ndarray) -> np.ndarray:
    """Bits that each place tells, ``[..., kernel]`` in 0..2, of shares ``[..., kernel, 4]``."""
    bits: np.ndarray = 2 + xlogy(shares, shares).sum(-1) / np.log(2)
    return bits


def likeness(one: np.ndarray, other: np.ndarray, least: int = 10) -> tuple[float, int, bool]:
    """How alike two motifs are: the highest Pearson correlation of their shares ``[k, 4]`` over all
    offsets with at least ``least`` places in common, on either strand.

    Returns:
        The correlation, the offset of ``one`` in ``other``, whether it is turned.
    """
    best = (-1.0, 0, False)
    for turned in (False, True):
        own = one[::-1, ::-1] if turned else one
        for offset in range(least - len(own), len(other) - least + 1):
            left = own[max(0, -offset) : len(other) - offset]
            right = other[max(0, offset) : offset + len(own)]
            r = float(np.corrcoef(left.ravel(), right.ravel())[0, 1])
            if r > best[0]:
                best = (r, offset, turned)
    return best


@dataclass(frozen=True)
class Firing:
    """A scanner in a window. motif: its number. start: letters from the beginning of the window,
    on the strand that is read, to where it fits best. effect: by how much the log-odds of the
    target fall without it."""

    motif: int
    start: int
    effect: float


@torch.inference_mode()
def firing(network: DanQ, window: np.ndarray, target: int) -> list[Firing]:
    """Every scanner that answers in a window, the one that says most for the target first.

    window: one-hot ``[length, 4]``, on the strand to be read. Each scanner in turn is silenced.
    """
    scanned = network.scan(torch.from_numpy(np.array(window[None], np.float32)))  # [1, motifs, P]
    own = torch.eye(network.config.motifs, dtype=torch.bool)
    silenced = scanned.masked_fill(own[..., None], 0.0)  # [motifs, motifs, P]
    logits = network.read(torch.cat([scanned, silenced]))[:, target]
    effects = (logits[0] - logits[1:]).numpy()
    found = [Firing(motif, int(scanned[0, motif].argmax()), float(effects[motif]))
             for motif in range(network.config.motifs) if scanned[0, motif].max() > 0]
    return sorted(found, key=lambda one: -one.effect)
