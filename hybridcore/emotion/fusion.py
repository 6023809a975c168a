"""What several witnesses say together, and where they do not agree.

A product of experts (Hinton, *Training Products of Experts by Minimizing Contrastive Divergence*,
2002) over calibrated probabilities, each to the power of its weight,

    p(e) = prod_k p_k(e)^{w_k} / sum_e' prod_k p_k(e')^{w_k}

as late fusion has it since Kittler et al., *On Combining Classifiers*, 1998. The weights cannot be
learned for want of clips in which face and voice are both labelled: a person sets them. Witnesses
err together where they see the same face, so the product is surer than it should be.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from hybridcore.emotion.classes import EMOTIONS


def fused(log_p: Mapping[str, np.ndarray], weights: Mapping[str, float]) -> np.ndarray:
    """``log_p`` of every witness ``[T, 7]``, NaN where it has nothing to say -> log probabilities
    of all together, float32 ``[T, 7]``; NaN where none with a weight speaks."""
    heard = {name: value for name, value in log_p.items() if weights.get(name, 0) > 0}
    if not heard:
        first = next(iter(log_p.values()))
        return np.full_like(first, np.nan)
    total = np.sum([weights[name] * np.nan_to_num(value) for name, value in heard.items()], 0)
    total -= np.logaddexp.reduce(total, axis=1, keepdims=True)
    silent = np.all([np.isnan(value[:, 0]) for value in heard.values()], 0)
    together: np.ndarray = np.where(silent[:, None], np.nan, total).astype(np.float32)
    return together


def divergence(log_p: Mapping[str, np.ndarray]) -> np.ndarray:
    """How far witnesses are from one another at every time, bits ``[T]``: the Jensen-Shannon
    divergence of those that speak (Lin 1991); NaN where fewer than two do."""
    p = np.exp(np.stack(list(log_p.values())))  # [K, T, 7]
    speak = ~np.isnan(p[..., 0])
    count = np.maximum(speak.sum(0), 1)
    p = np.nan_to_num(p)
    own = (_entropy(p) * speak).sum(0) / count
    apart = _entropy(p.sum(0) / count[:, None]) - own
    values: np.ndarray = np.where(speak.sum(0) < 2, np.nan, np.maximum(apart, 0))
    return values


def _entropy(p: np.ndarray) -> np.ndarray:
    """Bits, of the last axis."""
    bits: np.ndarray = -(p * np.log2(np.maximum(p, 1e-12))).sum(-1)
    return bits


def _level() -> float:
    """Of two witnesses that each give one half to an emotion of its own."""
    rest = 0.5 / (len(EMOTIONS) - 1)
    p = np.full((2, 1, len(EMOTIONS)), rest)
    p[0, 0, 0] = p[1, 0, 1] = 0.5
    return float(divergence({"one": np.log(p[0]), "other": np.log(p[1])})[0])


DISAGREE = _level()  # bits from which on witnesses disagree: chosen, not learned
