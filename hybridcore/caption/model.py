"""What every captioning network offers, so that one decoder and one trainer serve them all.

A network reads a photograph once (:meth:`CaptionModel.read`), begins a sentence, and then takes in
words: all of a sentence in training, one at a time in decoding. ``N`` photographs, ``K`` sentences
for each at the same time (the five captions of training, or the beams of decoding), ``T`` words,
``L`` cells of the grid, ``V`` words in the vocabulary. A photograph's features are kept once,
however many sentences look at them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Literal, Self

import torch
from torch import Tensor, nn

from hybridcore.caption.vocabulary import END, START, UNKNOWN
from hybridcore.layers.half import HalfMatrix, halve

Kind = Literal["attend", "tell"]
KINDS: tuple[Kind, ...] = ("attend", "tell")


@dataclass(frozen=True)
class CaptionConfig:
    """Sizes of a captioning network."""

    vocabulary: int
    cell_dim: int = 2560  # channels of the encoder's object grid and scene grid together
    features: int = 512  # of a cell or a photograph, after a learned projection
    attention: int = 256
    embedding: int = 256
    hidden: int = 512
    dropout: float = 0.4


@dataclass(frozen=True)
class Reading:
    """What is computed once a photograph.

    features ``[N, L, A]`` (attend) or ``[N, A]`` (tell); keys ``[N, L, attention]`` or None.
    """

    features: Tensor
    keys: Tensor | None = None


@dataclass(frozen=True)
class State:
    """The LSTM between two words: h and c, ``[N, K, hidden]`` each."""

    h: Tensor
    c: Tensor

    def pick(self, rows: Tensor) -> State:
        """The states of the sentences ``rows [N, K']``, which may repeat."""
        index = rows[..., None].expand(*rows.shape, self.h.shape[-1])
        return State(self.h.gather(1, index), self.c.gather(1, index))


@dataclass(frozen=True)
class Sentences:
    """After taking words in.

    readout ``[N, K, T, embedding]``, which :meth:`CaptionModel.classify` turns into logits of the
    next word; inputs ``[N, K, T, D]``, what the LSTM was given (x_t); hidden ``[N, K, T, hidden]``
    (h_t); ``first`` and ``last`` are the states before and after these words. attention
    ``[N, K, T, L]``, sums to one, and gate ``[N, K, T]`` in 0..1 are None without attention.
    """

    readout: Tensor
    inputs: Tensor
    hidden: Tensor
    first: State
    last: State
    attention: Tensor | None = None
    gate: Tensor | None = None


class CaptionModel(nn.Module, ABC):
    """Grid cells -> words. The embedding serves both ends: words in and words out (tied)."""

    lstm: nn.LSTM

    def __init__(self, *, config: CaptionConfig) -> None:
        super().__init__()
        self.config = config
        self.embedding = nn.Embedding(config.vocabulary, config.embedding)
        nn.init.normal_(self.embedding.weight, std=config.embedding**-0.5)
        self.bias = nn.Parameter(torch.zeros(config.vocabulary))
        self.dropout = nn.Dropout(config.dropout)
        self._output: HalfMatrix | None = None

    @abstractmethod
    def read(self, cells: Tensor) -> Reading:
        """Look at photographs: ``cells [N, L, cell_dim]``."""

    @abstractmethod
    def begin(self, reading: Reading, sentences: int) -> State:
        """The state before the first word of ``sentences`` sentences a photograph."""

    @abstractmethod
    def forward(self, reading: Reading, words: Tensor, first: State | None = None) -> Sentences:
        """Take in ``words [N, K, T]``, going on from ``first`` or else from the beginning.

        All words of a sentence at once is teacher forcing; one at a time is decoding.
        """

    def embed(self, words: Tensor) -> Tensor:
        """``[...] -> [..., embedding]``, at the scale of an LSTM's input."""
        return self.dropout(self.embedding(words) * self.config.embedding**0.5)

    def classify(self, readout: Tensor) -> Tensor:
        """``[..., embedding]`` -> logits ``[..., V]``."""
        if self._output is not None and not torch.is_grad_enabled():
            return self._output(readout)
        return nn.functional.linear(self.dropout(readout), self.embedding.weight, self.bias)

    def log_probabilities(self, readout: Tensor) -> Tensor:
        """``[..., V]`` over the words that can be generated: START and UNKNOWN cannot."""
        logits = self.classify(readout).float()
        logits[..., [START, UNKNOWN]] = -torch.inf
        return logits.log_softmax(-1)

    def next_words(
        self, reading: Reading, words: Tensor, state: State, *, free: bool = False
    ) -> tuple[Tensor, State]:
        """Log-probabilities ``[N, K, V]`` of what comes after ``words [N, K]``, and the state
        then; nothing is ever forbidden."""
        step = self(reading, words[..., None], state)
        return self.log_probabilities(step.readout[:, :, 0]), step.last

    def for_decoding(self) -> Self:
        """Itself, ready to decode fast on the device that it is on; its weights are final."""
        halve(self)
        self._output = HalfMatrix(self.embedding.weight, self.bias)
        return self

    def worth(self, reading: Reading, words: Tensor) -> Tensor:
        """Nothing beside its likelihood is held against a sentence: zeros ``[N, K]``."""
        return torch.zeros(words.shape[:2], device=words.device)

    @torch.no_grad()
    def start_from(self, counts: Tensor) -> None:
        """Begin with the words' frequencies, ``counts [V]``, so that training need not learn
        them."""
        self.bias.copy_(((counts + 0.5) / counts.sum()).log())


def decoder_inputs(words: Tensor) -> Tensor:
    """What a decoder reads to predict ``words [..., T]``: START, then all but the last of them."""
    return torch.cat([torch.full_like(words[..., :1], START), words[..., :-1]], -1)


def in_sentence(words: Tensor) -> Tensor:
    """Which of ``words [..., T]`` are part of the sentence, its END included; bool."""
    ended = (words == END).cumsum(-1)
    return (ended == 0) | ((words == END) & (ended == 1))
