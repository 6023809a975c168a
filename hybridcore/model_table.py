"""The table of models, read from the cards; the home page, the README and the command line show
the same one.

``python -m hybridcore models --markdown`` prints it as the README holds it; a test compares them.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from hybridcore.weights import all_cards

Card = dict[str, Any]


def model_rows(cards: Sequence[Card]) -> list[dict[str, str]]:
    """One row a card: model, parameters, and the metrics that the card marks as ``headline``."""
    return [
        {
            "Model": str(card.get("title", card["name"])),
            "Parameters": f"{card['parameters']:,}" if card.get("parameters") else "",
            "Measured": "; ".join(
                metric_text(m) for m in card.get("metrics", []) if m.get("headline")
            ),
        }
        for card in cards
    ]


def metric_text(metric: dict[str, Any]) -> str:
    """``top-1 57.3 % (56.4 to 58.3; MiniPlaces val, 10,000)``."""
    unit = f" {metric['unit']}" if metric.get("unit") else ""
    interval = metric.get("interval")
    spread = f"{interval[0]:g} to {interval[1]:g}; " if interval else ""
    where = f"{metric['split']}, {metric['count']:,}"
    return f"{metric['name']} {metric['value']:g}{unit} ({spread}{where})"


def markdown(rows: Sequence[dict[str, str]]) -> str:
    """A Markdown table of ``rows``, which are alike in keys."""
    names = list(rows[0])
    lines = [names, ["---"] * len(names), *([row[n] for n in names] for row in rows)]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``models`` to the command line."""
    parser = commands.add_parser("models", help="the models that ship, with measured numbers")
    parser.add_argument("--markdown", action="store_true", help="as the README holds it")
    parser.set_defaults(run=show)


def show(args: argparse.Namespace) -> None:
    """Print the table."""
    rows = model_rows(all_cards())
    if args.markdown:
        print(markdown(rows))
        return
    for row in rows:
        print(f"{row['Model']}  ({row['Parameters']} parameters)\n    {row['Measured']}")
