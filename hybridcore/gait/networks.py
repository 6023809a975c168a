"""The gait networks with the weights that ship."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from hybridcore.cards import load_card
from hybridcore.device import pick_device
from hybridcore.gait.model import KINDS, GaitConfig, GaitNet, Kind
from hybridcore.weights import load_into


@dataclass(frozen=True)
class Network:
    """A network that recognises walks.

    digest: names its weights (their hash), as embeddings of others cannot be compared; threshold:
    the greatest distance between embeddings that its card accepts as one person.
    """

    model: GaitNet
    digest: str
    threshold: float


def load_model(name: Kind = "lstm") -> GaitNet:
    """A network with its weights, in eval mode on the CPU.

    Raises:
        WeightsError: if its weights are missing or are not the ones that its card names.
    """
    config = load_card(f"gait_{name}")["config"]
    config = GaitConfig(**{**config, "channels": tuple(config["channels"])})
    return load_into(GaitNet(config=config), f"gait_{name}")


def load_networks(device: str | None = None) -> dict[str, Network]:
    """A network of every kind; those that learned with one CNN share it, so that it runs once.

    Raises:
        WeightsError: as :func:`load_model`.
    """
    networks: dict[str, Network] = {}
    for kind in KINDS:
        model = load_model(kind).to(pick_device(device))
        for other in networks.values():
            if _alike(model.frames, other.model.frames):
                model.frames = other.model.frames
        card = load_card(f"gait_{kind}")
        networks[kind] = Network(model, card["sha256"], float(card["threshold"]))
    return networks


def _alike(one: torch.nn.Module, other: torch.nn.Module) -> bool:
    pairs = zip(one.state_dict().values(), other.state_dict().values(), strict=True)
    return all(torch.equal(a, b) for a, b in pairs)
