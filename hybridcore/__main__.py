"""The command line: ``python -m hybridcore COMMAND ...``; each system adds its commands here."""

from __future__ import annotations

import argparse
import sys

from hybridcore import model_table
from hybridcore.caption import cli as caption_cli
from hybridcore.errors import HybridCoreError
from hybridcore.gait import cli as gait_cli
from hybridcore.scene import cli as scene_cli
from hybridcore.sound import cli as sound_cli


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit code (0, or 1 after one sentence on what is wrong)."""
    parser = argparse.ArgumentParser(
        prog="python -m hybridcore", description="Hybrid CNN + RNN models that show what they see."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    scene_cli.add_commands(commands)
    caption_cli.add_commands(commands, scene_cli.find_spans)
    gait_cli.add_commands(commands)
    sound_cli.add_commands(commands)
    model_table.add_commands(commands)
    args = parser.parse_args(arguments)
    try:
        args.run(args)
    except (HybridCoreError, OSError, ValueError) as error:
        print(f"{args.command}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
