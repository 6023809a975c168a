"""A CNN that says what the face in one frame shows.

The trunk is EfficientNet-Lite0 up to stride 16 (Tan & Le, *EfficientNet: Rethinking Model Scaling
for Convolutional Neural Networks*, ICML 2019, arXiv 1905.11946), started from its ImageNet weights;
a 1x1 convolution, the mean over the grid and a linear layer follow:

    g = relu6(norm(W trunk(x)));   f = mean of g over the grid;   p = softmax((V f + v) / T)

Because the last layers are a mean and a linear layer, Grad-CAM (Selvaraju et al., ICCV 2017) is
exact here: what a place of the grid adds to a logit is ``V g`` at that place.

A crop is grey; its mean and its contrast are taken away first, so that a dark room and a bright one
look the same.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from hybridcore.emotion.classes import EMOTIONS
from hybridcore.encoder.efficientnet_lite import LITE_CONFIGS, ConvNormAct, Trunk

FLAT = 4.0  # grey levels: a standard deviation below it is not raised any further


@dataclass(frozen=True)
class FaceConfig:
    """Sizes of the network of single faces."""

    side: int = 64  # px that a crop is enlarged to
    features: int = 256  # of f
    classes: int = len(EMOTIONS)
    dropout: float = 0.2


@dataclass(frozen=True)
class FaceOutput:
    """logits ``[N, classes]``; features ``[N, features]`` (f); grid ``[N, features, h, w]`` (g)."""

    logits: Tensor
    features: Tensor
    grid: Tensor


class FaceNet(nn.Module):
    """Grey face crops -> logits of seven expressions."""

    def __init__(self, *, config: FaceConfig) -> None:
        super().__init__()
        self.config = config
        self.trunk = Trunk(LITE_CONFIGS["lite0"])
        self.embed = ConvNormAct(self.trunk.channels, config.features)
        self.dropout = nn.Dropout(config.dropout)
        self.classifier = nn.Linear(config.features, config.classes)

    def forward(self, crops: Tensor) -> FaceOutput:
        """``crops``: ``[N, S, S]``, grey levels 0..255."""
        return self.head(self.trunk(prepared(crops, self.config.side)))

    def head(self, grid: Tensor) -> FaceOutput:
        """From the trunk's grid ``[N, 112, h, w]``."""
        grid = self.embed(grid)
        features = grid.mean((2, 3))
        return FaceOutput(self.classifier(self.dropout(features)), features, grid)


def prepared(crops: Tensor, side: int) -> Tensor:
    """Grey ``[N, S, S]``, 0..255 -> ``[N, 3, side, side]`` of mean 0 and spread 0.5."""
    x = F.interpolate(crops[:, None].float(), (side, side), mode="bilinear", align_corners=False)
    return standardised(x).expand(-1, 3, -1, -1)


def standardised(x: Tensor) -> Tensor:
    """``[N, 1, H, W]`` grey levels -> mean 0, standard deviation 0.5 (that of photographs)."""
    spread, mean = torch.std_mean(x, (1, 2, 3), keepdim=True)
    return 0.5 * (x - mean) / spread.clamp(min=FLAT)
