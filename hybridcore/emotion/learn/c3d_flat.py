"""The flat twin of C3D, which learns from single faces, and C3D with its kernels inflated.

Paper: Carreira & Zisserman, *Quo Vadis, Action Recognition? A New Model and the Kinetics Dataset*,
CVPR 2017, section 2.4: a network of pictures becomes one of films. Its kernels of 3 x 3 become
kernels of 3 x 3 x 3, so that a film that stands still gives what the picture gave.

Deviation: the kernel stands in the middle of the three steps and the others are zero, in place of
a third of it at each. Steps beyond the ends of a clip are zero too, so thirds would see two thirds
of a picture there.
"""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor, nn

from hybridcore.emotion.c3d import C3D, C3DConfig


class FlatC3D(nn.Module):
    """C3D without its time: one grey crop -> logits of what it shows."""

    def __init__(self, *, config: C3DConfig) -> None:
        super().__init__()
        self.config = config
        deep = C3D(config=config)
        self.layers = nn.Sequential(*map(_flat, deep.layers))
        self.dense, self.dropout, self.classifier = deep.dense, deep.dropout, deep.classifier

    def forward(self, x: Tensor) -> Tensor:
        """``x``: ``[B, 1, 48, 48]``, standardised -> logits ``[B, classes]``."""
        dense = F.relu(self.dense(self.dropout(self.layers(x).flatten(1))))
        return self.classifier(self.dropout(dense))


def inflated(flat: FlatC3D) -> C3D:
    """C3D that says of a clip that stands still what ``flat`` says of its picture."""
    deep = C3D(config=flat.config)
    deep.load_state_dict({
        name: F.pad(value[:, :, None], (0, 0, 0, 0, 1, 1)) if value.dim() == 4 else value
        for name, value in flat.state_dict().items()})
    return deep


def _flat(layer: nn.Module) -> nn.Module:
    """The same layer over space alone."""
    if isinstance(layer, nn.Conv3d):
        return nn.Conv2d(layer.in_channels, layer.out_channels, 3, layer.stride[-1], 1, bias=False)
    if isinstance(layer, nn.BatchNorm3d):
        return nn.BatchNorm2d(layer.num_features)
    if isinstance(layer, nn.MaxPool3d):
        return nn.MaxPool2d(2)  # every pool halves space
    return layer
