"""The least probability at which an onset counts."""

from __future__ import annotations

from hybridcore.cards import load_card


def card_threshold(kind: str) -> float:
    """The probability, 0..1, at which the model of a kind does best, as its card says.

    Raises:
        WeightsError: it has no card.
    """
    return float(load_card(f"sound_{kind}")["threshold"])
