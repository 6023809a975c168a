"""What the gait networks learn from: identities with a margin, and batch-hard triplets."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class MarginSoftmax(nn.Module):
    """Large-margin cosine loss (Wang et al., *CosFace*, CVPR 2018) over unit embeddings.

        loss = -log softmax(s (cos(e, w_k) - m [k = y]))_y
    """

    def __init__(self, *, dim: int, people: int, scale: float = 16.0, margin: float = 0.15) -> None:
        super().__init__()
        self.scale, self.margin = scale, margin
        self.weight = nn.Parameter(torch.randn(people, dim) * dim**-0.5)

    def forward(self, embedding: Tensor, person: Tensor) -> Tensor:
        """``embedding [B, dim]`` of unit length, ``person [B]`` -> the mean loss."""
        cosine = embedding @ F.normalize(self.weight, dim=1).T  # [B, people]
        taken = F.one_hot(person, len(self.weight))
        return F.cross_entropy(
            self.scale * (cosine - self.margin * taken), person, label_smoothing=0.1)


def batch_hard_triplets(embedding: Tensor, person: Tensor, margin: float = 0.2) -> Tensor:
    """Hermans et al. 2017: the farthest of the same person against the nearest of another.

    ``embedding [B, dim]``, ``person [B]``, each at least twice and two people at least -> the mean
    of ``max(0, margin + d(farthest) - d(nearest))``.
    """
    distance = torch.cdist(embedding, embedding)  # [B, B]
    same = person[:, None] == person[None]
    farthest = distance.masked_fill(~same, -1.0).amax(1)
    nearest = distance.masked_fill(same, float("inf")).amin(1)
    return F.relu(margin + farthest - nearest).mean()
