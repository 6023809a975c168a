"""From which probability on an onset counts and a material is said, and how late onsets come."""

from __future__ import annotations

from hybridcore.cards import load_card


def card_threshold(kind: str) -> float:
    """The probability, 0..1, at which the model of a kind does best, as its card says.

    Raises:
        WeightsError: it has no card.
    """
    return float(load_card(f"sound_{kind}")["threshold"])


def card_sureness(kind: str) -> float:
    """The probability, 0..1, from which on the model of a kind names a material, as its card says.

    Raises:
        WeightsError: it has no card.
    """
    return float(load_card(f"sound_{kind}")["sure"])


def card_lateness(kind: str) -> float:
    """How much later than the labels the onsets of the model of a kind come, s, as its card says;
    they are moved earlier by as much.

    Raises:
        WeightsError: it has no card.
    """
    return float(load_card(f"sound_{kind}")["lateness"])
