"""Model cards: what a model is, what it learned from, how well it does, the hash of its weights.

``assets/weights/NAME.json`` lies beside ``NAME.safetensors`` (:mod:`hybridcore.weights`). Reading
cards loads no network.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from hybridcore.errors import WeightsError

_HERE = Path(__file__).resolve().parent
# In a wheel the assets lie inside the package, in a clone beside it.
ASSETS = _HERE / "assets" if (_HERE / "assets").is_dir() else _HERE.parent / "assets"
WEIGHTS = ASSETS / "weights"

Card = dict[str, Any]


@cache
def load_card(name: str, folder: Path = WEIGHTS) -> Card:
    """The model card of ``name``.

    Raises:
        WeightsError: if there is none, or it is not JSON.
    """
    try:
        return json.loads((folder / f"{name}.json").read_text())
    except (OSError, ValueError) as error:
        raise WeightsError(f"The model card {name}.json is missing or damaged.") from error


def all_cards(folder: Path = WEIGHTS) -> list[Card]:
    """Every card in the folder, by name."""
    return [load_card(path.stem, folder) for path in sorted(folder.glob("*.json"))]


def write_card(card: Card, folder: Path = WEIGHTS) -> None:
    """Write a card beside its weights."""
    (folder / f"{card['name']}.json").write_text(json.dumps(card, indent=2) + "\n")
    load_card.cache_clear()


def replace_metrics(
    name: str, split: str, rows: Sequence[dict[str, Any]], folder: Path = WEIGHTS, **more: Any
) -> None:
    """Put ``rows`` in the place of those metrics of a card that are of this ``split``.

    Args:
        more: what else of the card is new.

    Raises:
        WeightsError: there is no such card.
    """
    card = load_card(name, folder)
    kept = [row for row in card["metrics"] if row["split"] != split]
    write_card({**card, "metrics": [*kept, *rows], **more}, folder)
