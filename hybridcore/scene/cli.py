"""``python -m hybridcore label VIDEO``: scenes, cuts and segments of a video."""

from __future__ import annotations

import argparse
from pathlib import Path

from hybridcore.media import Clip
from hybridcore.progress import progress_bar
from hybridcore.scene.annotate import annotate
from hybridcore.scene.model import KINDS, Kind
from hybridcore.scene.predict import SceneLabeler
from hybridcore.scene.result import SceneResult


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``label`` to the command line."""
    parser = commands.add_parser("label", help="label the scene at every frame of a video")
    parser.add_argument("video", type=Path)
    parser.add_argument("--model", choices=KINDS, default="lstm")
    parser.add_argument("--json", type=Path, metavar="OUT")
    parser.add_argument("--csv", type=Path, metavar="OUT", help="one row a frame")
    parser.add_argument("--video", dest="annotated", type=Path, metavar="OUT.mp4",
                        help="the video with labels and attention drawn on it")
    parser.add_argument("--device", help="cpu or cuda (default: cuda if there is one)")
    parser.set_defaults(run=label)


def label(args: argparse.Namespace) -> None:
    """Run the labeller and write what was asked for; without an output, print the segments."""
    clip = Clip.open(args.video)
    labeler = SceneLabeler.load(args.device, kinds=(args.model,))
    with progress_bar("labelling") as progress:
        result = labeler.run(clip, progress)
    if args.json:
        args.json.write_text(result.to_json_text(args.model))
    if args.csv:
        args.csv.write_text(result.to_csv(args.model))
    if args.annotated:
        with progress_bar("writing") as progress:
            annotate(clip, result, args.model, args.annotated, progress)
    if not (args.json or args.csv or args.annotated):
        print_segments(result, args.model)


def print_segments(result: SceneResult, kind: Kind) -> None:
    """The segments as a table on standard output."""
    print(f"{'start':>8}  {'end':>8}  {'sure':>5}  {'scene':<24}  seen")
    for segment in result.segments(kind):
        seen = result.describe(segment)
        print(f"{segment.start:8.2f}  {segment.end:8.2f}  {segment.probability:5.0%}  "
              f"{result.scene_names[segment.label]:<24}  {seen}")


def find_spans(clip: Clip, device: str | None) -> list[tuple[float, float]]:
    """Start and end, seconds, of the segments that the LSTM finds in a clip."""
    labeler = SceneLabeler.load(device, kinds=("lstm",))
    with progress_bar("finding segments") as progress:
        return [(s.start, s.end) for s in labeler.run(clip, progress).segments("lstm")]
