"""A small LSTM that reads a string letter by letter, and which of its units counts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from hybridcore.lab.grammars import GRAMMARS, Grammar
from hybridcore.layers.correlates import correlations
from hybridcore.layers.recurrent import LSTMTrace, lstm_trace
from hybridcore.weights import load_into

CARD = "lab_counters"
UNITS = 8


class Counter(nn.Module):
    """Letters one-hot ``[B, T, L]`` -> logits ``[B, T, A]`` of the answers of a grammar."""

    def __init__(self, grammar: Grammar) -> None:
        super().__init__()
        self.letters = len(grammar.letters)
        self.lstm = nn.LSTM(self.letters, UNITS, batch_first=True)
        self.say = nn.Linear(UNITS, len(grammar.answers))

    def inputs(self, codes: np.ndarray) -> Tensor:
        """Codes int ``[..., T]`` as one-hot float32 ``[..., T, L]``."""
        return F.one_hot(torch.from_numpy(codes), self.letters).float()

    def forward(self, letters: Tensor) -> Tensor:
        logits: Tensor = self.say(self.lstm(letters)[0])
        return logits


def counters() -> nn.ModuleDict:
    """A network for each grammar, untrained."""
    return nn.ModuleDict({grammar.key: Counter(grammar) for grammar in GRAMMARS})


def load() -> nn.ModuleDict:
    """Those that ship.

    Raises:
        WeightsError: they are missing or damaged.
    """
    return load_into(counters(), CARD)


@dataclass(frozen=True)
class Counted:
    """What a network made of a string of T letters.

    depth int ``[T]``: how many are open after every letter. answers, said int ``[T]``: what is
    right, and what it said. trace: its LSTM from inside. goes_with float ``[H]``: how the cell
    state of each unit goes with the depth (Pearson's r; 0 where either stands still).
    """

    text: str
    depth: np.ndarray
    answers: np.ndarray
    said: np.ndarray
    trace: LSTMTrace
    goes_with: np.ndarray

    @property
    def counter(self) -> int:
        """The unit that counts best."""
        return int(np.abs(self.goes_with).argmax())


@torch.inference_mode()
def count(network: Counter, grammar: Grammar, text: str) -> Counted:
    """Read a string.

    Raises:
        OptionError: it is no string of the grammar.
    """
    inputs = network.inputs(grammar.codes(text))
    answers, depth = grammar.follow(text)
    hidden, _ = network.lstm(inputs)
    trace = lstm_trace(network.lstm, inputs, hidden)
    return Counted(text, depth, answers, network.say(hidden).argmax(1).numpy(), trace,
                   correlations(trace.c, depth[:, None])[:, 0])
