"""The tables of the README: models with what was measured, and commands.

Models are read from the cards, commands from the systems; home page and command line show the same.
``python -m hybridcore models --markdown`` and ``commands`` print them as the README holds them; a
test compares.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from hybridcore.cards import Card, all_cards
from hybridcore.command import metavar
from hybridcore.system import System
from hybridcore.systems import systems
from hybridcore.text import quantity, spread


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
    unit = metric.get("unit") or ""
    between = spread(metric.get("interval"), unit)
    where = f"{metric['split']}, {metric['count']:,}"
    inside = f"{between}; {where}" if between else where
    return f"{metric['name']} {quantity(metric['value'], unit)} ({inside})"


def markdown(rows: Sequence[dict[str, str]]) -> str:
    """A Markdown table of ``rows``, which are alike in keys."""
    names = list(rows[0])
    lines = [names, ["---"] * len(names), *([row[n] for n in names] for row in rows)]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def usage(system: System) -> str:
    """The command of a system with everything that it takes, on one line."""
    parts = [f"python -m hybridcore {system.key} FILE..."]
    if len(system.kinds) > 1:
        parts.append(f"[--model {'|'.join(kind.key for kind in system.kinds)}]")
    parts += [f"[{option.flag} {metavar(option)}]" for option in system.options]
    parts += ["[--head HEAD]"] if system.teaching is not None else []
    parts.append(f"[--as {','.join(export.key for export in system.exports)}]")
    return " ".join(parts)


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``models`` and ``commands`` to the command line."""
    models = commands.add_parser("models", help="the models that ship, with measured numbers")
    models.add_argument("--markdown", action="store_true", help="as the README holds it")
    models.set_defaults(run=show_models)
    lab = commands.add_parser("lab", help="what the networks of the lab reached and cost")
    lab.set_defaults(run=show_lab)
    usages = commands.add_parser("commands", help="every command with its options, a line each")
    usages.set_defaults(run=show_commands)


def show_models(args: argparse.Namespace) -> int:
    """Print the table of models."""
    rows = model_rows(all_cards())
    if args.markdown:
        print(markdown(rows))
        return 0
    for row in rows:
        print(f"{row['Model']}  ({row['Parameters']} parameters)\n    {row['Measured']}")
    return 0


def show_lab(args: argparse.Namespace) -> int:
    """Print what was measured in the lab, as the README holds it."""
    from hybridcore.lab import answers
    from hybridcore.lab.measured import measured

    found = measured()
    print(f"{markdown(answers.rows(found))}\n\n{answers.answer(found)}\n\n{answers.how(found)}")
    return 0


def show_commands(args: argparse.Namespace) -> int:
    """Print the commands."""
    for system in systems().values():
        print(usage(system))
    print("python -m hybridcore models")
    return 0
