"""What a sentence model hears in training: sets of concepts as faulty as those of a picture.

A sentence's own concepts are heard with some left out, a few of the same photograph's other
sentences are added, and false ones slip in. Every concept comes with a sureness; buckets are drawn
so that among the concepts of a bucket the share that is right is what the bucket says
(:data:`hybridcore.caption.say.SURENESS`). So the network learns how far to trust each.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from hybridcore.caption.say import NOTHING, Heard

MOST_HEARD = 14
KEEP_THING, KEEP_OTHER = 0.85, 0.55  # of the sentence's own
ADD_THING, ADD_OTHER = 0.35, 0.12  # of the photograph's other sentences
KNOW_COUNT = 0.5
RIGHT = np.array([0.3, 0.5, 0.7, 0.87, 0.97])  # share of a bucket's concepts that are right
TRUE_BUCKETS = np.array([0.10, 0.13, 0.17, 0.22, 0.38])  # where right concepts come
FALSE_BUCKETS = TRUE_BUCKETS * (1 - RIGHT) / RIGHT
FALSE_SHARE = FALSE_BUCKETS.sum()  # false concepts for each right one
FALSE_BUCKETS = FALSE_BUCKETS / FALSE_SHARE
MOST_FALSE = 8


@dataclass(frozen=True)
class Text:
    """Sentences as numbers.

    words int16 ``[S, T]`` (END included, PADDING after it); own: concepts of each sentence with
    their count, int16 ``[S, 2, P]``, NOTHING after the last; group ``[S]`` the photograph;
    style ``[S]``, sentences of one photograph side by side; needs ``[C]``: whether a
    concept is a thing or a colour.
    """

    words: np.ndarray
    own: np.ndarray
    group: np.ndarray
    style: np.ndarray
    needs: np.ndarray


@dataclass(frozen=True)
class Sentences:
    """A batch: what is heard, and the words to be said, int64 ``[N, T]``."""

    heard: Heard
    words: Tensor


def batches(text: Text, size: int, *, seed: int) -> Iterator[Sentences]:
    """Endless batches; every pass is a new permutation, and every hearing is drawn anew."""
    rng = np.random.default_rng(seed)
    frequency = np.bincount(text.own[:, 0][text.own[:, 0] >= 0], minlength=len(text.needs))
    chance = np.cumsum(frequency**0.75)
    chance /= chance[-1]
    lengths = (text.words >= 0).sum(1)
    while True:
        order = rng.permutation(len(text.words))
        for block in np.array_split(order, max(1, len(order) // (size * 16))):
            block = block[np.argsort(lengths[block], kind="stable")]
            parts = [block[k : k + size] for k in range(0, len(block), size)]
            for k in rng.permutation(len(parts)):
                rows = parts[k]
                words = text.words[rows, : lengths[rows].max()].astype(np.int64)
                yield Sentences(hear(text, rows, chance, rng), torch.from_numpy(words))


def hear(text: Text, rows: np.ndarray, chance: np.ndarray, rng: np.random.Generator) -> Heard:
    """What is heard of the photographs that the sentences ``rows`` are about.

    chance: cumulative share of each concept among false ones, ``[C]``.
    """
    first = np.searchsorted(text.group, text.group[rows])
    count = np.searchsorted(text.group, text.group[rows], "right") - first
    others = [first + (rng.random(len(rows)) * count).astype(int) for _ in range(2)]
    concepts, counts = (
        np.concatenate([text.own[r, k] for r in (rows, *others)], 1).astype(np.int64)
        for k in (0, 1))  # [N, 3 P]
    own = np.arange(concepts.shape[1]) < text.own.shape[2]
    needs = text.needs[concepts]
    keep = np.where(own, np.where(needs, KEEP_THING, KEEP_OTHER),
                    np.where(needs, ADD_THING, ADD_OTHER))
    right = (concepts != NOTHING) & (rng.random(concepts.shape) < keep) & ~_repeated(concepts)
    false = np.searchsorted(chance, rng.random((len(rows), MOST_FALSE)))
    wanted = rng.poisson(FALSE_SHARE * right.sum(1))
    wrong = np.arange(MOST_FALSE) < wanted[:, None]
    wrong &= ~(false[:, :, None] == concepts[:, None]).any(2) & ~_repeated(false)
    taken = np.concatenate([right, wrong], 1)
    concepts = np.concatenate([concepts, false], 1)
    counts = np.concatenate([counts, rng.integers(0, 3, false.shape)], 1)
    counts[(counts < 0) | (rng.random(counts.shape) > KNOW_COUNT)] = 0
    buckets = np.concatenate([
        rng.choice(5, size=right.shape, p=TRUE_BUCKETS),
        rng.choice(5, size=wrong.shape, p=FALSE_BUCKETS)], 1)
    order = np.argsort(np.where(taken, rng.random(taken.shape), 2), 1)[:, :MOST_HEARD]
    concepts = np.where(taken, concepts, NOTHING)
    heard, sureness, many = (
        torch.from_numpy(np.take_along_axis(x, order, 1)) for x in (concepts, buckets, counts))
    return Heard(heard, sureness, many, torch.from_numpy(text.style[rows].astype(np.int64)))


def _repeated(concepts: np.ndarray) -> np.ndarray:
    """Which of ``[N, M]`` stand further left in their row already."""
    same = concepts[:, :, None] == concepts[:, None]
    return np.tril(same, -1).any(2)
