"""Three ways to join convolution and recurrence, on the same films.

* ConvLSTM (Shi et al. 2015): the memory is a map, and what it keeps stays where it is.
* CNN -> LSTM: every frame is flattened to a vector, and that is remembered.
* Recurrent convolutional layer (Liang & Hu 2015): it recurs over the same frame, to see further in
  space; of the frames before it knows nothing.

All take films ``[B, T, 1, h, w]`` and say at every frame the next one, as logits of the same shape.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from hybridcore.lab.bouncing import FIELD
from hybridcore.layers.conv_lstm import ConvLSTM
from hybridcore.layers.recurrent_conv import RecurrentConv
from hybridcore.layers.unrolled import unroll
from hybridcore.weights import load_into

CARD = "lab_maps"
TITLES = {"conv_lstm": "ConvLSTM", "cnn_lstm": "CNN → LSTM", "rcl": "Recurrent convolution"}
_MAPS, _KERNEL = 8, 5  # of the ConvLSTM and of the recurrent convolution
_SMALL, _HIDDEN = 8, 48  # maps of the CNN, units of its LSTM
_SIDE = FIELD // 4  # px of the CNN's last maps


class ConvLSTMForecaster(nn.Module):
    """The memory is ``_MAPS`` maps as large as the field."""

    def __init__(self) -> None:
        super().__init__()
        self.cell = ConvLSTM(inputs=1, channels=_MAPS, kernel=_KERNEL)
        self.say = nn.Conv2d(_MAPS, 1, _KERNEL, padding=_KERNEL // 2)

    def memory(self, films: Tensor) -> Tensor:
        """``[B, T, C, h, w]``."""
        return unroll(self.cell, films)[0]

    def forward(self, films: Tensor) -> Tensor:
        return frame_by_frame(self.say, self.memory(films))


class CNNLSTMForecaster(nn.Module):
    """The memory is a vector of ``_HIDDEN`` numbers."""

    def __init__(self) -> None:
        super().__init__()
        self.cnn = nn.Sequential(
            nn.Conv2d(1, _SMALL, 4, stride=2, padding=1), nn.ReLU(),
            nn.Conv2d(_SMALL, _SMALL, 4, stride=2, padding=1), nn.ReLU(), nn.Flatten())
        self.lstm = nn.LSTM(_SMALL * _SIDE**2, _HIDDEN, batch_first=True)
        self.say = nn.Sequential(
            nn.Linear(_HIDDEN, _SMALL * _SIDE**2), nn.ReLU(),
            nn.Unflatten(1, (_SMALL, _SIDE, _SIDE)),
            nn.ConvTranspose2d(_SMALL, _SMALL, 4, stride=2, padding=1), nn.ReLU(),
            nn.ConvTranspose2d(_SMALL, 1, 4, stride=2, padding=1))

    def memory(self, films: Tensor) -> Tensor:
        """``[B, T, H]``."""
        hidden: Tensor = self.lstm(frame_by_frame(self.cnn, films))[0]
        return hidden

    def forward(self, films: Tensor) -> Tensor:
        return frame_by_frame(self.say, self.memory(films))


class RCLForecaster(nn.Module):
    """No memory of earlier frames."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Sequential(nn.Conv2d(1, _MAPS, _KERNEL, padding=_KERNEL // 2), nn.ReLU())
        self.layer = RecurrentConv(channels=_MAPS, steps=3, kernel=_KERNEL)
        self.say = nn.Conv2d(_MAPS, 1, _KERNEL, padding=_KERNEL // 2)

    def states(self, frames: Tensor) -> list[Tensor]:
        """``x(0)`` to ``x(T)`` of frames ``[B, 1, h, w]``."""
        states: list[Tensor] = self.layer.states(self.first(frames))
        return states

    def forward(self, films: Tensor) -> Tensor:
        return frame_by_frame(lambda frames: self.say(self.states(frames)[-1]), films)


def frame_by_frame(layer: nn.Module | object, films: Tensor) -> Tensor:
    """What a layer makes of every frame of ``[B, T, ...]``."""
    assert callable(layer)
    made: Tensor = layer(films.flatten(0, 1))
    return made.unflatten(0, films.shape[:2])


def forecasters() -> nn.ModuleDict:
    """All three, untrained."""
    return nn.ModuleDict({"conv_lstm": ConvLSTMForecaster(), "cnn_lstm": CNNLSTMForecaster(),
                          "rcl": RCLForecaster()})


def load() -> nn.ModuleDict:
    """Those that ship.

    Raises:
        WeightsError: they are missing or damaged.
    """
    return load_into(forecasters(), CARD)


@torch.inference_mode()
def foretell(network: nn.Module, film: np.ndarray, seen: int | None = None) -> np.ndarray:
    """What it says of the frames of a film ``[T, h, w]``, float32 in 0..1 of that shape; the first
    one cannot be foretold and is 0.

    seen: the frames that are shown to it; after them it goes on from what it said itself. None:
    all.
    """
    frames = torch.from_numpy(film)[None, :, None]  # [1, T, 1, h, w]
    if seen is None:
        said = network(frames[:, :-1]).sigmoid()
    else:
        known = frames[:, :seen]
        while known.shape[1] < frames.shape[1]:
            known = torch.cat([known, network(known)[:, -1:].sigmoid()], 1)
        said = torch.cat([network(frames[:, : seen - 1]).sigmoid(), known[:, seen:]], 1)
    first = torch.zeros_like(frames[:, :1])
    return torch.cat([first, said], 1)[0, :, 0].numpy()


@dataclass(frozen=True)
class Memories:
    """What every network holds when it has seen some frames: maps of the ConvLSTM ``[C, h, w]``,
    the vector of the LSTM ``[H]``, and the states of the recurrent convolution over its own steps,
    mean over maps, ``[S, h, w]``."""

    maps: np.ndarray
    vector: np.ndarray
    states: np.ndarray


@torch.inference_mode()
def memories(networks: nn.ModuleDict, frames: np.ndarray) -> Memories:
    """What they hold after ``frames [T, h, w]``."""
    film = torch.from_numpy(frames)[None, :, None]
    conv_lstm, cnn_lstm, rcl = (networks[key] for key in TITLES)
    assert isinstance(conv_lstm, ConvLSTMForecaster)
    assert isinstance(cnn_lstm, CNNLSTMForecaster)
    assert isinstance(rcl, RCLForecaster)
    states = [state[0].mean(0).numpy() for state in rcl.states(film[:, -1])]
    return Memories(conv_lstm.memory(film)[0, -1].numpy(), cnn_lstm.memory(film)[0, -1].numpy(),
                    np.stack(states))
