"""Networks that say what a body does at every step, from its joints.

After Du, Wang & Wang, *Hierarchical Recurrent Neural Network for Skeleton Based Action
Recognition*, CVPR 2015, in its plain form (their DURNN-L): an LSTM over joints that were centred
and scaled, a label at every step, here with the geometric features of DD-Net (features.py) as
input. ``f_t`` are those of step ``t``:

    x_t = relu(norm(W f_t))
    h_t, c_t = LSTM(x_t, h_{t-1}, c_{t-1});     p_t = softmax(V h_t + b)

Three twins read the same joints: ``tcn`` replaces the LSTM by a causal temporal convolutional
network (Bai et al. 2018, layers/temporal_conv.py); ``speed`` by a second layer at every step, which
sees poses and their speeds but keeps nothing; ``pose`` sees one pose alone.

Deviations from Du et al.: one body in place of five parts, one direction in time, so that an answer
is there at every frame; joints in the picture in place of three dimensions; joints may be missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import torch.nn.functional as F
from torch import Tensor, nn

from hybridcore.layers.temporal_conv import TemporalConvNet
from hybridcore.pose.features import SIZE, STILL_SIZE, features

Kind = Literal["lstm", "tcn", "speed", "pose"]
KINDS: tuple[Kind, ...] = ("lstm", "tcn", "speed", "pose")


@dataclass(frozen=True)
class PoseConfig:
    """Sizes of a pose network."""

    kind: Kind = "lstm"
    classes: int = 20
    dim: int = 160  # of the embedding x_t
    hidden: int = 160  # of the LSTM, the TCN or the second layer
    tcn_levels: int = 4
    tcn_kernel: int = 3
    dropout: float = 0.4


@dataclass(frozen=True)
class PoseOutput:
    """One step for each pose: B people, T steps.

    logits ``[B, T, classes]``; inputs ``[B, T, dim]`` (x_t); hidden ``[B, T, hidden]`` (h_t).
    """

    logits: Tensor
    inputs: Tensor
    hidden: Tensor


class PoseNet(nn.Module):
    """Joints of consecutive steps -> what the body does at every step."""

    def __init__(self, *, config: PoseConfig) -> None:
        super().__init__()
        self.config = config
        self.size = STILL_SIZE if config.kind == "pose" else SIZE
        self.embed = nn.Sequential(
            nn.Linear(self.size, config.dim), nn.LayerNorm(config.dim), nn.ReLU(),
            nn.Dropout(config.dropout),
        )
        if config.kind == "lstm":
            self.lstm = nn.LSTM(config.dim, config.hidden, batch_first=True)
        elif config.kind == "tcn":
            self.tcn = TemporalConvNet(
                inputs=config.dim, channels=config.hidden, levels=config.tcn_levels,
                kernel=config.tcn_kernel, dropout=config.dropout / 2)
        else:
            self.layer = nn.Linear(config.dim, config.hidden)
        self.dropout = nn.Dropout(config.dropout)
        self.classifier = nn.Linear(config.hidden, config.classes)

    def forward(self, joints: Tensor) -> PoseOutput:
        """``joints``: ``[B, T, 13, 2]``, as :func:`features` takes them."""
        inputs = self.embed(features(joints)[..., : self.size])  # [B, T, dim]
        if self.config.kind == "lstm":
            hidden, _ = self.lstm(inputs)  # [B, T, hidden]
        elif self.config.kind == "tcn":
            hidden, _ = self.tcn(inputs)
        else:
            hidden = F.relu(self.layer(inputs))
        return PoseOutput(self.classifier(self.dropout(hidden)), inputs, hidden)
