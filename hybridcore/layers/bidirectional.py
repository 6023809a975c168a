"""Bidirectional recurrence: one network reads forwards, another backwards.

Schuster & Paliwal, *Bidirectional Recurrent Neural Networks*, IEEE Transactions on Signal
Processing 1997: neither hears the other; what follows at a step sees both. It needs the whole
sequence before it says anything.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from hybridcore.layers.recurrent import LSTMTrace, lstm_trace
from hybridcore.layers.unrolled import unroll


class Bidirectional(nn.Module):
    """``[B, T, D]`` -> ``[B, T, H + H']``: what a cell remembers of all before a step, and what
    another remembers of all behind it."""

    def __init__(self, forwards: nn.Module, backwards: nn.Module) -> None:
        super().__init__()
        self.forwards, self.backwards = forwards, backwards

    def forward(self, inputs: Tensor) -> Tensor:
        before, _ = unroll(self.forwards, inputs)
        behind, _ = unroll(self.backwards, inputs.flip(1))
        return torch.cat([before, behind.flip(1)], 2)


def both_traces(lstm: nn.LSTM, inputs: Tensor, hidden: Tensor) -> LSTMTrace:
    """Gates and states of a bidirectional ``nn.LSTM`` of one layer that has run: the units that
    read forwards, then those that read backwards, float32 ``[T, 2 H]`` each.

    inputs: ``[T, D]``, what it was given; hidden: ``[T, 2 H]``, what it returned.
    """
    size = lstm.hidden_size
    forwards = lstm_trace(one_way(lstm, ""), inputs, hidden[:, :size])
    backwards = lstm_trace(one_way(lstm, "_reverse"), inputs.flip(0), hidden[:, size:].flip(0))
    i, f, g, o, c, h = (np.concatenate(
        [getattr(forwards, name), getattr(backwards, name)[::-1]], 1) for name in "ifgoch")
    return LSTMTrace(i, f, g, o, c, h)


def one_way(lstm: nn.LSTM, suffix: str) -> nn.LSTM:
    """One direction of a bidirectional ``nn.LSTM``, ``""`` or ``"_reverse"``, as one by itself."""
    own = nn.LSTM(lstm.input_size, lstm.hidden_size, batch_first=True)
    weights = lstm.state_dict()
    own.load_state_dict({name: weights[name + suffix] for name in own.state_dict()})
    return own.to(next(lstm.parameters()).device).eval()
