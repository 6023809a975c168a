"""The command line: ``python -m hybridcore COMMAND ...``, a command for every system."""

from __future__ import annotations

import argparse
import sys

from hybridcore import command, tables
from hybridcore.errors import HybridCoreError
from hybridcore.systems import systems


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit code (0, or 1 after one sentence on what is wrong)."""
    parser = argparse.ArgumentParser(
        prog="python -m hybridcore", description="Hybrid CNN + RNN models that show what they see."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    try:
        for system in systems().values():
            command.add_command(commands, system)
    except HybridCoreError as error:  # a file of somebody's own is wrong
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 1
    tables.add_commands(commands)
    args = parser.parse_args(arguments)
    try:
        return int(args.run(args))
    except (HybridCoreError, OSError) as error:
        print(f"{args.command}: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
