"""``python -m hybridcore gait VIDEO|MASKS``: who walks in a video, how, and who that is."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from hybridcore.gait.annotate import annotate
from hybridcore.gait.background import METHODS
from hybridcore.gait.figures import energy_sheet, png
from hybridcore.gait.gallery import GalleryError
from hybridcore.gait.masks import is_mask_source, open_masks
from hybridcore.gait.predict import GaitRecognizer
from hybridcore.gait.result import GaitResult, Walk
from hybridcore.media import Clip
from hybridcore.progress import progress_bar


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``gait`` to the command line."""
    parser = commands.add_parser("gait", help="steps, gait energy image and identity of walkers")
    parser.add_argument("source", type=Path, metavar="VIDEO|MASKS",
                        help="a video, or a folder or zip of silhouette masks")
    parser.add_argument("--json", type=Path, metavar="OUT")
    parser.add_argument("--csv", type=Path, metavar="OUT", help="one row a silhouette")
    parser.add_argument("--gei", type=Path, metavar="OUT.png",
                        help="the gait energy images, one beside the other")
    parser.add_argument("--gallery", type=Path, metavar="FILE", help="compare with these walkers")
    parser.add_argument("--enrol", metavar="NAME", help="add the walker to the gallery")
    parser.add_argument("--walker", type=int, metavar="ID",
                        help="which one to enrol, where there are several")
    parser.add_argument("--video", type=Path, metavar="OUT.mp4",
                        help="the video with walkers marked on it")
    parser.add_argument("--background", choices=METHODS, default="auto")
    parser.add_argument("--device", help="cpu or cuda (default: cuda if there is one)")
    parser.set_defaults(run=gait)


def gait(args: argparse.Namespace) -> None:
    """Run the recogniser and write what was asked for; without an output, print the walks."""
    if args.enrol is not None and args.gallery is None:
        raise GalleryError("To enrol somebody, name the gallery file too: --gallery FILE.")
    masks = is_mask_source(args.source)
    if masks and args.video:
        raise ValueError("--video needs a video, and these are masks.")
    source = open_masks(args.source) if masks else Clip.open(args.source)
    recognizer = GaitRecognizer.load(args.device)
    gallery = None if args.gallery is None else recognizer.open_gallery(args.gallery)
    with progress_bar("following") as progress:
        result = recognizer.run(source, gallery, progress, method=args.background)
    if args.enrol is not None and gallery is not None:
        walk = chosen(result, args.walker)
        walk.enrol(gallery, args.enrol)
        print(f"{walk.name} is now in {args.gallery.name} as {args.enrol}.", file=sys.stderr)
    if args.json:
        args.json.write_text(result.to_json_text())
    if args.csv:
        args.csv.write_text(result.to_csv())
    if args.gei:
        args.gei.write_bytes(png(energy_sheet(result)))
    if args.video and isinstance(source, Clip):
        with progress_bar("writing") as progress:
            annotate(source, result, args.video, progress)
    for note in result.notes:
        print(note, file=sys.stderr)
    if not (args.json or args.csv or args.gei or args.video or args.enrol):
        print_walks(result)


def chosen(result: GaitResult, number: int | None) -> Walk:
    """The walk to enrol: the one asked for, or the only one that can be.

    Raises:
        GalleryError: there is none, or several and none was named.
    """
    able = [walk for walk in result.walks if walk.identity is not None]
    if number is not None:
        able = [walk for walk in able if walk.id == number]
    if not able:
        raise GalleryError("There is no walk here that is long and whole enough to enrol.")
    if len(able) > 1:
        ids = ", ".join(str(walk.id) for walk in able)
        raise GalleryError(f"Several people walk here; choose one of {ids} with --walker.")
    return able[0]


def print_walks(result: GaitResult) -> None:
    """The walks as a table on standard output."""
    print(f"{'id':>3}  {'start':>7}  {'end':>7}  {'cycles':>6}  {'steps/min':>9}  {'view':>5}  "
          f"{'who':<24}  notes")
    for walk in result.walks:
        cadence = walk.rhythm.cadence
        who = "-"
        if walk.matches:
            best = walk.matches[0]
            who = f"{best.name} ({best.distance:.2f})" if best.accepted else \
                f"nobody known ({best.distance:.2f})"
        print(f"{walk.id:3}  {walk.times[0]:7.2f}  {walk.times[-1]:7.2f}  "
              f"{len(walk.rhythm.cycles):6}  {'-' if cadence is None else f'{cadence:.1f}':>9}  "
              f"{'-' if walk.view is None else walk.view:>5}  {who:<24}  {'; '.join(walk.notes)}")
