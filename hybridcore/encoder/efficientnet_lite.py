"""EfficientNet-Lite, the image encoder that every system shares.

Paper: Tan & Le, *EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks*, ICML
2019 (arXiv 1905.11946). "Lite" is Google's 2020 variant for phones and plain CPUs: ReLU6 in place
of swish, no squeeze-and-excitation, and stem and head that do not grow with the width multiplier.

Building block, MBConv (Sandler et al. 2018): ``x + project(depthwise(expand(x)))``, where *expand*
and *project* are 1x1 convolutions, each convolution is followed by batch norm and ReLU6 follows
all but *project*; the sum is taken only where shape and stride allow.

Padding follows TensorFlow's "SAME", because the weights come from there: a stride-2 convolution on
an even side pads one more at the bottom and right. Sides must be multiples of 32, so every
stride-2 convolution meets an even side.

Arrays: pictures enter as float32 ``[N, 3, H, W]``, RGB, ``(x - 127) / 128`` of uint8.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

import torch
import torch.nn.functional as F
from torch import Tensor, nn

M = TypeVar("M", bound=nn.Module)

BATCH_NORM_EPS = 1e-3
STRIDE = 32


@dataclass(frozen=True)
class StageConfig:
    """One row of the network's table: ``repeats`` MBConv blocks, the first with ``stride``."""

    repeats: int
    kernel: int
    stride: int
    expansion: int
    channels: int


STAGES = (
    StageConfig(1, 3, 1, 1, 16),
    StageConfig(2, 3, 2, 6, 24),
    StageConfig(2, 5, 2, 6, 40),
    StageConfig(3, 3, 2, 6, 80),
    StageConfig(3, 5, 1, 6, 112),
    StageConfig(4, 5, 2, 6, 192),
    StageConfig(1, 3, 1, 6, 320),
)
TRUNK_STAGES = 5  # the stages up to stride 16; a top is what follows


@dataclass(frozen=True)
class LiteConfig:
    """Multipliers of one member of the family; stem (32) and head (1280) are never scaled."""

    name: str = "lite0"
    width: float = 1.0
    depth: float = 1.0
    stem_channels: int = 32
    head_channels: int = 1280

    def stages(self) -> list[StageConfig]:
        """The stage table after scaling; the first and last stage are never repeated more."""
        last = len(STAGES) - 1
        return [
            StageConfig(
                stage.repeats if i in (0, last) else math.ceil(stage.repeats * self.depth),
                stage.kernel,
                stage.stride,
                stage.expansion,
                _round_channels(stage.channels * self.width),
            )
            for i, stage in enumerate(STAGES)
        ]


LITE_CONFIGS = {
    "lite0": LiteConfig("lite0"),
    "lite1": LiteConfig("lite1", width=1.0, depth=1.1),
    "lite2": LiteConfig("lite2", width=1.1, depth=1.2),
}


