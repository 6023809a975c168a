"""Compounds: words that name one thing together, and are one word to the sentence model."""

from __future__ import annotations

from collections.abc import Sequence

from hybridcore.text import listed

COMPOUNDS = {
    tuple(pair.split("-")): pair for pair in listed(
    "traffic-light traffic-lights fire-hydrant fire-hydrants stop-sign stop-signs "
    "parking-meter parking-meters baseball-bat tennis-racket tennis-ball wine-glass "
    "wine-glasses teddy-bear teddy-bears parking-lot living-room ice-cream fire-truck "
    "stuffed-animal stuffed-animals street-sign street-signs train-station bus-stop "
    "bathroom-sink polar-bear polar-bears soccer-ball swimming-pool hair-dryer "
    "baseball-glove golf-course construction-site grocery-store")
} | {
    ("hot", "dog"): "hotdog", ("hot", "dogs"): "hotdogs", ("cell", "phone"): "phone",
    ("cell", "phones"): "phones", ("tennis", "racquet"): "tennis-racket",
    ("dining", "table"): "table", ("potted", "plant"): "plant", ("potted", "plants"): "plants",
    ("tee", "shirt"): "t-shirt", ("video", "games"): "video-game",
    ("video", "game"): "video-game",
}


def merge(words: Sequence[str]) -> tuple[str, ...]:
    """Words with compounds joined: fire hydrant -> fire-hydrant."""
    merged: list[str] = []
    for word in words:
        if merged and (joined := COMPOUNDS.get((merged[-1], word))):
            merged[-1] = joined
        else:
            merged.append(word)
    return tuple(merged)
