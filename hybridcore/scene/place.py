"""Whether a frame shows a place at all, or something near: a thing, a face, the ground.

A logistic regression on the mean of the encoder's scene grid, taught photographs of places against
photographs of things. It is the best that we found at telling real frames whose scene is one of
the 100 from those whose scene is none of them (learn/place.py).
"""

from __future__ import annotations

import numpy as np
from torch import Tensor, nn

from hybridcore.cards import load_card


class PlaceProbe(nn.Module):
    """Encoder grid -> log-odds that a place is shown."""

    def __init__(self, *, cell_dim: int = 1280) -> None:
        super().__init__()
        self.linear = nn.Linear(cell_dim, 1)

    def forward(self, grid: Tensor) -> Tensor:
        """``[N, cell_dim, h, w]`` -> ``[N]``."""
        return self.linear(grid.mean((2, 3))).squeeze(-1)


def known(log_odds: np.ndarray) -> np.ndarray:
    """Probability that the scene is one of the 100, float32, from the log-odds of the probe.

    Scale and bias were fitted on real clips (learn/calibrate.py).

    Raises:
        WeightsError: the probe has no card.
    """
    fit = load_card("scene_place")["calibration"]
    return (1 / (1 + np.exp(-(fit["bias"] + fit["scale"] * log_odds)))).astype(np.float32)
