"""Networks that recognise who walks, at every frame, from aligned silhouettes.

After Feng, Li & Luo, *Learning effective gait features using LSTM*, ICPR 2016: a CNN reads every
frame, an LSTM reads the cycle, and its hidden states averaged over time are the gait. ``s_t`` is
the silhouette of frame ``t``, 64 x 44:

    a   = CNN(s_t)                                16 x 6 cells of features
    x_t = relu(norm([W_k (mean + max of strip k of a)] for every horizontal strip k))
    h_t, c_t = LSTM(x_t, h_{t-1}, c_{t-1})
    e_t = u / |u|,   u = W mean_{s <= t} h_s      the evidence up to frame t: a unit vector

Three twins read the same features without a recurrence: ``set`` replaces ``mean h`` by ``max x``
(set pooling, Chao et al., *GaitSet*, AAAI 2019), ``mean`` by ``mean x``, and ``gei`` averages the
silhouettes first and reads the average once (the gait energy image of Han & Bhanu 2006 under the
same CNN).

Deviations from Feng et al.: silhouettes in place of the joint heat maps of a pose network; the CNN
is trained along; the strips of features are those of GaitSet's horizontal pyramid at one scale;
trained with identities (margin softmax and batch-hard triplets) in place of predicting frames of
another view; a second head predicts the view.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor, nn

Kind = Literal["lstm", "set", "mean", "gei"]
KINDS: tuple[Kind, ...] = ("lstm", "set", "mean", "gei")
VIEWS = tuple(range(0, 181, 18))  # degrees: 0 walks towards the camera, 90 across, 180 away


@dataclass(frozen=True)
class GaitConfig:
    """Sizes of a gait network."""

    kind: Kind = "lstm"
    channels: tuple[int, int, int] = (24, 48, 64)  # of the three stages of the CNN
    strips: int = 8  # horizontal parts of the body
    strip_dim: int = 32  # features of each
    hidden: int = 256  # of the LSTM
    dim: int = 128  # of the embedding
    dropout: float = 0.1


@dataclass(frozen=True)
class GaitState:
    """What a network carries from one chunk of frames to the next.

    ``memory`` is (h, c) of the LSTM; ``pooled`` the sum (or the maximum, for ``set``) so far;
    ``count`` how many frames that was.
    """

    memory: tuple[Tensor, Tensor] | None
    pooled: Tensor
    count: int


@dataclass(frozen=True)
class GaitOutput:
    """One step for each frame: B walks, T frames.

    embedding ``[B, T, dim]`` has unit length: the identity evidence up to that frame; view_logits
    ``[B, T, 11]`` over :data:`VIEWS`; inputs ``[B, T, strips * strip_dim]`` (x_t); hidden
    ``[B, T, hidden]`` (h_t; x_t where there is no recurrence).
    """

    embedding: Tensor
    view_logits: Tensor
    inputs: Tensor
    hidden: Tensor
    state: GaitState


def _block(inputs: int, outputs: int, stride: tuple[int, int] = (1, 1)) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, stride, padding=1, bias=False), nn.BatchNorm2d(outputs),
        nn.LeakyReLU(0.1, inplace=True),
    )


class FrameFeatures(nn.Module):
    """Silhouettes ``[B, T, 64, 44]`` in 0..1 -> ``x_t [B, T, strips * strip_dim]``."""

    def __init__(self, *, config: GaitConfig) -> None:
        super().__init__()
        first, second, third = config.channels
        self.strips = config.strips
        self.cnn = nn.Sequential(
            nn.PixelUnshuffle(2), _block(4, first),
            _block(first, second, (2, 2)), _block(second, third, (1, 2)),
        )
        self.strip = nn.Parameter(torch.empty(config.strips, third, config.strip_dim))
        nn.init.normal_(self.strip, std=third**-0.5)
        self.norm = nn.LayerNorm(config.strips * config.strip_dim)
        self.dropout = nn.Dropout(config.dropout)

    def forward(self, silhouettes: Tensor) -> Tensor:
        batch, frames = silhouettes.shape[:2]
        images = silhouettes.flatten(0, 1)[:, None]  # [B*T, 1, 64, 44]
        cells = self.cnn(images.contiguous(memory_format=torch.channels_last))  # [., C, 16, 6]
        rows = cells.mean(3) + cells.amax(3)  # [B*T, C, 16]
        parts = rows.unflatten(2, (self.strips, -1)).mean(3)  # [B*T, C, strips]
        parts = torch.einsum("nck,kcd->nkd", parts, self.strip).flatten(1)
        return self.dropout(F.relu(self.norm(parts))).unflatten(0, (batch, frames))


class PoolSoFar(nn.Module):
    """The mean of everything up to each frame, or its maximum: ``[B, T, ...]`` -> the same."""

    def __init__(self, *, maximum: bool) -> None:
        super().__init__()
        self.maximum = maximum

    def forward(self, values: Tensor, state: GaitState | None) -> tuple[Tensor, Tensor, int]:
        """The pooled values, and the sum (or maximum) and the count to go on from."""
        before = state.count if state else 0
        count = before + values.shape[1]
        if self.maximum:
            pooled = values.cummax(1).values
            pooled = pooled if state is None else torch.maximum(pooled, state.pooled)
            return pooled, pooled[:, -1:], count
        total = values.cumsum(1) if state is None else state.pooled + values.cumsum(1)
        counts = torch.arange(before + 1, count + 1, device=values.device).float()
        return total / counts.view(-1, *[1] * (values.ndim - 2)), total[:, -1:], count


class GaitNet(nn.Module):
    """Aligned silhouettes of consecutive frames -> who walks and from where, at every frame."""

    def __init__(self, *, config: GaitConfig) -> None:
        super().__init__()
        self.config = config
        self.frames = FrameFeatures(config=config)
        features = config.strips * config.strip_dim
        width = config.hidden if config.kind == "lstm" else features
        if config.kind == "lstm":
            self.lstm = nn.LSTM(features, config.hidden, batch_first=True)
        self.pool = PoolSoFar(maximum=config.kind == "set")
        self.project = nn.Linear(width, config.dim)
        self.view = nn.Linear(width, len(VIEWS))

    def forward(self, silhouettes: Tensor, state: GaitState | None = None) -> GaitOutput:
        """``silhouettes``: ``[B, T, 64, 44]`` in 0..1; ``state`` as returned for those before."""
        if self.config.kind != "gei":
            return self.follow(self.frames(silhouettes), state)
        energy, pooled, count = self.pool(silhouettes, state)
        return replace(self.follow(self.frames(energy)), state=GaitState(None, pooled, count))

    def remember(self, inputs: Tensor) -> Tensor:
        """``h_t [B, T, width]`` of a whole sequence of ``x_t``, before it is pooled."""
        return self.lstm(inputs)[0] if self.config.kind == "lstm" else inputs

    def follow(self, inputs: Tensor, state: GaitState | None = None) -> GaitOutput:
        """The part over time, for features ``inputs`` (x_t) that were computed before."""
        memory = state.memory if state else None
        hidden = inputs
        if self.config.kind == "lstm":
            hidden, memory = self.lstm(inputs, memory)  # [B, T, hidden]
        if self.config.kind == "gei":  # what was averaged before is not pooled again
            average, pooled, count = hidden, hidden[:, -1:], hidden.shape[1]
        else:
            average, pooled, count = self.pool(hidden, state)  # [B, T, width]
        return GaitOutput(
            embedding=F.normalize(self.project(average), dim=-1),
            view_logits=self.view(average),
            inputs=inputs,
            hidden=hidden,
            state=GaitState(memory, pooled, count),
        )
