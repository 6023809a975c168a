"""DanQ: motifs by a convolution, their grammar by a bidirectional LSTM.

Quang & Xie, *DanQ: a hybrid convolutional and recurrent deep neural network for quantifying the
function of DNA sequences*, Nucleic Acids Research 2016:

    z = maxpool(relu(conv(x)))          motif scanners, each row of the pooled map a place
    h = [LSTM(z); LSTM(reversed z)]     what stands before and behind every place
    y = sigmoid(W2 relu(W1 flatten(h))) a probability for every target

Deviations: a sequence is read on both strands by the same network, and the strand that says more
counts (their own runs average both strands afterwards), so a site has a strand; fewer and smaller
layers; three targets. The defaults of :class:`DanQConfig` are those of the paper, with its
46,929,039 parameters (46,926,479 in Keras, whose LSTM has one bias a gate where torch has two).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from hybridcore.dna.letters import BASES

Kind = Literal["danq", "places", "motifs"]
KINDS: tuple[Kind, ...] = ("danq", "places", "motifs")


@dataclass(frozen=True)
class DanQConfig:
    """length: letters of a window. motifs, kernel: how many scanners, and their length in letters.
    pool: letters that become one place. hidden: units of the LSTM in each direction. dense: units
    before the targets.

    kind: ``danq`` is the network of the paper; ``places`` has no LSTM: the pooled map goes straight
    to the dense layer; ``motifs`` keeps only how well each motif fits anywhere.
    """

    targets: int = 919
    length: int = 1000
    motifs: int = 320
    kernel: int = 26
    pool: int = 13
    hidden: int = 320
    dense: int = 925
    kind: Kind = "danq"
    motif_dropout: float = 0.2
    lstm_dropout: float = 0.5

    @property
    def steps(self) -> int:
        """Places of a window, which the LSTM reads."""
        return (self.length - self.kernel + 1) // self.pool

    @property
    def features(self) -> int:
        """Values that the dense layer is given."""
        return {"danq": self.steps * 2 * self.hidden, "places": self.steps * self.motifs,
                "motifs": self.motifs}[self.kind]


class DanQ(nn.Module):
    """Windows of DNA ``[N, length, 4]`` -> logits ``[N, targets]``."""

    shares: Tensor

    def __init__(self, *, config: DanQConfig) -> None:
        super().__init__()
        self.config = config
        self.scanners = nn.Conv1d(len(BASES), config.motifs, config.kernel)
        self.lstm = nn.LSTM(config.motifs, config.hidden, batch_first=True, bidirectional=True) \
            if config.kind == "danq" else None
        self.dense = nn.Linear(config.features, config.dense)
        self.head = nn.Linear(config.dense, config.targets)
        # Shares of the bases in what each scanner answers to (motifs.py), for its logo.
        self.register_buffer("shares", torch.zeros(config.motifs, config.kernel, len(BASES)))
        self.motif_dropout = nn.Dropout(config.motif_dropout)
        self.lstm_dropout = nn.Dropout(config.lstm_dropout)

    def scan(self, windows: Tensor) -> Tensor:
        """How well every motif fits at every letter: ``[N, length, 4]`` -> ``[N, motifs, length -
        kernel + 1]``, at least 0."""
        return F.relu(self.scanners(windows.transpose(1, 2)))

    def places(self, scanned: Tensor) -> Tensor:
        """The best fit of every motif in each place: -> ``[N, steps, motifs]``."""
        return F.max_pool1d(scanned, self.config.pool).transpose(1, 2)

    def read(self, scanned: Tensor) -> Tensor:
        """What :meth:`scan` gave -> logits ``[N, targets]``."""
        if self.config.kind == "motifs":
            found = self.motif_dropout(scanned.amax(2))  # [N, motifs]
        else:
            found = self.motif_dropout(self.places(scanned))  # [N, steps, motifs]
            if self.lstm is not None:
                found = self.lstm_dropout(self.lstm(found)[0])  # [N, steps, 2 * hidden]
        logits: Tensor = self.head(F.relu(self.dense(found.flatten(1))))
        return logits

    def forward(self, windows: Tensor) -> Tensor:
        """One strand: ``[N, length, 4]`` -> logits ``[N, targets]``."""
        return self.read(self.scan(windows))

    def strands(self, windows: Tensor) -> Tensor:
        """Logits of both strands: ``[N, length, 4]`` -> ``[2, N, targets]``."""
        both = torch.cat([windows, windows.flip(1, 2)])  # A and T, C and G change places
        logits: Tensor = self(both)
        return logits.unflatten(0, (2, -1))
