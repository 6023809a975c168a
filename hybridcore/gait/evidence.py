"""The networks of every kind over one walk: who it is, from all silhouettes so far."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager

import numpy as np
import torch
from torch import Tensor, nn

from hybridcore.gait.model import GaitNet, GaitState
from hybridcore.gait.walk import Identity
from hybridcore.layers.flow import FlowRecorder

NETWORK_RATE = 30.0  # silhouettes a second that the networks learned from
_SLICE = 256  # silhouettes through a network at once


@torch.inference_mode()
def identify(
    models: Mapping[str, GaitNet], silhouettes: np.ndarray, times: np.ndarray
) -> dict[str, Identity]:
    """What each network says of usable silhouettes uint8 ``[n, 64, 44]`` at ``times`` s ``[n]``.

    They are thinned to the frame rate of the networks. A CNN that several of them share runs once.
    """
    interval = float(np.median(np.diff(times)))
    at = np.arange(0, len(silhouettes), max(1, round(1 / (interval * NETWORK_RATE))))
    device = next(next(iter(models.values())).parameters()).device
    readings = {kind: _Reading(model) for kind, model in models.items()}
    with ExitStack() as watchers:
        for reading in readings.values():
            reading.flow.note("silhouettes", silhouettes, trained=False)
            reading.flow.note("frames read", silhouettes[at], symbol="s_t", trained=False)
            watchers.enter_context(_watching(reading.flow, reading.model))
        for begin in range(0, len(at), _SLICE):
            batch = torch.from_numpy(silhouettes[at[begin : begin + _SLICE]]).float() / 255
            features: dict[nn.Module, Tensor] = {}
            for reading in readings.values():
                reading.step(batch[None].to(device), features)
    return {kind: reading.identity(at) for kind, reading in readings.items()}


class _Reading:
    """One network over one walk, slice by slice."""

    def __init__(self, model: GaitNet) -> None:
        self.model = model
        self.flow = FlowRecorder()
        self._state: GaitState | None = None
        self._parts: list[tuple[np.ndarray, ...]] = []

    def step(self, batch: Tensor, features: dict[nn.Module, Tensor]) -> None:
        """Take the next silhouettes ``[1, T, 64, 44]``; ``features``: what CNNs made of them."""
        model = self.model
        if model.config.kind == "gei":  # its CNN reads averages
            output = model(batch, self._state)
        else:
            if model.frames not in features:
                features[model.frames] = model.frames(batch)
            output = model.follow(features[model.frames], self._state)
        self._state = output.state
        tensors = [output.embedding, output.view_logits.softmax(-1)]
        if model.config.kind == "lstm":
            tensors += [output.inputs, output.hidden]
        self._parts.append(tuple(tensor[0].float().cpu().numpy() for tensor in tensors))

    def identity(self, at: np.ndarray) -> Identity:
        """Everything read, at the silhouettes ``at [m]``."""
        evidence, views, *states = (
            np.concatenate(part) for part in zip(*self._parts, strict=True))
        inputs, hidden = states or (None, None)
        return Identity(at, evidence, views, inputs, hidden, self.flow.steps)


@contextmanager
def _watching(flow: FlowRecorder, model: GaitNet) -> Iterator[None]:
    """Record what leaves the parts of a network while the block runs."""
    pooled = "maximum so far" if model.pool.maximum else "mean so far"
    with ExitStack() as watchers:
        def watch(
            name: str, module: nn.Module, symbol: str = "", *, trained: bool = True
        ) -> None:
            watchers.enter_context(flow.watching(
                {name: module}, symbol=symbol, axis=1, batch=0, trained=trained))

        watchers.enter_context(flow.watching({"CNN": model.frames.cnn}, symbol="a"))
        watch("strips", model.frames, "x_t")
        if model.config.kind == "lstm":
            watch("LSTM", model.lstm, "h_t")
        watch(pooled, model.pool, trained=False)
        watch("embedding", model.project, "e_t")
        watch("view", model.view)
        yield
