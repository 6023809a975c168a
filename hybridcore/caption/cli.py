"""``python -m hybridcore caption FILE...``: a sentence for every picture, and for every segment of
a video."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from hybridcore.caption.decode import Options
from hybridcore.caption.grid import SIDE
from hybridcore.caption.model import KINDS, Kind
from hybridcore.caption.predict import Captioner
from hybridcore.caption.result import to_json_text
from hybridcore.caption.video import CaptionedSegment, Span, captioned, middle_frames, webvtt
from hybridcore.errors import MediaError
from hybridcore.media import Clip, kind_of
from hybridcore.media.picture import read_picture

BATCH = 16
MOST_BEAMS = 50
FindSpans = Callable[[Clip, str | None], list[Span]]  # of a clip, on a device
Picture = np.ndarray | MediaError  # or what is wrong with it


def add_commands(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], find_spans: FindSpans
) -> None:
    """Add ``caption`` to the command line; ``find_spans`` cuts videos into segments."""
    parser = commands.add_parser("caption", help="say what pictures and videos show")
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE|FOLDER",
                        help="pictures and videos, or folders of them")
    parser.add_argument("--model", choices=KINDS, default="attend")
    parser.add_argument("--beam", type=int, default=5, help="sentences followed at a time")
    parser.add_argument("--json", type=Path, metavar="OUT", help="every sentence, word by word")
    parser.add_argument("--vtt", type=Path, metavar="OUT", help="subtitles of a video")
    parser.add_argument("--device", help="cpu or cuda (default: cuda if there is one)")
    parser.set_defaults(run=caption, find_spans=find_spans)


def caption(args: argparse.Namespace) -> None:
    """Caption every file; a bad one is named and the rest go on.

    Raises:
        MediaError: if there is no file at all, or none could be read.
        ValueError: if an option makes no sense.
    """
    if not 1 <= args.beam <= MOST_BEAMS:
        raise ValueError(f"--beam takes 1 to {MOST_BEAMS} sentences.")
    paths = find_files(args.files)
    videos = [path for path in paths if is_video(path)]
    if args.vtt and len(videos) != 1:
        raise ValueError("--vtt writes the subtitles of one video; name exactly one.")
    captioner = Captioner.load(args.device, kinds=(args.model,))
    options = Options(beam=args.beam)
    pictures = [path for path in paths if not is_video(path)]
    told: dict[str, list[dict[str, Any]]] = {
        "images": list(caption_pictures(captioner, pictures, args.model, options))
    }
    if videos:
        told["videos"] = [caption_video(captioner, path, options, args) for path in videos]
    if args.json:
        args.json.write_text(to_json_text(args.model, told))
    elif not args.vtt:
        print_captions(told)
    if all("error" in entry for entries in told.values() for entry in entries):
        raise MediaError("None of the files could be read.")


def caption_pictures(
    captioner: Captioner, paths: Sequence[Path], kind: Kind, options: Options
) -> Iterator[dict[str, Any]]:
    """What ``--json`` writes of each picture. Decoding runs beside the networks."""
    with (
        tqdm(total=len(paths), unit="picture", disable=not sys.stderr.isatty()) as bar,
        ThreadPoolExecutor(1) as beside,
    ):
        groups = [paths[at : at + BATCH] for at in range(0, len(paths), BATCH)]
        coming = beside.submit(_read, groups[0]) if groups else None
        for number, group in enumerate(groups):
            assert coming is not None
            found = coming.result()
            if number + 1 < len(groups):
                coming = beside.submit(_read, groups[number + 1])
            good = [picture for picture in found if isinstance(picture, np.ndarray)]
            results = iter(captioner.run(good, kind, options) if good else [])
            for path, picture in zip(group, found, strict=True):
                if isinstance(picture, MediaError):
                    yield _bad(path, picture, "captions")
                else:
                    yield {"file": str(path), **next(results).to_json()}
            bar.update(len(group))


def caption_video(
    captioner: Captioner, path: Path, options: Options, args: argparse.Namespace
) -> dict[str, Any]:
    """What ``--json`` writes of a video; its subtitles are written if asked for."""
    try:
        clip = Clip.open(path)
        spans = args.find_spans(clip, args.device)
        frames = middle_frames(clip, spans)
    except MediaError as error:
        return _bad(path, error, "segments")
    segments: Sequence[CaptionedSegment] = captioned(
        spans, captioner.run(frames, args.model, options)
    )
    if args.vtt:
        args.vtt.write_text(webvtt(segments))
    return {"file": str(path), "segments": [segment.to_json() for segment in segments]}


def print_captions(told: dict[str, list[dict[str, Any]]]) -> None:
    """The best sentence of everything, one a line."""
    for image in told["images"]:
        if image["captions"]:
            print(f"{image['file']}: {image['captions'][0]['text']}")
    for video in told.get("videos", []):
        for part in video["segments"]:
            print(f"{video['file']} {part['start']:.2f}-{part['end']:.2f} s: "
                  f"{part['captions'][0]['text']}")


def find_files(given: Sequence[Path]) -> list[Path]:
    """The files named, and the pictures and videos in the folders named, in order of their names.

    Raises:
        MediaError: if a folder holds neither.
    """
    found: list[Path] = []
    for path in given:
        if not path.is_dir():
            found.append(path)
            continue
        inside = sorted(
            p for p in path.rglob("*") if p.is_file() and kind_of(p) in ("picture", "video"))
        if not inside:
            raise MediaError(f"The folder {path} holds no picture and no video.")
        found += inside
    return found


def is_video(path: Path) -> bool:
    """Whether a file is a video, by its name, or by its content where that may be either."""
    return kind_of(path) == "video"


def _read(paths: Sequence[Path]) -> list[Picture]:
    found: list[Picture] = []
    for path in paths:
        try:
            found.append(read_picture(path, max_side=2 * SIDE))
        except MediaError as error:
            found.append(error)
    return found


def _bad(path: Path, error: MediaError, empty: str) -> dict[str, Any]:
    """A file that could not be read, named on standard error too."""
    print(f"{path}: {error}", file=sys.stderr)
    return {"file": str(path), empty: [], "error": str(error)}
