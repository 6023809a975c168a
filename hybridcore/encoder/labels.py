"""Names of the encoder's classes."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from hybridcore.cards import load_card
from hybridcore.encoder.encoder import WEIGHTS_NAME


@cache
def object_names() -> tuple[str, ...]:
    """The 1,000 ImageNet classes in the usual order, by the names that torchvision has for them.

    They are read from a text file: to import torchvision takes longer than to load the networks.
    """
    return tuple(Path(__file__).with_name("object_names.txt").read_text("utf-8").splitlines())


@cache
def scene_names() -> tuple[str, ...]:
    """The 100 MiniPlaces scenes, in the order of ``scene_logits``."""
    return tuple(load_card(WEIGHTS_NAME)["classes"])
