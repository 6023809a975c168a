"""The gait networks with the weights that ship."""

from __future__ import annotations

from hybridcore.cards import load_card
from hybridcore.gait.model import GaitConfig, GaitNet, Kind
from hybridcore.weights import load_into


def load_model(name: Kind = "lstm") -> GaitNet:
    """A network with its weights, in eval mode on the CPU.

    Raises:
        WeightsError: if its weights are missing or are not the ones that its card names.
    """
    config = load_card(f"gait_{name}")["config"]
    config = GaitConfig(**{**config, "channels": tuple(config["channels"])})
    return load_into(GaitNet(config=config), f"gait_{name}")
