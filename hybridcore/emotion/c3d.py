"""C3D: convolutions over space and time that see a face move.

Paper: Tran, Bourdev, Fergus, Torresani & Paluri, *Learning Spatiotemporal Features with 3D
Convolutional Networks*, ICCV 2015: 16 frames, kernels of 3 x 3 x 3 throughout, pooling of 1 x 2 x 2
after the first layer and of 2 x 2 x 2 after the others, two dense layers.

    [1, 16, 48, 48] -> conv, stride 1 x 2 x 2 [16, 16, 24, 24] -> pool [16, 16, 12, 12]
    -> conv, pool [32, 8, 6, 6] -> conv, pool [64, 4, 3, 3] -> conv [128, 4, 3, 3] -> mean over time
    -> dense [128] -> dense [7]

Deviations: four convolutions in place of eight, with batch norm; the first has a stride; the mean
over time in place of the last pooling; one grey channel.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from hybridcore.emotion.classes import EMOTIONS
from hybridcore.emotion.face import standardised

FRAMES = 16  # of a clip
CENTRE = FRAMES // 2  # the frame that a clip speaks of
SIDE = 48  # px of a crop


@dataclass(frozen=True)
class C3DConfig:
    """Sizes of the network of moving faces."""

    channels: tuple[int, ...] = (16, 32, 64, 128)
    dense: int = 128
    classes: int = len(EMOTIONS)
    dropout: float = 0.3


class C3D(nn.Module):
    """16 grey crops -> logits of what the face shows in the middle of them."""

    def __init__(self, *, config: C3DConfig) -> None:
        super().__init__()
        self.config = config
        first, *others = config.channels
        layers: list[nn.Module] = [*_conv(1, first, stride=(1, 2, 2)), nn.MaxPool3d((1, 2, 2))]
        for before, after in zip(config.channels, others, strict=False):
            layers += [*_conv(before, after), nn.MaxPool3d(2)]
        self.layers = nn.Sequential(*layers[:-1])
        left = SIDE >> len(config.channels)  # px: halved by the stride and by all pools but one
        self.dense = nn.Linear(config.channels[-1] * left**2, config.dense)
        self.dropout = nn.Dropout(config.dropout)
        self.classifier = nn.Linear(config.dense, config.classes)

    def forward(self, crops: Tensor) -> Tensor:
        """``crops``: ``[B, 16, 48, 48]``, grey levels 0..255 -> logits ``[B, classes]``."""
        flat = standardised(crops.flatten(0, 1)[:, None].float())  # every frame by itself
        grid = self.layers(flat.unflatten(0, crops.shape[:2]).transpose(1, 2))  # [B, C, t, h, w]
        dense = F.relu(self.dense(self.dropout(grid.mean(2).flatten(1))))
        return self.classifier(self.dropout(dense))


def _conv(before: int, after: int, stride: tuple[int, int, int] = (1, 1, 1)) -> list[nn.Module]:
    return [nn.Conv3d(before, after, 3, stride, 1, bias=False), nn.BatchNorm3d(after), nn.ReLU()]


@torch.inference_mode()
def clip_logits(model: C3D, crops: Tensor, starts: Tensor) -> Tensor:
    """Logits ``[n, classes]`` of the clips of ``crops`` ``[T, 48, 48]`` that begin at ``starts``
    ``[n]``."""
    return model(crops[starts[:, None] + torch.arange(FRAMES)])
