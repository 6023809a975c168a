"""An LSTM that says what a face shows over time, from what the CNN of single faces found.

After Fan, Lu, Li & Liu, *Video-Based Emotion Recognition Using CNN-RNN and C3D Hybrid Networks*,
ICMI 2016, who won EmotiW 2016: an LSTM (Hochreiter & Schmidhuber 1997) over the features of a CNN
along the track of a face. ``f_t`` are those features and ``q_t`` how good the crop is (its contrast
and sharpness):

    x_t = relu(norm(W [f_t, q_t]));   0 where the face was not seen
    h_t, c_t = LSTM(x_t, h_{t-1}, c_{t-1});   p_t = softmax((U f_t + u + V h_t + v) / T)

``U f_t + u`` is what the CNN alone says of the crop, so that the LSTM learns how to correct it.

Deviations from Fan et al.: a label at every step, not one for a film; the quality is an input; the
LSTM corrects the CNN instead of standing alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from hybridcore.emotion.classes import EMOTIONS

RATE = 10.0  # steps a second


@dataclass(frozen=True)
class FaceLSTMConfig:
    """Sizes of the network of faces over time."""

    features: int = 256  # of f_t
    quality: int = 2  # of q_t
    dim: int = 96  # of x_t
    hidden: int = 96  # of h_t
    classes: int = len(EMOTIONS)
    dropout: float = 0.3


@dataclass(frozen=True)
class FaceLSTMOutput:
    """B tracks, T steps: logits ``[B, T, classes]``; inputs ``[B, T, dim]`` (x_t); hidden
    ``[B, T, hidden]`` (h_t)."""

    logits: Tensor
    inputs: Tensor
    hidden: Tensor


class FaceLSTM(nn.Module):
    """Features of consecutive crops of a face -> what it shows at every step."""

    def __init__(self, *, config: FaceLSTMConfig) -> None:
        super().__init__()
        self.config = config
        self.embed = nn.Sequential(
            nn.Dropout(config.dropout), nn.Linear(config.features + config.quality, config.dim),
            nn.LayerNorm(config.dim), nn.ReLU())
        self.lstm = nn.LSTM(config.dim, config.hidden, batch_first=True)
        self.dropout = nn.Dropout(config.dropout)
        self.classifier = nn.Linear(config.hidden, config.classes)
        self.single = nn.Linear(config.features, config.classes)  # U, u: the classifier of the CNN

    def forward(self, features: Tensor, quality: Tensor, seen: Tensor) -> FaceLSTMOutput:
        """features ``[B, T, 256]``; quality ``[B, T, 2]`` (see `crops.qualities`); seen: bool
        ``[B, T]``."""
        inputs = self.embed(torch.cat([features, quality], -1)) * seen[..., None]
        hidden, _ = self.lstm(inputs)
        alone = self.single(features) * seen[..., None]
        return FaceLSTMOutput(alone + self.classifier(self.dropout(hidden)), inputs, hidden)
