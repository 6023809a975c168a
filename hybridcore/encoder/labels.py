"""Names of the encoder's classes."""

from __future__ import annotations

from functools import cache

from torchvision.models import EfficientNet_B0_Weights

from hybridcore.cards import load_card
from hybridcore.encoder.encoder import WEIGHTS_NAME


@cache
def object_names() -> tuple[str, ...]:
    """The 1,000 ImageNet classes in the usual order, as torchvision carries them."""
    return tuple(EfficientNet_B0_Weights.IMAGENET1K_V1.meta["categories"])


@cache
def scene_names() -> tuple[str, ...]:
    """The 100 MiniPlaces scenes, in the order of ``scene_logits``."""
    return tuple(load_card(WEIGHTS_NAME)["classes"])
