"""Networks that say what hands do at every step, from their points.

After Molchanov et al., *Online Detection and Classification of Dynamic Hand Gestures with
Recurrent 3D Convolutional Neural Networks*, CVPR 2016: features of every moment, a recurrent layer
over them, and a label at every step, one of which is "nothing". In place of a 3-D CNN over pixels
stand the points that a CNN found (features.py). ``f_h`` are the features of a hand ``h`` and ``b``
those of the body at step ``t``:

    e_h = relu(norm(W f_h))                   for both hands with the same W; 0 for one not seen
    x_t = relu(norm(U [e_left + e_right, b]))
    h_t, c_t = LSTM(x_t, h_{t-1}, c_{t-1});   p_t = softmax(V h_t + v)

Its twin ``frame`` sees the same moment without any speed, and a second layer replaces the LSTM.

Deviations from Molchanov et al.: an LSTM in place of a plain recurrent layer; a label for every
step is learned from, so that no connectionist temporal classification is needed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from hybridcore.gesture.features import (
    BODY_SIZE,
    HAND_SIZE,
    STILL_BODY,
    STILL_HAND,
    features,
)

Kind = Literal["lstm", "frame"]
KINDS: tuple[Kind, ...] = ("lstm", "frame")


@dataclass(frozen=True)
class GestureConfig:
    """Sizes of a gesture network."""

    kind: Kind = "lstm"
    classes: int = 10
    hand: int = 128  # of the embedding of a hand
    dim: int = 128  # of x_t
    hidden: int = 128  # of the LSTM or of the second layer
    dropout: float = 0.3


@dataclass(frozen=True)
class GestureOutput:
    """One step for each moment: B people, T steps.

    logits ``[B, T, classes]``; inputs ``[B, T, dim]`` (x_t); hidden ``[B, T, hidden]`` (h_t).
    """

    logits: Tensor
    inputs: Tensor
    hidden: Tensor


class GestureNet(nn.Module):
    """Points of consecutive steps -> what the hands do at every step."""

    def __init__(self, *, config: GestureConfig) -> None:
        super().__init__()
        self.config = config
        still = config.kind == "frame"
        self.hand_size, self.body_size = (
            (STILL_HAND, STILL_BODY) if still else (HAND_SIZE, BODY_SIZE))
        self.hand = _layer(self.hand_size, config.hand, config.dropout)
        self.embed = _layer(config.hand + self.body_size, config.dim, config.dropout)
        if still:
            self.layer = nn.Linear(config.dim, config.hidden)
        else:
            self.lstm = nn.LSTM(config.dim, config.hidden, batch_first=True)
        self.dropout = nn.Dropout(config.dropout)
        self.classifier = nn.Linear(config.hidden, config.classes)

    def forward(self, points: Tensor) -> GestureOutput:
        """``points``: ``[B, T, 49, 2]``, as :func:`features` takes them."""
        there, hands, body = features(points)
        hands = self.hand(hands[..., : self.hand_size]) * there[..., None]  # [B, T, 2, hand]
        inputs = self.embed(torch.cat([hands.sum(2), body[..., : self.body_size]], -1))
        if self.config.kind == "lstm":
            hidden, _ = self.lstm(inputs)  # [B, T, hidden]
        else:
            hidden = F.relu(self.layer(inputs))
        return GestureOutput(self.classifier(self.dropout(hidden)), inputs, hidden)


def _layer(inputs: int, outputs: int, dropout: float) -> nn.Sequential:
    return nn.Sequential(nn.Linear(inputs, outputs), nn.LayerNorm(outputs), nn.ReLU(),
                         nn.Dropout(dropout))
