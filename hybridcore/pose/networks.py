"""The pose networks with the weights that ship."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager

import numpy as np
import torch

from hybridcore.cards import load_card
from hybridcore.layers.flow import FlowRecorder
from hybridcore.people.readings import Reading
from hybridcore.pose.actions import ACTIONS, SITTING, STANDING
from hybridcore.pose.joints import LEGS
from hybridcore.pose.model import KINDS, Kind, PoseConfig, PoseNet
from hybridcore.weights import load_into

_MEMORY = {"lstm": ("LSTM", "h_t"), "tcn": ("causal TCN", "h_t"), "layer": ("layer", "h_t")}


def load_model(kind: Kind) -> PoseNet:
    """A network with its weights, in eval mode on the CPU.

    Raises:
        WeightsError: if its weights are missing or are not the ones that its card names.
    """
    model = PoseNet(config=PoseConfig(**load_card(f"pose_{kind}")["config"]))
    return load_into(model, f"pose_{kind}")


def load_models() -> dict[str, PoseNet]:
    """A network of every kind.

    Raises:
        WeightsError: as :func:`load_model`.
    """
    return {kind: load_model(kind) for kind in KINDS}


def card_temperature(kind: str) -> float:
    """That of the network of a kind, as its card says.

    Raises:
        WeightsError: it has no card.
    """
    return float(load_card(f"pose_{kind}")["calibration"]["temperature"])


@torch.inference_mode()
def read(models: Mapping[str, PoseNet], joints: np.ndarray) -> dict[str, Reading]:
    """What every network says of joints ``[m, 13, 2]`` at its steps."""
    readings: dict[str, Reading] = {}
    for kind, model in models.items():
        device = model.classifier.weight.device
        flow = FlowRecorder()
        flow.note("joints", joints, symbol="13 points", trained=False)
        with _watching(model, flow):
            output = model(torch.from_numpy(joints)[None].to(device))
        remembers = kind == "lstm"
        readings[kind] = Reading(
            logits=without_legs(output.logits[0].cpu().numpy(), joints),
            inputs=output.inputs[0].cpu().numpy() if remembers else None,
            hidden=output.hidden[0].cpu().numpy() if remembers else None,
            flow=flow.steps)
    return readings


def without_legs(logits: np.ndarray, joints: np.ndarray) -> np.ndarray:
    """Logits ``[..., m, C]`` of joints ``[..., m, 13, 2]``, in which standing and sitting share
    their likelihood where neither a knee nor an ankle is seen."""
    hidden = ~np.isfinite(joints[..., list(LEGS), :]).all(-1).any(-1)
    pair = [ACTIONS.index(STANDING), ACTIONS.index(SITTING)]
    shared = logits.copy()
    both = np.logaddexp(logits[..., pair[0]], logits[..., pair[1]]) - np.log(2)
    shared[..., pair] = np.where(hidden[..., None], both[..., None], logits[..., pair])
    return shared


@contextmanager
def _watching(model: PoseNet, flow: FlowRecorder) -> Iterator[None]:
    """Record what leaves the parts of a network."""
    with ExitStack() as stack:
        def note(name: str, module: torch.nn.Module, symbol: str) -> None:
            stack.enter_context(flow.watching({name: module}, symbol=symbol, axis=1, batch=0))

        stack.callback(model.embed.register_forward_pre_hook(
            lambda module, inputs: flow.note(
                "features", inputs[0], symbol="f_t", axis=1, batch=0, trained=False)).remove)
        note("embedding", model.embed, "x_t")
        for part, (name, symbol) in _MEMORY.items():
            if hasattr(model, part):
                note(name, getattr(model, part), symbol)
        note("classifier", model.classifier, "logits")
        yield
