"""What it costs: ``python -m benchmarks [--long]`` prints the time that every system takes, and
ratios against plain references.

Ratios are of medians over several runs in one process, so they hold on another machine better
than the times beside them do.
"""

from __future__ import annotations

import argparse

from benchmarks import caption, emotion, gait, nowcast, people, scene, sound, systems


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--long", action="store_true", help="also a 10-minute clip (6 minutes)")
    args = parser.parse_args()
    systems.report()
    scene.report(long=args.long)
    caption.report()
    gait.report()
    sound.report()
    people.report()
    emotion.report()
    nowcast.report()


if __name__ == "__main__":
    main()