def _round_channels(channels: float, divisor: int = 8) -> int:
    """Nearest multiple of ``divisor``, never more than a tenth below ``channels``."""
    rounded = max(divisor, int(channels + divisor / 2) // divisor * divisor)
    return rounded + divisor if rounded < 0.9 * channels else rounded


class ConvNormAct(nn.Module):
    """Convolution with "SAME" padding, batch norm, and ReLU6 if ``act``."""

    def __init__(
        self, in_channels: int, out_channels: int, *, kernel: int = 1, stride: int = 1,
        groups: int = 1, act: bool = True,
    ) -> None:
        super().__init__()
        before = (kernel - stride) // 2
        self.same_pad = (before, kernel - stride - before) * 2 if stride == 2 else None
        self.conv = nn.Conv2d(
            in_channels, out_channels, kernel, stride,
            padding=0 if self.same_pad else kernel // 2, groups=groups, bias=False,
        )
        self.norm: nn.Module = nn.BatchNorm2d(out_channels, eps=BATCH_NORM_EPS)
        self.act = act

    def forward(self, x: Tensor) -> Tensor:
        if self.same_pad:
            x = F.pad(x, self.same_pad)
        x = self.norm(self.conv(x))
        return F.relu6(x) if self.act else x

    def fold(self) -> None:
        """Fold the batch norm into the convolution, for inference (in place)."""
        if isinstance(self.norm, nn.BatchNorm2d):
            self.conv = nn.utils.fusion.fuse_conv_bn_eval(self.conv, self.norm)
            self.norm = nn.Identity()


class MBConv(nn.Module):
    """Inverted residual block: expand, depthwise, project."""

    def __init__(
        self, in_channels: int, out_channels: int, *, kernel: int, stride: int, expansion: int
    ) -> None:
        super().__init__()
        hidden = in_channels * expansion
        self.expand = ConvNormAct(in_channels, hidden) if expansion > 1 else nn.Identity()
        self.depthwise = ConvNormAct(hidden, hidden, kernel=kernel, stride=stride, groups=hidden)
        self.project = ConvNormAct(hidden, out_channels, act=False)
        self.residual = stride == 1 and in_channels == out_channels

    def forward(self, x: Tensor) -> Tensor:
        y = self.project(self.depthwise(self.expand(x)))
        return x + y if self.residual else y


def _stage(in_channels: int, config: StageConfig) -> nn.Sequential:
    return nn.Sequential(*(
        MBConv(
            in_channels if i == 0 else config.channels, config.channels, kernel=config.kernel,
            stride=config.stride if i == 0 else 1, expansion=config.expansion,
        )
        for i in range(config.repeats)
    ))


class Trunk(nn.Module):
    """Stem and first five stages: ``[N, 3, H, W]`` -> ``[N, C, H/16, W/16]`` (C = 112 in Lite0)."""

    def __init__(self, config: LiteConfig) -> None:
        super().__init__()
        stages = config.stages()[:TRUNK_STAGES]
        inputs = [config.stem_channels] + [stage.channels for stage in stages]
        self.stem = ConvNormAct(3, config.stem_channels, kernel=3, stride=2)
        self.stages = nn.Sequential(
            *(_stage(c, stage) for c, stage in zip(inputs, stages, strict=False))
        )
        self.channels = stages[-1].channels

    def forward(self, x: Tensor) -> Tensor:
        if x.shape[-1] % STRIDE or x.shape[-2] % STRIDE:
            raise ValueError(f"sides must be multiples of {STRIDE}, got {tuple(x.shape[-2:])}")
        return self.stages(self.stem(x))


class Top(nn.Module):
    """Last two stages and the head convolution: stride-16 grid -> ``[N, 1280, H/32, W/32]``."""

    def __init__(self, config: LiteConfig) -> None:
        super().__init__()
        below, *stages = config.stages()[TRUNK_STAGES - 1 :]
        inputs = [below.channels] + [stage.channels for stage in stages]
        self.stages = nn.Sequential(
            *(_stage(c, stage) for c, stage in zip(inputs, stages, strict=False))
        )
        self.head = ConvNormAct(inputs[-1], config.head_channels)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.stages(x))


class EfficientNetLite(nn.Module):
    """The whole classifier: ``[N, 3, H, W]`` -> logits ``[N, classes]``."""

    def __init__(self, *, config: LiteConfig = LITE_CONFIGS["lite0"], classes: int = 1000) -> None:
        super().__init__()
        self.config = config
        self.trunk = Trunk(config)
        self.top = Top(config)
        self.classifier = nn.Linear(config.head_channels, classes)

    def forward(self, x: Tensor) -> Tensor:
        grid = self.top(self.trunk(x))  # [N, 1280, H/32, W/32]
        return self.classifier(grid.mean((2, 3)))


def normalise(frames: Tensor) -> Tensor:
    """uint8 ``[N, H, W, 3]`` RGB -> float32 ``[N, 3, H, W]``, channels last in memory."""
    return frames.permute(0, 3, 1, 2).to(torch.float32).sub_(127).div_(128)


def fold_batch_norm(module: M) -> M:
    """Fold every batch norm under ``module`` into its convolution; returns ``module`` in eval."""
    module.eval()
    for child in module.modules():
        if isinstance(child, ConvNormAct):
            child.fold()
    return module


def assign_in_order(module: nn.Module, values: Iterable[Tensor]) -> None:
    """Copy ``values`` into the module's state in order.

    The ImageNet package names its tensors after another implementation, but keeps the order of
    the network, which is also the order in which this module declares its own.

    Raises:
        ValueError: if a count or a shape does not match.
    """
    state = module.state_dict()
    tensors = list(values)
    if len(tensors) != len(state):
        raise ValueError(f"{len(state)} tensors expected, {len(tensors)} given")
    for (name, target), value in zip(state.items(), tensors, strict=True):
        if target.shape != value.shape:
            raise ValueError(f"{name}: shape {tuple(target.shape)} expected, {tuple(value.shape)}")
    module.load_state_dict(dict(zip(state, tensors, strict=True)))
