"""The captioning networks by name, and with the weights that ship."""

from __future__ import annotations

from hybridcore.caption.attend import ShowAttendTell
from hybridcore.caption.model import CaptionConfig, CaptionModel, Kind
from hybridcore.caption.tell import ShowTell
from hybridcore.caption.vocabulary import Vocabulary
from hybridcore.cards import load_card
from hybridcore.weights import load_into

NETWORKS: dict[Kind, type[CaptionModel]] = {"attend": ShowAttendTell, "tell": ShowTell}


def build(kind: Kind, config: CaptionConfig) -> CaptionModel:
    """An untrained network."""
    return NETWORKS[kind](config=config)


def load_model(kind: Kind) -> CaptionModel:
    """A captioner with its weights, in eval mode on the CPU.

    Raises:
        WeightsError: if its weights are missing or are not the ones that its card names.
    """
    model = build(kind, CaptionConfig(**load_card(f"caption_{kind}")["config"]))
    return load_into(model, f"caption_{kind}")


def load_vocabulary(kind: Kind) -> Vocabulary:
    """The words that a captioner knows, from its card."""
    return Vocabulary(tuple(load_card(f"caption_{kind}")["vocabulary"]))
