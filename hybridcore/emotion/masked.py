"""Whether something covers mouth and nose: a mask, a cloth, a scarf.

What a face shows cannot be told then. A small head reads the grid that the CNN of single faces has
found in the crop already (``g`` of `face`), place by place:

    m = relu(A g + a) at every place;   p = sigmoid(b . m + c)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from hybridcore.cards import load_card
from hybridcore.weights import load_into

NAME = "emotion_masked"


@dataclass(frozen=True)
class MaskedConfig:
    """Sizes of the head."""

    features: int = 256  # of g at a place
    side: int = 4  # places down and across
    hidden: int = 16  # of m at a place
    dropout: float = 0.3


class MaskedNet(nn.Module):
    """Grids of face crops -> logits that mouth and nose are covered."""

    def __init__(self, *, config: MaskedConfig) -> None:
        super().__init__()
        self.config = config
        self.places = nn.Conv2d(config.features, config.hidden, 1)
        self.dropout = nn.Dropout(config.dropout)
        self.classifier = nn.Linear(config.hidden * config.side ** 2, 1)

    def forward(self, grid: Tensor) -> Tensor:
        """``grid``: ``[N, features, side, side]`` -> ``[N]``."""
        places = self.dropout(torch.relu(self.places(grid)))  # [N, hidden, side, side]
        return self.classifier(places.flatten(1))[:, 0]


@dataclass(frozen=True, eq=False)
class Masked:
    """The head, ready to run."""

    network: MaskedNet

    @classmethod
    def load(cls) -> Masked:
        """With the weights that ship.

        Raises:
            WeightsError: if they are missing or are not the ones that their card names.
        """
        network = MaskedNet(config=MaskedConfig(**load_card(NAME)["config"]))
        return cls(load_into(network, NAME))

    @torch.inference_mode()
    def p(self, grid: NDArray[np.float32]) -> NDArray[np.float32]:
        """How probable it is that mouth and nose are covered, ``[N]``, of grids
        ``[N, 256, 4, 4]``; one half is the limit that was chosen (see the card)."""
        logits = self.network(torch.from_numpy(np.ascontiguousarray(grid)).float())
        return torch.sigmoid(logits).numpy()
