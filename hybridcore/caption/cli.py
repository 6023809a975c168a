"""``python -m hybridcore caption FILE...``: a sentence for every picture."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from hybridcore.caption.data import SIDE
from hybridcore.caption.decode import Options
from hybridcore.caption.model import KINDS
from hybridcore.caption.predict import Captioner
from hybridcore.errors import MediaError
from hybridcore.media.picture import ENDINGS, read_picture

BATCH = 16


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``caption`` to the command line."""
    parser = commands.add_parser("caption", help="say what pictures show")
    parser.add_argument("pictures", type=Path, nargs="+", metavar="FILE|FOLDER",
                        help="pictures, or folders of them")
    parser.add_argument("--model", choices=KINDS, default="attend")
    parser.add_argument("--beam", type=int, default=5, help="sentences followed at a time")
    parser.add_argument("--json", type=Path, metavar="OUT", help="every sentence, word by word")
    parser.add_argument("--device", help="cpu or cuda (default: cuda if there is one)")
    parser.set_defaults(run=caption)


def caption(args: argparse.Namespace) -> None:
    """Caption every picture; a bad one is named and the rest go on.

    Raises:
        MediaError: if there is no picture at all, or none could be read.
    """
    if not 1 <= args.beam <= 50:
        raise ValueError("--beam takes 1 to 50 sentences.")
    paths = find_pictures(args.pictures)
    captioner = Captioner.load(args.device, kinds=(args.model,))
    images: list[dict[str, Any]] = []
    with tqdm(total=len(paths), unit="picture", disable=not sys.stderr.isatty()) as bar:
        for batch in _batches(paths):
            good = [(path, found) for path, found in batch if isinstance(found, np.ndarray)]
            results = iter(captioner.run(
                [picture for _, picture in good], args.model, Options(beam=args.beam)
            ) if good else [])
            for path, found in batch:
                if isinstance(found, MediaError):
                    print(f"{path}: {found}", file=sys.stderr)
                    images.append({"file": str(path), "captions": [], "error": str(found)})
                    continue
                result = next(results)
                images.append({"file": str(path), **result.to_json()})
                if not args.json:
                    print(f"{path}: {result.best.text}")
            bar.update(len(batch))
    if args.json:
        args.json.write_text(
            json.dumps({"model": args.model, "images": images}, indent=1) + "\n"
        )
    if all("error" in image for image in images):
        raise MediaError("None of the pictures could be read.")


def find_pictures(given: Sequence[Path]) -> list[Path]:
    """The files named, and the pictures in the folders named, in order of their names.

    Raises:
        MediaError: if a folder holds no picture.
    """
    found: list[Path] = []
    for path in given:
        if not path.is_dir():
            found.append(path)
            continue
        inside = sorted(p for p in path.rglob("*") if p.suffix.lower().lstrip(".") in ENDINGS)
        if not inside:
            raise MediaError(f"The folder {path} holds no picture.")
        found += inside
    return found


def _batches(paths: Sequence[Path]) -> Iterator[list[tuple[Path, np.ndarray | MediaError]]]:
    """Pictures, or what is wrong with them, a batch at a time."""
    for at in range(0, len(paths), BATCH):
        batch: list[tuple[Path, np.ndarray | MediaError]] = []
        for path in paths[at : at + BATCH]:
            try:
                batch.append((path, read_picture(path, max_side=2 * SIDE)))
            except MediaError as error:
                batch.append((path, error))
        yield batch
