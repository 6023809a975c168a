"""The gesture networks with the weights that ship."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager

import numpy as np
import torch

from hybridcore.cards import load_card
from hybridcore.gesture.model import KINDS, GestureConfig, GestureNet
from hybridcore.layers.flow import FlowRecorder
from hybridcore.people.readings import Reading
from hybridcore.weights import load_into


def load_models() -> dict[str, GestureNet]:
    """A network of every kind, in eval mode on the CPU.

    Raises:
        WeightsError: if weights are missing or are not the ones that their cards name.
    """
    return {
        kind: load_into(GestureNet(config=GestureConfig(**load_card(f"gesture_{kind}")["config"])),
                        f"gesture_{kind}") for kind in KINDS}


def card_temperature(kind: str) -> float:
    """That of the network of a kind, as its card says.

    Raises:
        WeightsError: it has no card.
    """
    return float(load_card(f"gesture_{kind}")["calibration"]["temperature"])


@torch.inference_mode()
def read(models: Mapping[str, GestureNet], points: np.ndarray) -> dict[str, Reading]:
    """What every network says of points ``[m, 49, 2]`` at its steps."""
    readings: dict[str, Reading] = {}
    for kind, model in models.items():
        flow = FlowRecorder()
        flow.note("points", points, symbol="49 points", trained=False)
        with _watching(model, flow):
            output = model(torch.from_numpy(points)[None].to(model.classifier.weight.device))
        remembers = kind == "lstm"
        readings[kind] = Reading(
            logits=output.logits[0].cpu().numpy(),
            inputs=output.inputs[0].cpu().numpy() if remembers else None,
            hidden=output.hidden[0].cpu().numpy() if remembers else None,
            flow=flow.steps)
    return readings


@contextmanager
def _watching(model: GestureNet, flow: FlowRecorder) -> Iterator[None]:
    """Record what leaves the parts of a network."""
    parts = {"hand": ("both hands", "e_h"), "embed": ("body and hands", "x_t"),
             "lstm": ("LSTM", "h_t"), "layer": ("layer", "h_t"),
             "classifier": ("classifier", "logits")}
    with ExitStack() as stack:
        for part, (name, symbol) in parts.items():
            if hasattr(model, part):
                stack.enter_context(flow.watching(
                    {name: getattr(model, part)}, symbol=symbol, axis=1, batch=0))
        yield
