"""The pattern of this whole house, as small as it can be: a CNN on every frame, an LSTM over them.

This file needs torch and nothing else: copy it, change the sizes, run it.

Every frame goes through the same convolution; what leaves it is flattened and becomes one step of
the LSTM. So the LSTM's input size is not chosen, it follows: channels x height x width of what the
CNN gives. A 3 x 3 convolution without padding takes 2 off each side, and pooling halves what is
left, rounded down: 28 x 28 becomes 16 x 13 x 13 = 2,704, not 16 x 14 x 14 = 3,136.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor, nn

Spelling = Literal["reshape", "wrap all", "wrap each layer"]


@dataclass(frozen=True)
class HybridConfig:
    """channels, height, width: of a frame. filters: of the convolution. hidden: units of the LSTM.
    classes: what is told apart."""

    channels: int = 1
    height: int = 28
    width: int = 28
    filters: int = 16
    hidden: int = 64
    classes: int = 10

    @property
    def features(self) -> int:
        """Numbers that the CNN gives of a frame, which are the input of the LSTM."""
        return self.filters * ((self.height - 2) // 2) * ((self.width - 2) // 2)


class TimeDistributed(nn.Module):
    """A layer that works on single frames, applied to every frame of ``[B, T, ...]``."""

    def __init__(self, layer: nn.Module) -> None:
        super().__init__()
        self.layer = layer

    def forward(self, frames: Tensor) -> Tensor:
        every: Tensor = self.layer(frames.flatten(0, 1))  # [B * T, ...]
        return every.unflatten(0, frames.shape[:2])


class HybridCNNRNN(nn.Module):
    """Frames ``[B, T, C, h, w]`` -> logits ``[B, classes]``.

    spelling: how time is kept out of the CNN's way. All three give the same numbers: ``reshape``
    folds time into the batch and back, ``wrap all`` lets :class:`TimeDistributed` do that around
    the whole CNN, ``wrap each layer`` around each of its layers.
    """

    def __init__(
        self, *, config: HybridConfig = HybridConfig(), spelling: Spelling = "reshape"
    ) -> None:
        super().__init__()
        self.spelling = spelling
        layers = [nn.Conv2d(config.channels, config.filters, 3), nn.ReLU(), nn.MaxPool2d(2),
                  nn.Flatten()]
        if spelling == "wrap each layer":
            layers = [TimeDistributed(layer) for layer in layers]
        cnn = nn.Sequential(*layers)
        self.cnn = TimeDistributed(cnn) if spelling == "wrap all" else cnn
        self.lstm = nn.LSTM(config.features, config.hidden, batch_first=True)
        self.classify = nn.Linear(config.hidden, config.classes)

    def read(self, frames: Tensor) -> Tensor:
        """What the CNN makes of every frame: ``[B, T, features]``."""
        if self.spelling == "reshape":
            batch, steps = frames.shape[:2]
            seen: Tensor = self.cnn(frames.flatten(0, 1))  # [B * T, features]
            return seen.unflatten(0, (batch, steps))
        seen = self.cnn(frames)
        return seen

    def forward(self, frames: Tensor) -> Tensor:
        hidden, _ = self.lstm(self.read(frames))  # [B, T, H]
        logits: Tensor = self.classify(hidden[:, -1])  # what it remembers at the end
        return logits


if __name__ == "__main__":
    config = HybridConfig()
    clips = torch.randn(32, 8, config.channels, config.height, config.width)
    print(HybridCNNRNN(config=config)(clips).shape)
