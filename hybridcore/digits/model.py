"""CNN, recurrence, CTC: labels of speech without saying when.

Graves, Fernandez, Gomez & Schmidhuber, *Connectionist Temporal Classification*, ICML 2006: a
bidirectional LSTM says at every step a label or a blank, and all paths that give the sequence count
(:mod:`hybridcore.layers.ctc`). Deviations: two convolutions below it, as in Amodei et al., *Deep
Speech 2*, 2015; LSTM without peepholes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from hybridcore.layers.ctc import BLANK
from hybridcore.media.mel import BANDS

Kind = Literal["bilstm", "lstm", "cnn"]
KINDS: tuple[Kind, ...] = ("bilstm", "lstm", "cnn")
POOL = 3  # frames that become one step
_BLANK_BIAS = 3.0
WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
LABELS = ("blank", *WORDS)  # of the output


@dataclass(frozen=True)
class DigitConfig:
    """kind: ``bilstm`` hears the whole, ``lstm`` only what was, ``cnn`` 130 ms. channels: of the
    two convolutions. dim: of a step. hidden: units in each direction."""

    kind: Kind = "bilstm"
    channels: tuple[int, int] = (16, 32)
    dim: int = 96
    hidden: int = 80
    dropout: float = 0.1


class DigitNet(nn.Module):
    """Log mel bands ``[B, T, 40]`` -> log probabilities ``[B, T / 3, 11]``; 0 is the blank, label d
    + 1 the digit d."""

    def __init__(self, *, config: DigitConfig) -> None:
        super().__init__()
        self.config = config
        first, second = config.channels
        self.convolutions = nn.Sequential(
            nn.Conv2d(1, first, 5, stride=(POOL, 2), padding=2), nn.BatchNorm2d(first), nn.ReLU(),
            nn.Conv2d(first, second, 3, stride=(1, 2), padding=1), nn.BatchNorm2d(second),
            nn.ReLU())
        self.embed = nn.Linear(second * -(-BANDS // 4), config.dim)
        both = config.kind == "bilstm"
        self.lstm = None if config.kind == "cnn" else nn.LSTM(
            config.dim, config.hidden, batch_first=True, bidirectional=both)
        width = config.dim if self.lstm is None else config.hidden * (1 + both)
        self.dropout = nn.Dropout(config.dropout)
        self.say = nn.Linear(width, len(LABELS))
        self._begin()

    @torch.no_grad()
    def _begin(self) -> None:
        """Weights to begin with: at first all is blank, as most steps are in the end; the LSTM
        remembers (Jozefowicz et al. 2015). So CTC learns in a quarter of the steps."""
        self.say.bias[BLANK] += _BLANK_BIAS
        if self.lstm is None:
            return
        hidden = self.config.hidden
        for name, value in self.lstm.named_parameters():
            if name.startswith("weight_hh"):
                for gate in value.chunk(4):
                    nn.init.orthogonal_(gate)
            elif name.startswith("weight_ih"):
                nn.init.xavier_uniform_(value, gain=1.5)
            else:
                value.zero_()
                value[hidden : 2 * hidden] = 0.5  # there are two biases

    def inputs(self, bands: Tensor) -> Tensor:
        """What the LSTM reads: ``[B, T / 3, dim]``."""
        maps = self.convolutions(bands[:, None])  # [B, C, T / 3, 10]
        return F.relu(self.embed(maps.transpose(1, 2).flatten(2)))

    def forward(self, bands: Tensor) -> Tensor:
        x = self.inputs(bands)
        if self.lstm is not None:
            x = self.lstm(self.dropout(x))[0]  # [B, T / 3, H or 2 H]
        return F.log_softmax(self.say(self.dropout(x)), -1)
