"""What networks read of features: principal components of each part of what they are told."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from hybridcore.teach.features import Features

COMPONENTS = 24  # of each part, at most
_MOST_ROWS = 800  # from which they are found


@dataclass(frozen=True, eq=False)
class Projection:
    """weight: ``[G, d, width]``, bias: ``[G, 1, width]``, of G networks. parts: of the d columns;
    each has :data:`COMPONENTS` of the width, one part after the other."""

    weight: Tensor
    bias: Tensor
    parts: Mapping[str, int]

    @classmethod
    def fitted(
        cls, features: Sequence[Features], labels: Sequence[np.ndarray]
    ) -> Projection:
        """That of what each network is told: ``labels [G, n]`` of each clip, -1: nothing."""
        parts, found = features[0].parts, []
        for group in range(len(labels[0])):
            told = np.concatenate([
                clip.values[label[group] >= 0].astype(np.float32)
                for clip, label in zip(features, labels, strict=True)])
            found.append(principal(told, parts))
        weight, bias = (torch.from_numpy(np.stack(arrays)) for arrays in zip(*found, strict=True))
        return cls(weight, bias[:, None], parts)

    def only(self, parts: Collection[str]) -> Projection:
        """That of some of the parts."""
        chosen = torch.tensor([part in parts for part in self.parts])
        columns = chosen.repeat_interleave(torch.tensor(list(self.parts.values())))
        components = chosen.repeat_interleave(COMPONENTS)
        return Projection(
            self.weight[:, columns][..., components], self.bias[..., components],
            {part: width for part, width in self.parts.items() if part in parts})


def principal(told: np.ndarray, parts: Mapping[str, int]) -> tuple[np.ndarray, np.ndarray]:
    """Weight ``[d, width]`` and bias ``[width]`` of the projection, float32.

    Each part of ``told [m, d]`` is centred and scaled, its principal components are found, and all
    of them are scaled alike, to a mean variance of one; those that it lacks are zero.
    """
    told = told[:: -(-len(told) // _MOST_ROWS)]
    mean, spread = told.mean(0), told.std(0)
    weight, start = np.zeros((len(mean), COMPONENTS * len(parts)), np.float32), 0
    for number, columns in enumerate(parts.values()):
        part = slice(start, start + columns)
        start += columns
        scale = 1 / (spread[part] + 0.1 * spread[part].mean() + 1e-6)
        scaled = ((told[:, part] - mean[part]) * scale).astype(np.float64)
        # Rows are fewer than columns: the components come from the small matrix of products.
        values, vectors = np.linalg.eigh(scaled @ scaled.T)
        kept = np.flatnonzero(values > 1e-6 * values[-1])[::-1][:COMPONENTS]
        size = np.sqrt(values[kept].mean() / len(told)) if len(kept) else 1.0
        components = scaled.T @ vectors[:, kept] / np.sqrt(values[kept])
        first = COMPONENTS * number
        weight[part, first : first + len(kept)] = scale[:, None] * components / size
    return weight, (-mean @ weight).astype(np.float32)
