"""What is asked over time of the same features: their mean, or an LSTM or a TCN over them.

Each reads steps of a clip, ``[B, T, D]``, and says one number of the whole clip, ``[B]``; they
differ in nothing but what lies between the first layer and the mean over time.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits

from hybridcore.layers.temporal_conv import TemporalConvNet

Over = Literal["mean", "lstm", "tcn"]
_WIDTH = 32
_ROUNDS = 40


class Course(nn.Module):
    """Features -> a layer -> memory, if any -> the mean over time -> log-odds."""

    def __init__(self, *, inputs: int, over: Over) -> None:
        super().__init__()
        self.first = nn.Sequential(nn.Linear(inputs, _WIDTH), nn.ReLU(), nn.Dropout(0.3))
        self.lstm = nn.LSTM(_WIDTH, _WIDTH, batch_first=True) if over == "lstm" else None
        self.tcn = TemporalConvNet(
            inputs=_WIDTH, channels=_WIDTH, levels=3) if over == "tcn" else None
        self.classifier = nn.Linear(_WIDTH, 1)

    def forward(self, steps: Tensor, there: Tensor) -> Tensor:
        """``steps [B, T, D]``, ``there [B, T]``: 1 where a clip has a step, 0 after its end."""
        hidden = self.first(steps)  # [B, T, WIDTH]
        if self.lstm is not None:
            hidden = self.lstm(hidden)[0]
        if self.tcn is not None:
            hidden = self.tcn(hidden)[0]
        mean = (hidden * there[..., None]).sum(1) / there.sum(1, keepdim=True)
        return self.classifier(mean).squeeze(-1)


def course_scores(
    steps: Sequence[np.ndarray], positive: np.ndarray, learned: np.ndarray, over: Over, seed: int
) -> np.ndarray:
    """Log-odds float ``[N]`` of N clips ``[T, D]``, by a network that learned some of them.

    Args:
        positive: bool ``[N]``. learned: bool ``[N]``, those that it may learn from.
    """
    torch.manual_seed(seed)
    known = np.concatenate([clip for clip, own in zip(steps, learned, strict=True) if own])
    mean, spread = known.mean(0), known.std(0) + 1e-3
    rows = nn.utils.rnn.pad_sequence([
        torch.from_numpy((clip - mean) / spread).float() for clip in steps], batch_first=True)
    lengths = torch.tensor([len(clip) for clip in steps])
    there = (torch.arange(rows.shape[1]) < lengths[:, None]).float()
    mine, truth = torch.from_numpy(learned), torch.from_numpy(positive).float()
    network = Course(inputs=rows.shape[2], over=over)
    optimiser = torch.optim.AdamW(network.parameters(), 3e-3, weight_decay=0.1)
    for _ in range(_ROUNDS):
        loss = binary_cross_entropy_with_logits(network(rows[mine], there[mine]), truth[mine])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    network.eval()
    with torch.inference_mode():
        return network(rows, there).numpy()
