"""Regions of the training photographs as the aligner learns from them: in few components.

A region has 2,560 features, many of which say the same. The aligner learns ``W_m`` on their 512
principal components, at a fifth of the cost; afterwards these are folded into ``W_m``, so nothing
of this is left in the model that ships. All components are scaled alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from hybridcore.caption.align import VisualSemanticAligner
from hybridcore.caption.learn.data import draw_views
from hybridcore.caption.regions import pooling
from hybridcore.encoder.grids import unpack_grid

COMPONENTS = 512
FITTED_ON = 1_500  # photographs
AT_ONCE = 100


@dataclass(frozen=True)
class Components:
    """``z = (x - mean) @ matrix`` of pooled features x: mean ``[C]``, matrix ``[C, D]``."""

    mean: Tensor
    matrix: Tensor

    @classmethod
    def fit(cls, grids: NDArray[np.uint8], count: int = COMPONENTS) -> Components:
        """From the regions of grids uint8 ``[P, 49, C]``."""
        x = torch.cat([pooled.flatten(0, 1) for pooled in _pooled(grids)])  # [P R, C]
        mean = x.mean(0)
        x -= mean
        values, vectors = torch.linalg.eigh(x.T @ x / len(x))
        values, vectors = values[-count:], vectors[:, -count:]
        return cls(mean, vectors / values.mean().sqrt())

    def apply(self, grids: NDArray[np.uint8]) -> NDArray[np.float16]:
        """The regions of grids uint8 ``[P, 49, C]``: float16 ``[P, R, D]``."""
        offset = self.mean @ self.matrix
        return np.concatenate([
            (pooled @ self.matrix - offset).half().numpy() for pooled in _pooled(grids)
        ])

    def fold(self, model: VisualSemanticAligner) -> VisualSemanticAligner:
        """A model that learned on the components as one that sees the encoder's cells."""
        full = VisualSemanticAligner(config=replace(model.config, cell_dim=len(self.mean)))
        weight = model.region.weight @ self.matrix.T  # [joint, C]
        full.load_state_dict({
            **model.state_dict(), "region.weight": weight,
            "region.bias": model.region.bias - weight @ self.mean,
        })
        return full.eval()


def _pooled(grids: NDArray[np.uint8]) -> Iterator[Tensor]:
    average = torch.from_numpy(pooling())
    for at in range(0, len(grids), AT_ONCE):
        yield average @ unpack_grid(np.array(grids[at : at + AT_ONCE]))  # [.., R, C]


def load_features(
    views: list[NDArray[np.uint8]], folder: Path
) -> tuple[Components, list[NDArray[np.float16]]]:
    """The components, of the first photographs as they are, and the regions of every view; both
    kept in ``folder``."""
    path = folder / "components.npz"
    if not path.exists():
        fitted = Components.fit(views[0][:FITTED_ON])
        np.savez(path, mean=fitted.mean.numpy(), matrix=fitted.matrix.numpy())
    with np.load(path) as saved:
        components = Components(torch.from_numpy(saved["mean"]), torch.from_numpy(saved["matrix"]))
    features = []
    for k, grids in enumerate(views):
        kept = folder / f"train_regions{k}.npy"
        if not kept.exists():
            np.save(kept, components.apply(grids))
        features.append(np.load(kept))
    return components, features


@dataclass(frozen=True)
class Pairs:
    """N photographs, each with one of its sentences: regions float32 ``[N, R, D]``, words int64
    ``[N, T]``, PADDING after the sentence."""

    regions: Tensor
    words: Tensor


def pairs(
    views: list[NDArray[np.float16]], words: Tensor, size: int, *, seed: int
) -> Iterator[Pairs]:
    """Endless batches of ``size`` photographs, every pass in a new order, each in one of its views
    and with one of its sentences, ``words [P, S, T]``."""
    rng = np.random.default_rng(seed)
    while True:
        order = rng.permutation(len(words))
        for at in range(0, len(order) - size + 1, size):
            rows = order[at : at + size]
            regions = draw_views(views, rows, rng)
            spoken = words[rows, rng.integers(words.shape[1], size=size)]
            yield Pairs(torch.from_numpy(regions).float(), spoken)
