"""What a voice says: log mel bands, CNN, bidirectional LSTM, and attention over time.

Mirsamadi, Barsoum & Zhang, *Automatic Speech Emotion Recognition Using Recurrent Neural Networks
with Local Attention*, ICASSP 2017: a bidirectional LSTM reads the frames, and what it says of them
is summed by a weight of their own,

    a_t = softmax_t(u . y_t),   z = sum_t a_t y_t,   p = softmax(W z + b),

so that pauses and what tells nothing weigh little. Deviations: convolutions over log mel bands
below the LSTM, as in Zhao, Mao & Chen, *Speech Emotion Recognition Using Deep 1D & 2D CNN LSTM
Networks*, 2019, in place of fully connected layers over single frames; pitch beside the bands; the
spread of y beside its mean (attentive statistics, Okabe, Koshinaka & Shinoda, Interspeech 2018);
what the CNN itself found beside what the LSTM says of it, and mean and spread of the bands, as
emotion recognition counted them long before it had networks; LSTM without peepholes.
The twin without memory leaves the LSTM out and sums the steps of the CNN in the same way.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import torch
from torch import Tensor, nn

from hybridcore.emotion.spectrum import FRAMES, INPUTS

Kind = Literal["bilstm", "cnn"]
KINDS: tuple[Kind, ...] = ("bilstm", "cnn")
SPOKEN = ("neutral", "calm", "happy", "sad", "angry", "fearful", "disgust", "surprised")
POOL = 4  # frames that become one step
WINDOW = 128  # frames that are judged together, 2.56 s
STEPS = FRAMES / POOL  # a second


@dataclass(frozen=True)
class VoiceConfig:
    """kind: ``bilstm``, or ``cnn``, which has no memory. channels: of the two convolutions. width:
    frames under the filters of each. hidden: units in each direction. described: numbers that mean
    and spread of the bands become."""

    kind: Kind = "bilstm"
    channels: tuple[int, int] = (96, 96)
    width: int = 5
    hidden: int = 64
    described: int = 48
    dropout: float = 0.25


class VoiceNet(nn.Module):
    """Frames ``[B, T, 66]`` (:func:`hybridcore.emotion.spectrum.inputs`) -> logits ``[B, 8]`` in
    the order of :data:`SPOKEN`, and the weight of every step, ``[B, T / 4]``, which sum to one."""

    def __init__(self, *, config: VoiceConfig) -> None:
        super().__init__()
        self.config = config
        self.scale = nn.BatchNorm1d(INPUTS)
        layers: list[nn.Module] = []
        for before, after in pairwise((INPUTS, *config.channels)):
            layers += [nn.Conv1d(before, after, config.width, stride=2, padding=config.width // 2,
                                 bias=False),
                       nn.BatchNorm1d(after), nn.ReLU(), nn.Dropout(config.dropout)]
        self.convolutions = nn.Sequential(*layers)
        self.lstm = None if config.kind == "cnn" else nn.LSTM(
            config.channels[-1], config.hidden, batch_first=True, bidirectional=True)
        size = config.channels[-1] + (0 if self.lstm is None else 2 * config.hidden)
        self.dropout = nn.Dropout(config.dropout)
        self.score = nn.Linear(size, 1, bias=False)
        self.describe = nn.Sequential(
            nn.Dropout(config.dropout), nn.Linear(2 * INPUTS, config.described), nn.ReLU())
        self.say = nn.Linear(2 * size + config.described, len(SPOKEN))

    def inputs(self, frames: Tensor) -> Tensor:
        """What the LSTM reads: ``[B, T / 4, C]``."""
        return self.convolutions(self.scaled(frames)).transpose(1, 2)

    def scaled(self, frames: Tensor) -> Tensor:
        """Every band around its mean in training, ``[B, 66, T]``."""
        return self.scale(frames.transpose(1, 2))

    def forward(self, frames: Tensor) -> tuple[Tensor, Tensor]:
        scaled = self.scaled(frames)
        x = self.convolutions(scaled).transpose(1, 2)
        if self.lstm is not None:
            x = torch.cat([x, self.dropout(self.lstm(x)[0])], -1)  # [B, T / 4, C + 2 H]
        weights = self.score(x).squeeze(-1).softmax(-1)  # [B, T / 4]
        mean = torch.einsum("bt,btd->bd", weights, x)
        square = torch.einsum("bt,btd->bd", weights, x**2)
        spread = (square - mean**2).clamp_min(1e-5).sqrt()
        bands = torch.cat([scaled.mean(2), scaled.std(2)], 1)
        return self.say(torch.cat([mean, spread, self.describe(bands)], 1)), weights
