"""Networks that label the scene at every frame of a video.

After Donahue et al., *Long-term Recurrent Convolutional Networks for Visual Recognition and
Description*, CVPR 2015 (arXiv 1411.4389): a convolutional encoder at every frame, an LSTM over
time, a label and a loss at every step. ``x_t`` is the embedding of frame ``t``:

    cells = encoder(frame_t)                    grid of 1280 features
    y_t   = sum_i a_i cells_i                   a = soft spatial attention (layers/attention.py)
    x_t   = [log softmax(V y_t), relu(norm(R y_t))]     what the frame says by itself, and more
    h_t, c_t = LSTM(x_t, h_{t-1}, c_{t-1});     p_t = softmax(W h_t + b)

Two twins stand on the same embedding: ``tcn`` replaces the LSTM by a causal temporal convolutional
network (Bai et al. 2018, layers/temporal_conv.py), ``frame`` by nothing: it has no memory.

A composed training set holds a few thousand photographs beside the 90,000 that the encoder's own
classifier has seen, so what a scene looks like is taken from there: ``V`` is its copy and stays as
it is, the attention starts level, and the first units of the LSTM are sums of the evidence for one
class each, which ``W`` reads (those of the TCN start as its averages). All classes share their
weights (layers/symmetry.py): training teaches when to trust a frame, when to keep and when to
forget, and cannot learn the photographs instead. The units above those of the classes are free.

Deviations from the paper: attention in place of fc6; the encoder is EfficientNet-Lite and stays
frozen; sequences are of any length, with the state carried on, in place of 16-frame clips; a
second head predicts cuts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor, nn

from hybridcore.layers.attention import SpatialAttention
from hybridcore.layers.symmetry import tie
from hybridcore.layers.temporal_conv import TemporalConvNet

Kind = Literal["lstm", "tcn", "frame"]
KINDS: tuple[Kind, ...] = ("lstm", "tcn", "frame")
Memory = tuple[Tensor, Tensor] | list[Tensor] | None


@dataclass(frozen=True)
class SceneConfig:
    """Sizes of a scene model."""

    kind: Kind = "lstm"
    cell_dim: int = 1280  # channels of the encoder's scene grid
    attention: int = 96
    dim: int = 160  # of the embedding x_t: evidence for each class, then free features
    hidden: int = 160  # of the LSTM or the TCN
    tcn_levels: int = 5
    tcn_kernel: int = 3
    classes: int = 100
    dropout: float = 0.2


@dataclass(frozen=True)
class SceneState:
    """What a model carries from one chunk to the next.

    ``memory`` is (h, c) of the LSTM, the tails of the TCN, or None; ``last`` is ``x`` of the last
    frame, ``[B, dim]``.
    """

    memory: Memory
    last: Tensor


@dataclass(frozen=True)
class SceneOutput:
    """One step for each frame: B clips, T frames, L cells.

    logits ``[B, T, classes]``; cut_logits ``[B, T]``; attention ``[B, T, L]``, sums to one;
    inputs ``[B, T, dim]`` (x_t); hidden ``[B, T, hidden]`` (h_t; x_t where there is no memory).
    """

    logits: Tensor
    cut_logits: Tensor
    attention: Tensor
    inputs: Tensor
    hidden: Tensor
    state: SceneState


class FrameEmbedding(nn.Module):
    """Attended ``[..., cell_dim]`` -> ``x_t [..., dim]``: evidence for each class, then features.

    Evidence is the log-probability of the class, shifted and scaled to lie in 0..2.
    """

    FLOOR = -10.0  # log-probabilities below are all the same to us

    def __init__(self, *, config: SceneConfig) -> None:
        super().__init__()
        self.evidence = nn.Linear(config.cell_dim, config.classes)
        features = config.dim - config.classes
        self.features = nn.Sequential(
            nn.Linear(config.cell_dim, features), nn.LayerNorm(features), nn.ReLU(),
            nn.Dropout(config.dropout),
        )

    def forward(self, attended: Tensor) -> Tensor:
        evidence = self.scaled(self.evidence(attended).log_softmax(-1))
        return torch.cat([evidence, self.features(attended)], -1)

    @classmethod
    def scaled(cls, log_p: Tensor) -> Tensor:
        """Evidence 0..2 of log-probabilities of any shape."""
        return 2 - 2 * log_p.clamp(min=cls.FLOOR) / cls.FLOOR


class SceneModel(nn.Module):
    """Encoder grids of consecutive frames -> scene at every frame."""

    def __init__(self, *, config: SceneConfig) -> None:
        super().__init__()
        self.config = config
        self.attention = SpatialAttention(dim=config.cell_dim, hidden=config.attention)
        self.embed = FrameEmbedding(config=config)
        if config.kind == "lstm":
            self.lstm = nn.LSTM(config.dim, config.hidden, batch_first=True)
        elif config.kind == "tcn":
            self.tcn = TemporalConvNet(
                inputs=config.dim, channels=config.hidden, levels=config.tcn_levels,
                kernel=config.tcn_kernel, dropout=config.dropout / 3,
            )
        width = config.dim if config.kind == "frame" else config.hidden
        self.classifier = nn.Linear(width, config.classes)
        self.cut = nn.Sequential(nn.Linear(width + config.dim, 64), nn.ReLU(), nn.Linear(64, 1))

    @torch.no_grad()
    def start_from(self, classifier: nn.Linear) -> None:
        """Begin as ``classifier`` (the encoder's own, ``cell_dim`` -> ``classes``); see above."""
        classes, hidden = self.config.classes, self.config.hidden
        self.attention.score.weight.zero_()
        self.embed.evidence.load_state_dict(classifier.state_dict())
        self.classifier.bias.zero_()
        self.classifier.weight.zero_()
        unit = torch.eye(classes)
        scale = 5.0  # undoes the scale of the evidence
        if self.config.kind == "lstm":
            weights = dict(self.lstm.named_parameters())
            weights["bias_ih_l0"][hidden : 2 * hidden] = 2.0  # remember, to begin with
            weights["bias_hh_l0"].zero_()
            rows = slice(2 * hidden, 2 * hidden + classes)  # g of the evidence units
            weights["weight_ih_l0"][rows] *= 0.1
            weights["weight_ih_l0"][rows, :classes] = 1.5 * unit
            weights["bias_ih_l0"][rows] = -1.5
        elif self.config.kind == "tcn":
            scale /= self.tcn.start_as_average(classes)
        self.classifier.weight[:, :classes] = scale * unit
        self._tie()

    def _tie(self) -> None:
        """Let all classes share their weights, now and through training."""
        classes = self.config.classes
        self.embed.evidence.requires_grad_(False)
        for parameter in self.classifier.parameters():
            tie(parameter, classes)
        if self.config.kind == "lstm":
            for parameter in self.lstm.parameters():
                tie(parameter, classes, blocks=4)
        elif self.config.kind == "tcn":
            for parameter in self.tcn.parameters():
                tie(parameter, classes, columns=parameter.dim() > 1 and parameter.shape[1] > 1)

    def forward(self, cells: Tensor, state: SceneState | None = None) -> SceneOutput:
        """``cells``: ``[B, T, L, cell_dim]``; ``state`` as returned for the frames before."""
        attended, weights = self.attention(cells)  # [B, T, cell_dim], [B, T, L]
        inputs = self.embed(attended)  # [B, T, dim]
        hidden, memory = self._remember(inputs, state.memory if state else None)
        last = state.last if state else inputs[:, 0]  # the first frame is no cut
        change = (inputs - torch.cat([last[:, None], inputs[:, :-1]], 1)).abs()  # [B, T, dim]
        if self.config.kind == "frame":
            change = torch.zeros_like(change)  # no memory, so it cannot see a change
        return SceneOutput(
            logits=self.classifier(hidden),
            cut_logits=self.cut(torch.cat([hidden, change], -1)).squeeze(-1),
            attention=weights,
            inputs=inputs,
            hidden=hidden,
            state=SceneState(memory, inputs[:, -1]),
        )

    def remember(self, inputs: Tensor) -> Tensor:
        """``h_t [B, T, hidden]`` of a whole sequence of ``x_t [B, T, dim]``."""
        return self._remember(inputs, None)[0]

    def _remember(self, inputs: Tensor, memory: Memory) -> tuple[Tensor, Memory]:
        if self.config.kind == "lstm":
            return self.lstm(inputs, memory)
        if self.config.kind == "tcn":
            return self.tcn(inputs, memory)
        return inputs, None
