"""The shapes on the way through the hybrid network, and where the wrong one breaks."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import torch
from torch import nn

from hybridcore.errors import OptionError
from hybridcore.lab import hybrid
from hybridcore.lab.hybrid import HybridCNNRNN, HybridConfig, Spelling, TimeDistributed
from hybridcore.layers.flow import FlowRecorder, Step

_MOST = 20_000_000  # numbers in the maps of one layer, or in the weights of the LSTM
_LEAST = 4  # px of a side, so that something is left of it


def shapes(config: HybridConfig, batch: int, steps: int) -> tuple[Step, ...]:
    """What goes through the network for clips ``[batch, steps, C, h, w]``, as recorded.

    Raises:
        OptionError: the frames are too small, or clips or LSTM too large.
    """
    if (numbers := batch * steps * config.filters * config.height * config.width) > _MOST:
        raise OptionError(f"The maps of these clips hold {numbers:,} numbers; take fewer or "
                          f"smaller frames, so that there are at most {_MOST:,}.")
    if (weights := 4 * config.hidden * (config.features + config.hidden)) > _MOST:
        raise OptionError(f"The LSTM has {weights:,} weights; take smaller frames, fewer filters "
                          f"or fewer units, so that there are at most {_MOST:,}.")
    if min(config.height, config.width) < _LEAST:
        raise OptionError(f"A frame needs at least {_LEAST} x {_LEAST} pixels: a 3 x 3 convolution "
                          "and a pooling leave nothing of less.")
    recorder, network = FlowRecorder(), HybridCNNRNN(config=config, spelling="wrap each layer")
    frames = torch.zeros(batch, steps, config.channels, config.height, config.width)
    recorder.note("clips", frames, symbol="B, T, C, h, w", axis=None, trained=False)
    names = {"Conv2d": "convolution", "ReLU": "ReLU", "MaxPool2d": "pooling",
             "Flatten": "flattened"}
    with torch.inference_mode():
        seen = frames
        assert isinstance(network.cnn, nn.Sequential)
        for layer in network.cnn:
            assert isinstance(layer, TimeDistributed)
            seen = layer(seen)
            name = type(layer.layer).__name__
            recorder.note(names[name], seen, axis=None, trained=name == "Conv2d")
        hidden = network.lstm(seen)[0]
        recorder.note("LSTM", hidden, symbol="h_t", axis=None)
        recorder.note("classes", network.classify(hidden[:, -1]), axis=None)
    return recorder.steps


def what_breaks(config: HybridConfig, declared: int) -> str:
    """What torch says if the LSTM is declared for another number of features; empty: nothing."""
    network = HybridCNNRNN(config=config)
    network.lstm = nn.LSTM(declared, config.hidden, batch_first=True)
    frames = torch.zeros(1, 1, config.channels, config.height, config.width)
    try:
        with torch.inference_mode():
            network(frames)
    except RuntimeError as error:
        return str(error)
    return ""


def as_file(config: HybridConfig, spelling: Spelling = "reshape") -> str:
    """The network as one file that runs by itself, with these sizes and this spelling in the place
    of its own."""
    text = Path(hybrid.__file__).read_text(encoding="utf-8")
    for field in fields(config):
        text = re.sub(rf"(?m)^(    {field.name}: int = )\d+$",
                      rf"\g<1>{getattr(config, field.name)}", text)
    return text.replace('spelling: Spelling = "reshape"', f'spelling: Spelling = "{spelling}"')
