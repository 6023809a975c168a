"""Recurrent convolutional layer: a layer that looks at what its neighbours just said.

Liang & Hu, *Recurrent Convolutional Neural Network for Object Recognition*, CVPR 2015:

    z(t) = w_f * u + w_r * x(t-1) + b,    x(t) = norm(relu(z(t))),    x(0) = norm(relu(w_f * u + b))

``u`` is the picture below, the same at every step; ``norm`` is local response normalisation across
channels. T steps see as far as T + 1 layers, with the weights of two. RCNN-K is a convolution, two
of these, pooling, two more, the highest answer of each channel, and a linear layer.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

_ALPHA, _BETA = 1e-3, 0.75  # of the normalisation (section 3.1)


class RecurrentConv(nn.Module):
    """``u [B, C, h, w] -> x(T) [B, C, h, w]``."""

    def __init__(self, *, channels: int, steps: int = 3, kernel: int = 3) -> None:
        super().__init__()
        self.steps = steps
        self.feed = nn.Conv2d(channels, channels, kernel, padding=kernel // 2)
        self.recur = nn.Conv2d(channels, channels, kernel, padding=kernel // 2, bias=False)
        self.norm = nn.LocalResponseNorm(channels // 8 + 1, alpha=_ALPHA, beta=_BETA, k=1.0)

    def states(self, u: Tensor) -> list[Tensor]:
        """``x(0)`` to ``x(T)``."""
        fed = self.feed(u)
        states = [self.norm(F.relu(fed))]
        for _ in range(self.steps):
            states.append(self.norm(F.relu(fed + self.recur(states[-1]))))
        return states

    def forward(self, u: Tensor) -> Tensor:
        return self.states(u)[-1]


@dataclass(frozen=True)
class RCNNConfig:
    """channels: K of RCNN-K; the defaults are those for CIFAR-10."""

    channels: int = 96
    inputs: int = 3
    classes: int = 10
    steps: int = 3
    dropout: float = 0.5


class RCNN(nn.Module):
    """Pictures ``[B, inputs, h, w]`` -> logits ``[B, classes]``."""

    def __init__(self, *, config: RCNNConfig) -> None:
        super().__init__()
        k, steps = config.channels, config.steps
        self.first = nn.Conv2d(config.inputs, k, 5, padding=2)
        self.layers = nn.ModuleList(RecurrentConv(channels=k, steps=steps) for _ in range(4))
        self.pool = nn.MaxPool2d(3, stride=2, padding=1)
        self.dropout = nn.Dropout(config.dropout)
        self.classify = nn.Linear(k, config.classes)

    def forward(self, pictures: Tensor) -> Tensor:
        first, second, third, fourth = self.layers
        x = self.pool(F.relu(self.first(pictures)))  # [B, K, h/2, w/2]
        x = self.pool(self.dropout(second(self.dropout(first(x)))))  # [B, K, h/4, w/4]
        x = fourth(self.dropout(third(x)))
        logits: Tensor = self.classify(torch.amax(x, (2, 3)))
        return logits
