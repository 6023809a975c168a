"""Which frames carried a label: a network over time, asked again over the inputs that it was given.

    h_1 .. h_T = memory(x_1 .. x_T),     log p_t = head(h_1 .. h_t)

What frame ``s`` did for class ``k`` at step ``t`` is estimated for all frames at once by gradient
times input (Shrikumar et al. 2016, arXiv 1605.01713), against a frame that says nothing:

    a_s = (x_s - blank) . d log p_t[k] / d x_s

and measured for some by leaving them out: their inputs are replaced by ``blank``, and the network
runs again. A covered frame favours no label; it does not look like its neighbours, which in most
footage are alike and would hide that it mattered.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from hybridcore.device import one_thread
from hybridcore.layers.recurrent import LSTMTrace, lstm_trace

_AT_ONCE = 64  # sequences in a batch


@dataclass(frozen=True, eq=False)
class Reading:
    """A network over time and what it read of one input.

    title: of the network. inputs: float32 ``[T, D]``, on its device. blank: float32 ``[D]``, the
    input of a frame that says nothing. memory: ``[B, T, D] -> [B, T, H]``; head:
    ``[B, T, H] -> [B, T, C]``, logarithms of probabilities. lstm: the memory, where it is one LSTM
    in one direction. lookahead: steps that an output comes after the frame that it describes.
    causal: no step knows later ones.
    """

    title: str
    inputs: Tensor
    blank: Tensor
    memory: Callable[[Tensor], Tensor]
    head: Callable[[Tensor], Tensor]
    lstm: nn.LSTM | None = None
    lookahead: int = 0
    causal: bool = True

    def __len__(self) -> int:
        return len(self.inputs)

    def step_of(self, frame: int) -> int:
        """The step that describes a frame; the last one where the inputs end before it."""
        return min(frame + self.lookahead, len(self) - 1)

    def known(self, step: int) -> Tensor:
        """The inputs that a step can know, ``[1, t, D]``."""
        return self.inputs[None, : step + 1 if self.causal else None]


@dataclass(frozen=True, eq=False)
class Influence:
    """What every frame did for one label at one step.

    contribution: float32 ``[T]``, nats of ``log p``, 0 for frames that the step does not know.
    gradient: float32 ``[T, D]``, of ``log p`` by the inputs.
    """

    contribution: np.ndarray
    gradient: np.ndarray

    def strongest(self, count: int) -> np.ndarray:
        """The frames that contributed most to the label, int64 ``[n]``, the strongest first."""
        order = np.argsort(-self.contribution, kind="stable")[:count]
        return order[self.contribution[order] > 0]


@one_thread()
@torch.inference_mode()
def probabilities(reading: Reading) -> np.ndarray:
    """What the network says at every step, float32 ``[T, C]``."""
    return np.asarray(reading.head(reading.memory(reading.inputs[None]))[0].exp().cpu().numpy())


@one_thread()
@torch.inference_mode()
def trace_of(reading: Reading) -> LSTMTrace:
    """Gates and states of the LSTM that is the memory.

    Raises:
        ValueError: it is something else.
    """
    if reading.lstm is None:
        raise ValueError(f"{reading.title} is no LSTM")
    return lstm_trace(reading.lstm, reading.inputs, reading.lstm(reading.inputs[None])[0][0])


@one_thread()
@torch.inference_mode()
def probabilities_from(reading: Reading, trace: LSTMTrace) -> np.ndarray:
    """What the network says from the hidden states of another run, float32 ``[T, C]``."""
    hidden = torch.from_numpy(trace.h).to(reading.inputs.device)
    return np.asarray(reading.head(hidden[None])[0].exp().cpu().numpy())


@one_thread()
def influence(reading: Reading, step: int, label: int) -> Influence:
    """Gradient times input of every frame, for a label at a step."""
    inputs = reading.known(step).clone().requires_grad_()
    # CUDA's own LSTM has a gradient only while it is trained.
    with torch.enable_grad(), torch.backends.cudnn.flags(enabled=False):
        log_p = reading.head(reading.memory(inputs))[0, step, label]
        (gradient,) = torch.autograd.grad(log_p, inputs)
    slopes = torch.zeros_like(reading.inputs)
    slopes[: gradient.shape[1]] = gradient[0]
    contribution = ((reading.inputs - reading.blank) * slopes).sum(1)
    return Influence(contribution.cpu().numpy(), slopes.cpu().numpy())


@one_thread()
@torch.inference_mode()
def left_out(
    reading: Reading, step: int, label: int, groups: Sequence[np.ndarray]
) -> np.ndarray:
    """Probability of a label at a step with each group of frames covered, float32 ``[G]``."""
    found = []
    known = reading.known(step)
    for begin in range(0, len(groups), _AT_ONCE):
        part = groups[begin : begin + _AT_ONCE]
        inputs = known.repeat(len(part), 1, 1)
        for k, frames in enumerate(part):
            inputs[k, torch.as_tensor(frames)] = reading.blank
        found.append(reading.head(reading.memory(inputs))[:, step, label].exp())
    return np.asarray(torch.cat(found).cpu().numpy())
