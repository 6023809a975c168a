"""``python -m hybridcore sound VIDEO``: the sound of a silent video."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from hybridcore.media import Clip, write_sound
from hybridcore.media.mux import mux
from hybridcore.progress import progress_bar
from hybridcore.sound.bank import Bank, shipped_bank
from hybridcore.sound.cochleagram import RATE
from hybridcore.sound.own_bank import read_own_bank
from hybridcore.sound.predict import SoundMaker
from hybridcore.sound.result import METHODS, SoundResult


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``sound`` to the command line."""
    parser = commands.add_parser("sound", help="make the sound of a silent video")
    parser.add_argument("video", type=Path)
    parser.add_argument("-o", "--out", type=Path, metavar="OUT.mp4", help="the video with sound")
    parser.add_argument("--wav", type=Path, metavar="OUT", help="the sound alone")
    parser.add_argument("--json", type=Path, metavar="OUT", help="what is struck when")
    parser.add_argument("--bank", type=Path, metavar="FOLDER|ZIP",
                        help="your own sounds (default: synthetic ones)")
    parser.add_argument("--method", choices=METHODS, default="exemplar")
    parser.add_argument("--threshold", type=_probability, metavar="X",
                        help="least probability of an onset, 0 to 1 (default: the model's own)")
    parser.add_argument("--seed", type=int, default=0, help="of the noise of the parametric method")
    parser.add_argument("--device", help="cpu or cuda (default: cuda if there is one)")
    parser.set_defaults(run=sound)


def sound(args: argparse.Namespace) -> None:
    """Make the sound and write what was asked for; without an output, print the onsets."""
    clip = Clip.open(args.video)
    bank = _bank(args.bank)
    maker = SoundMaker.load(args.device)
    with progress_bar("watching") as progress:
        result = maker.run(clip, progress, method=args.method, bank=bank,
                           threshold=args.threshold, seed=args.seed)
    if args.out:
        mux(clip, result.sound, RATE, args.out)
    if args.wav:
        write_sound(args.wav, result.sound, RATE)
    if args.json:
        args.json.write_text(result.to_json_text())
    if not (args.out or args.wav or args.json):
        print_onsets(result)


def print_onsets(result: SoundResult) -> None:
    """The onsets as a table on standard output."""
    print(f"{'time':>8}  {'dB':>6}  {'sure':>5}  {'action':<8} {'material':<10} sound")
    for onset in result.onsets:
        print(f"{onset.time:8.3f}  {onset.strength:6.1f}  {onset.confidence:5.0%}  "
              f"{onset.action:<8} {onset.material:<10} {onset.exemplar}")


def _bank(path: Path | None) -> Bank:
    if path is None:
        return shipped_bank()
    own = read_own_bank(path)
    for problem in own.problems:
        print(problem, file=sys.stderr)
    return own.bank


def _probability(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and 1")
    return value
